"""What was joined, and the codes that were printed, after the backup: a restore has them again and opens nothing."""

import pytest

from governance.identity.service import platform_named
from governance.ledger import rows
from governance.patients.hide_codes.service import hide_by_code, make_code
from tests.backup.house import forum_in
from tests.backup.test_newcomers import NEW, founds
from tests.patients.two_forums import HANDS, joins, record

pytestmark = pytest.mark.slow


def both_in(house, session):
    f, g = (forum_in(session, house.keyring, house.now + 1) for _ in range(2))
    g.platform = platform_named(session, NEW)
    g.id = g.platform.id
    return f, g


def join_since(house):
    """Join Ana to an account of a forum that is new; print a code for somebody who is new too."""
    file = house.backup()
    founds(house)
    with house.session() as session:
        f, g = both_in(house, session)
        g.registers("nia")
        joins(f, "ana", g, "zoe")
        g.hides("zoe")
        g.patient("yan")
        return file, make_code(session, house.keyring, record(g, "yan"), g.now)


def test_forums_joined_since_are_one_record_and_the_printed_code_works(lived_in, empty):
    file, code = join_since(lived_in)
    lived_in.restore(file, to=empty)
    with lived_in.session() as session:
        f, g = both_in(lived_in, session)
        assert record(f, "ana") == record(g, "zoe")
        assert not f.permits("nia", "ana")
        assert not g.permits("nia", "zoe")
        hide_by_code(session, lived_in.keyring, HANDS, code, g.now)
        assert g.choices("yan").hold


def test_left_out_of_the_journal_the_join_would_be_forgotten(lived_in, empty, monkeypatch):
    """The control."""
    monkeypatch.setattr(rows, "journal", lambda *_, **__: None)
    file = lived_in.backup()
    with lived_in.session() as session:
        forum = forum_in(session, lived_in.keyring, lived_in.now + 1)
        code = make_code(session, lived_in.keyring, record(forum, "ana"), forum.now)
    lived_in.restore(file, to=empty)
    with lived_in.session() as session:
        forum = forum_in(session, lived_in.keyring, lived_in.now + 1)
        hide_by_code(session, lived_in.keyring, HANDS, code, forum.now)
        assert forum.choices("ana") is None or not forum.choices("ana").hold
