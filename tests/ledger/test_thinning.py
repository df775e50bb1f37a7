"""The log of checkpoints stays short, and what verification finds over the whole log it finds over the short one."""

import json
import os

import pytest
from structlog.testing import capture_logs

from governance.crypto.keys import Keyring
from governance.ledger import checkpoints
from governance.ledger.checkpoints import Checkpoint, Signer, superfluous
from governance.ledger.outside import Outside
from tests.crypto.fixed import RING, with_root
from tests.ledger import test_damage
from tests.ledger.test_damage import journalled  # noqa: F401 - a fixture of the tests taken over below

SIGNER = Signer(RING)

# Every kind of damage once more, over a log that has lost what it may lose.
globals().update({f"{name}_over_a_short_log": test for name, test in vars(test_damage).items() if name[:5] == "test_"})


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(checkpoints, "_ALL_OF_THE_NEWEST", 6)
    monkeypatch.setattr(checkpoints, "_ONE_OF", 2)
    monkeypatch.setattr(checkpoints, "_THINNED_EVERY", 1)


def sizes(outside):
    return [None if note is None else SIGNER.place_said(note) for note in outside.checkpoints()]


def test_of_the_older_ones_some_are_kept_and_of_the_newest_all(ten):
    assert [size for _, size in sizes(ten.outside)] == [0, 2, 4, 5, 6, 7, 8, 9, 10]
    ten.append(10)
    assert [size for _, size in sizes(ten.outside)] == [0, 2, 4, 6, 8, 10, 12, 14, 15, 16, 17, 18, 19, 20]
    assert ten.found() == set()
    assert ten.start().size == 20


def test_the_ends_of_every_epoch_are_kept(ten):
    ten.declare_restore()
    ten.append(3)
    ten.declare_restore()
    ten.append(20)
    kept = sizes(ten.outside)
    assert {(1, 0), (1, 10), (2, 11), (2, 14), (3, 15), (3, 35)} <= set(kept)
    assert len(kept) < 30
    assert ten.found() == set()


def log_of(places):
    return [SIGNER.sign(Checkpoint(*place, bytes(32))) for place in places]


FIRST_TWENTY = [(1, size) for size in range(20)]


def test_what_may_go_goes_once_and_no_more():
    notes = log_of(FIRST_TWENTY)
    gone = superfluous(notes, SIGNER)
    assert gone == {1, 3, 5, 7, 9, 11}
    assert superfluous([note for number, note in enumerate(notes) if number not in gone], SIGNER) == set()


def forged(notes):
    place = SIGNER.place_said(notes[3])
    other = Signer(Keyring(with_root(bytes(32)))).sign(Checkpoint(*place, bytes(32)))
    notes[3] = other.replace(other.partition("\n")[0], notes[3].partition("\n")[0])


def swapped(notes):
    notes[3], notes[4] = notes[4], notes[3]


def said_twice(notes):
    notes.insert(3, notes[3])


def garbage(notes):
    notes[3] = "garbage"


@pytest.mark.parametrize("spoil", [forged, swapped, said_twice, garbage])
def test_nothing_goes_while_there_is_evidence(spoil):
    notes = log_of(FIRST_TWENTY)
    spoil(notes)
    assert superfluous(notes, SIGNER) == set()


def test_a_line_that_a_stopped_machine_left_stays_and_the_others_go():
    notes = log_of(FIRST_TWENTY)
    notes.insert(3, None)
    assert superfluous(notes, SIGNER) == {1, 4, 6, 8, 10, 12}


def test_thinned_without_looking_a_forged_line_would_be_gone(ten, monkeypatch):
    """The control: a thinning that believes what lines say of themselves."""
    log = ten.folder / "checkpoints.log"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    forged(lines)
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    ten.append(4)
    assert ten.found() == {"checkpoint_log_forged"}
    monkeypatch.setattr(Signer, "open", lambda self, note: Checkpoint(*self.place_said(note), bytes(32)))
    ten.outside.thin(lambda notes: superfluous(notes, SIGNER))
    monkeypatch.undo()
    assert ten.found() == set()


def no_room(*_, **__):
    raise OSError(28, os.strerror(28))


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_a_thinning_that_fails_leaves_the_log_and_the_write_as_they_are(tmp_path, monkeypatch, step):
    outside = Outside(tmp_path / "o")
    for note, before in zip(notes := log_of(FIRST_TWENTY), [None, *notes], strict=False):
        outside.put(note, replaces=before)
    whole = (tmp_path / "o" / "checkpoints.log").read_bytes()
    with monkeypatch.context() as patched, capture_logs() as logs:
        patched.setattr(step, no_room)
        checkpoints._thin(outside, SIGNER)
    assert [entry["event"] for entry in logs] == ["checkpoints_not_thinned"]
    assert (tmp_path / "o" / "checkpoints.log").read_bytes() == whole
    checkpoints._thin(outside, SIGNER)
    assert len(sizes(outside)) == 14


def test_whoever_reads_the_log_meanwhile_reads_all_of_it(tmp_path):
    outside = Outside(tmp_path / "o")
    for note, before in zip(notes := log_of(FIRST_TWENTY), [None, *notes], strict=False):
        outside.put(note, replaces=before)
    reading = outside.checkpoints()
    first = next(reading)
    checkpoints._thin(outside, SIGNER)
    assert [first, *reading] == notes
