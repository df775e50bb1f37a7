"""Joining, parting, undoing, events and codes on both databases."""

import pytest

from governance.patients.forums import codes
from governance.patients.hide_codes.service import hide_by_code, make_code
from tests.forum import ANSWERED, CLOSED
from tests.patients.two_forums import HANDS, everywhere, joins, record, tells, undoes, unlinks, work, world

HERE = {"community": "c", "thread": "t", "created": "2026-05-04T09:00:00Z", "edited": None}
HCPS = ("nurse", "doctor")


@pytest.mark.slow
def test_the_whole_walk(both, session, keyring):  # noqa: ARG001 - on each database
    forums = world(session, keyring)
    f, g = forums.f, forums.g
    f.acknowledges("ana")
    f.chooses("ana", ANSWERED, CLOSED, team=["nurse"])
    g.hides("gus")
    ana, gus = f.account("ana").id, g.account("gus").id
    code = codes.make_forum_code(session, keyring, ana, f.now)
    codes.answer_code(session, keyring, code, gus, f.now)
    assert codes.typed_by(session, keyring, ana, f.now).name == "gus"
    assert codes.finish(work(f), ana, gus) == record(g, "gus")
    assert not f.permits("nurse", "ana", "view", **HERE)
    undoes(g, "gus")
    joins(f, "ana", g, "other")
    unlinks(g, "other")
    paper = make_code(session, keyring, record(f, "ana"), f.now)
    hide_by_code(session, keyring, HANDS, paper, f.now)
    for kind, account, to in (("renamed", "ana", "ana-2"), ("merged", "ana-2", "ana-3"), ("recycled", "ana", None)):
        tells(f, kind, account, to)
    tells(f, "deleted", "ana-3")
    session.commit()
    for forum, name in ((f, "ana"), (f, "ana-2"), (f, "ana-3"), (g, "gus"), (g, "other")):
        assert not any(everywhere(forum, HCPS, name, **HERE).values())
