"""Entries whose effect the journal need not repeat are in it all the same: a cut of the journal shows by them."""

from pathlib import Path

import pytest

import governance
from governance.backup.errors import JournalMissingError
from governance.ledger import commits
from governance.ledger.service import EntryMade
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
    monkeypatch.setattr(commits, "Reached", lambda *_: EntryMade(0, ""))
    with lived_in.forum() as forum:
        adds_staff(forum)
    with pytest.raises(JournalMissingError):
        lived_in.restore(file, to=empty)


def test_only_who_has_a_record_for_each_entry_appends_without_one():
    root = Path(governance.__file__).parent
    lines = {
        str(file.relative_to(root)): line
        for file in root.rglob("*.py")
        for line in file.read_text().splitlines()
        if line.startswith("from governance.ledger.service import") and "append" in line
    }
    assert lines.keys() == {"effective/chronicle.py"}
