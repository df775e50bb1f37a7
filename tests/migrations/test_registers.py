"""The step to several registrations a person: a number moves, the way down is closed while something would be lost."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.extension import db, transaction
from governance.db.migrate import at_head, upgrade
from governance.decision.vocabulary import Assurance
from tests.conduct.people import checks, in_good_standing, says, seen
from tests.forum import Forum
from tests.migrations.conftest import downgrade

BELOW = "0020"


def one(query):
    with Session(db.engine) as session:
        return session.execute(text(query)).one()


def matched(forum):
    checks(forum, says(forum, "nora"), seen(Assurance.A3))


@pytest.fixture
def forum_of(app, settings):
    assert app
    upgrade()

    def fill(act):
        with transaction() as session:
            act(Forum(session, Keyring(settings.keys)))

    return fill


def test_a_number_that_was_matched_is_taken_on_both_sides(forum_of):
    forum_of(matched)
    before = one("SELECT number_digest, hcp_id, register, professions, assurance, status FROM held_registration")
    downgrade(BELOW)
    assert one("SELECT number_digest, id FROM hcp") == before[:2]
    upgrade()
    assert (
        one("SELECT number_digest, hcp_id, register, professions, assurance, status FROM held_registration") == before
    )
    assert one("SELECT looked IS NOT NULL FROM registration")[0]


def proven(forum):
    in_good_standing(forum)


def on_two_registers(forum):
    matched(forum)
    hcp = says(forum, "nora", number="98Z7654Y", profession="midwife")
    checks(forum, hcp, seen(Assurance.A3, number="98Z7654Y"))


@pytest.mark.parametrize(("act", "lost"), [(proven, "somebody's own"), (on_two_registers, "several registers")])
def test_the_way_down_refuses_to_forget(forum_of, caplog, act, lost):
    forum_of(act)
    with pytest.raises(SystemExit):
        downgrade(BELOW)
    assert lost in caplog.text
    assert at_head()
