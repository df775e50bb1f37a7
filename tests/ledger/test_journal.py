"""The journal: what was written is there, in order, whatever happened to the file's end."""

import pytest

from governance.crypto.envelope import EnvelopeError
from governance.ledger.commits import open_record, seal_record
from governance.ledger.errors import OutsideError
from governance.ledger.journal import Frame, Torn
from governance.ledger.outside import Outside
from tests.crypto.fixed import RING


def seal(sequence, record):
    return seal_record(RING, sequence, record)


@pytest.fixture
def outside(tmp_path):
    return Outside(tmp_path / "o")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "o" / "journal"


def opened(outside):
    return [
        part if isinstance(part, Torn) else open_record(RING, part.sequence, part.body) for part in outside.journal()
    ]


def test_records_come_back_in_order(outside):
    outside.write_journal([b"one", b"two"], seal)
    outside.write_journal([b"three"], seal)
    assert opened(outside) == [b"one", b"two", b"three"]
    assert outside.last_journalled() == 3


def test_an_empty_journal_has_no_records(outside):
    assert opened(outside) == []
    assert outside.last_journalled() == 0


def test_no_word_of_a_record_can_be_read(outside, file):
    outside.write_journal([b"marker-of-ana"], seal)
    assert b"marker" not in file.read_bytes()


def test_wherever_the_last_record_is_cut_the_others_are_there_and_the_next_is_too(outside, file):
    outside.write_journal([b"one", b"two"], seal)
    before = len(file.read_bytes())
    outside.write_journal([b"three"], seal)
    whole = file.read_bytes()
    for cut in range(before + 1, len(whole)):
        file.write_bytes(whole[:cut])
        assert opened(outside) == [b"one", b"two", Torn(before, cut, last=True)]
        outside.write_journal([b"again"], seal)
        assert opened(outside) == [b"one", b"two", Torn(before, cut, last=False), b"again"]
        assert outside.last_journalled() == 3


def test_a_record_moved_to_another_place_does_not_open(outside):
    outside.write_journal([b"one", b"two"], seal)
    first, second = outside.journal()
    assert isinstance(first, Frame)
    with pytest.raises(EnvelopeError):
        open_record(RING, second.sequence, first.body)


def test_a_place_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "o").write_text("a file where the folder should be")
    with pytest.raises(OutsideError, match="nothing can be written"):
        Outside(tmp_path / "o").write_journal([b"one"], seal)
