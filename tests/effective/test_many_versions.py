"""One of whom much was said: what is newest is found without a look at all of it by all of it."""

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from governance.db.engine import open_engine
from governance.effective.models import Fragment

MANY = 6_000
SUBJECT = "01890000-0000-7000-8000-000000000001"


@pytest.fixture
def asking(postgres):
    """A session on a PostgreSQL that never looked at the table, as just after somebody said much."""
    with postgres.lend(tables=True) as url:
        engine = open_engine(url)
        with Session(engine) as session:
            session.execute(insert(Fragment), [_said(version) for version in range(1, MANY + 1)])
            session.execute(text("SET LOCAL statement_timeout = '1500ms'"))
            yield session
        engine.dispose()


def _said(version):
    room = ("optout", "patients")[version % 2]
    about = {"kind": "patient", "subject": SUBJECT, "room": room, "version": version}
    return about | {"document": b"{}", "at": version, "mac": b"m"}


def newest(session, upto):
    return {one.room: one.version for one in Fragment.of(session, "patient", SUBJECT, upto)}


def test_what_was_said_last_is_found_at_once(asking):
    assert newest(asking, MANY) == {"optout": MANY, "patients": MANY - 1}
    assert newest(asking, 101) == {"optout": 100, "patients": 101}
    assert newest(asking, 1) == {"patients": 1}


def test_joined_with_what_is_newest_it_would_not_be(asking):
    """The control: so it was asked before."""
    last = func.max(Fragment.version).label("version")
    about = (Fragment.kind == "patient", Fragment.subject == SUBJECT)
    found = select(Fragment.room, last).where(*about).group_by(Fragment.room).subquery()
    same = (Fragment.room == found.c.room) & (Fragment.version == found.c.version)
    with pytest.raises(OperationalError, match="57014"):
        asking.scalars(select(Fragment).join(found, same).where(*about)).all()
