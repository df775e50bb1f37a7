"""Entries whose effect the journal need not repeat are in it all the same: a cut of the journal shows by them."""

import pytest

from governance.backup.errors import JournalMissingError
from governance.backup.journal import EntryMade
from governance.ledger import commits
from governance.ledger.service import journal
from tests.backup.test_restore import cut
from tests.backup.test_rows import adds_staff, changes_staff


@pytest.fixture
def staff_came_and_went(lived_in):
    """A backup; since then nothing but entries and rows."""
    file = lived_in.backup()
    for act in (adds_staff, changes_staff):
        with lived_in.forum() as forum:
            act(forum)
    return file


def test_they_do_not_stop_a_restore(lived_in, empty, staff_came_and_went):
    replayed = lived_in.restore(staff_came_and_went, to=empty)
    assert replayed["members of staff"] == 3


def test_one_that_was_cut_off_is_missed(lived_in, empty, staff_came_and_went):
    cut(lived_in)
    with pytest.raises(JournalMissingError):
        lived_in.restore(staff_came_and_went, to=empty)


def test_without_its_mark_a_transaction_would_look_like_a_cut(lived_in, empty, monkeypatch):
    """The control."""
    file = lived_in.backup()
    monkeypatch.setattr(commits, "Reached", lambda *_: EntryMade())
    with lived_in.forum() as forum:
        adds_staff(forum)
    with pytest.raises(JournalMissingError):
        lived_in.restore(file, to=empty)


def test_what_programs_from_before_marks_wrote_of_an_entry_stops_no_restore(lived_in, empty):
    file = lived_in.backup()
    with lived_in.forum() as forum:
        journal(forum.session, forum.keyring, b'{"what":"entry","number":1,"leaf":"00"}')
        forum.hides("ana")
    lived_in.restore(file, to=empty)
    assert not lived_in.permits("nia", "ana")
