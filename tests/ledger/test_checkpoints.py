"""Signed notes as others write them, and checkpoints that only this service's key makes."""

from base64 import b64decode, b64encode

import pytest

from governance.crypto.keys import Keyring
from governance.ledger.checkpoints import Checkpoint, Signer, advance
from governance.ledger.errors import OutsideError
from governance.ledger.notes import Verifier, open_note
from governance.ledger.outside import Outside
from tests.crypto.fixed import RING, with_root

# Source: the example of golang.org/x/mod/sumdb/note; the name and key are that package's.
THEIR_KEY = b64decode("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")[1:]
THEIRS = (
    "This is an example message.\n\n\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
SIGNER = Signer(RING)
CHECKPOINT = Checkpoint(1, 17, bytes(range(32)))


def test_a_note_that_another_program_signed_opens():
    verifier = Verifier("example.com/foo", THEIR_KEY)
    assert str(verifier) == "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    assert open_note(THEIRS, verifier) == "This is an example message.\n"


def test_a_checkpoint_reads_back():
    note = SIGNER.sign(CHECKPOINT)
    origin, size, root, blank, signature, end = note.split("\n")
    assert (size, b64decode(root), blank, end) == ("17", CHECKPOINT.root, "", "")
    assert signature.startswith(f"\u2014 {origin} ")
    assert SIGNER.open(note) == CHECKPOINT


def test_the_key_and_the_note_stay_the_same_for_ever():
    assert str(SIGNER.verifier(1)) == FROZEN_VERIFIER
    assert SIGNER.sign(CHECKPOINT) == FROZEN_NOTE


def test_another_key_signs_nothing_for_us():
    other = Signer(Keyring(with_root(bytes(32))))
    with pytest.raises(OutsideError, match="not this ledger's"):
        SIGNER.open(other.sign(CHECKPOINT))


def test_anothers_signature_under_our_name_is_refused():
    other = Signer(Keyring(with_root(bytes(32))))
    ours, theirs = (signer.verifier(1).name for signer in (SIGNER, other))
    with pytest.raises(OutsideError, match="not signed by this service"):
        SIGNER.open(other.sign(CHECKPOINT).replace(theirs, ours))


def test_a_witness_may_add_a_line():
    note = SIGNER.sign(CHECKPOINT) + f"\u2014 witness.example {b64encode(bytes(76)).decode()}\n"
    assert SIGNER.open(note) == CHECKPOINT


def test_no_changed_character_opens():
    note = SIGNER.sign(CHECKPOINT)
    opened = []
    for at, letter in enumerate(note):
        changed = note[:at] + ("A" if letter != "A" else "B") + note[at + 1 :]
        try:
            opened.append((at, SIGNER.open(changed)))
        except OutsideError:
            continue
    # The last letter of a base64 string holds bits that say nothing.
    assert [at for at, _ in opened] == []


@pytest.mark.parametrize(
    "note", ["", "\n\n", "a\n\n\u2014 b\n", "a\n\n\u2014 b !\n", "a\x00\n\n", "a\n\u2014 b Zm9vYmFy\n"]
)
def test_what_is_no_note_is_refused(note):
    with pytest.raises(OutsideError):
        SIGNER.open(note)


def test_a_checkpoint_moves_forward_alone(tmp_path):
    outside = Outside(tmp_path / "o")
    for size in (3, 5, 4, 5):
        advance(outside, SIGNER, Checkpoint(1, size, bytes([size]) * 32))
    assert SIGNER.open(outside.newest()).size == 5
    assert [SIGNER.open(note).size for note in outside.checkpoints()] == [3, 5]


def test_a_new_epoch_is_later_than_any_size(tmp_path):
    outside = Outside(tmp_path / "o")
    for epoch, size in ((1, 9), (2, 4), (1, 10)):
        advance(outside, SIGNER, Checkpoint(epoch, size, bytes(32)))
    assert SIGNER.open(outside.newest()).place == (2, 4)


def test_two_histories_of_one_size_are_noticed(tmp_path):
    outside = Outside(tmp_path / "o")
    advance(outside, SIGNER, CHECKPOINT)
    with pytest.raises(OutsideError, match="two histories"):
        advance(outside, SIGNER, CHECKPOINT._replace(root=bytes(32)))


def test_a_checkpoint_is_put_over_the_expected_one_alone(tmp_path):
    outside = Outside(tmp_path / "o")
    assert outside.put("a", replaces=None)
    assert not outside.put("b", replaces=None)
    assert not outside.put("b", replaces="c")
    assert outside.put("b", replaces="a")
    assert (outside.newest(), list(outside.checkpoints())) == ("b", ["a", "b"])


def test_a_line_cut_short_is_told_and_the_next_one_is_whole(tmp_path):
    outside = Outside(tmp_path / "o")
    outside.put("a", replaces=None)
    log = tmp_path / "o" / "checkpoints.log"
    log.write_bytes(log.read_bytes() + b'"cut sho')
    assert list(outside.checkpoints()) == ["a", None]
    outside.put("b", replaces="a")
    assert list(outside.checkpoints()) == ["a", None, "b"]


FROZEN_VERIFIER = "governance-ledger/82df02a601dbcab6/1+afce37b5+AaL+H2Nm1ORgIGHRQtvFRy7HjPubGghzo+GVhK/47ePZ"
FROZEN_NOTE = (
    "governance-ledger/82df02a601dbcab6/1\n"
    "17\n"
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    "\n"
    "\u2014 governance-ledger/82df02a601dbcab6/1 "
    "r843tU4EgTZypV5KwleJLyMAeNMLF8ladGHXDAXGELQhLLs1pZI7/rA586+kyRjWh90FIXzwALpqmStPXpCyPJynCws=\n"
)
