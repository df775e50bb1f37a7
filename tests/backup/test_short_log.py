"""However short the log of checkpoints was made, a restore notices that its journal was cut."""

import pytest

from governance.backup.errors import JournalMissingError
from governance.ledger import checkpoints
from governance.ledger.checkpoints import superfluous
from tests.backup.test_restore import cut


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(checkpoints, "_ALL_OF_THE_NEWEST", 1)
    monkeypatch.setattr(checkpoints, "_ONE_OF", 10_000)
    monkeypatch.setattr(checkpoints, "_THINNED_EVERY", 1)


@pytest.fixture
def cut_in_the_second_epoch(lived_in, empty, request):
    """A backup of the first epoch; something was said in the second one, and cut out of the journal."""
    file = lived_in.backup()
    lived_in.restore(file, to=empty)
    for name in ("ana", "bea"):
        with lived_in.forum() as forum:
            forum.hides(name)
    cut(lived_in)
    if empty is None:
        yield file, None
        return
    with request.getfixturevalue("postgres").lend(tables=False) as other:
        yield file, other
        lived_in.close()


def test_a_cut_journal_is_noticed(lived_in, cut_in_the_second_epoch):
    file, other = cut_in_the_second_epoch
    assert len(list(lived_in.outside.checkpoints())) < 8
    with pytest.raises(JournalMissingError):
        lived_in.restore(file, to=other)


def without_the_first_of_an_epoch(notes, signer):
    notes = list(notes)
    firsts = {signer.place_said(note)[0]: number for number, note in reversed(list(enumerate(notes)))}
    return {number for number in firsts.values() if number not in (0, len(notes) - 1)} | superfluous(notes, signer)


@pytest.fixture
def careless(monkeypatch):
    monkeypatch.setattr(checkpoints, "superfluous", without_the_first_of_an_epoch)


@pytest.mark.usefixtures("careless")
def test_without_the_first_of_an_epoch_it_still_is(lived_in, cut_in_the_second_epoch):
    """A thinning that looks at sizes alone: the last one says enough, the journal's marks lead to it."""
    file, other = cut_in_the_second_epoch
    with pytest.raises(JournalMissingError):
        lived_in.restore(file, to=other)
