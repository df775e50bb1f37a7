"""Over the decision door: whatever takes standing away refuses in its own transaction, so the next check refuses."""

import pytest
import time_machine

from governance.conduct.errors import NumberTakenError
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.effective.measures import Measures
from governance.ui.clock import now, to_datetime
from tests.conduct.people import accepts, checks, ends, in_good_standing, marks, says, seen
from tests.conduct.register_files import delivers, line
from tests.forum import CLOSED, DAY, SEEN, Forum, asked
from tests.pdp.conftest import Caller

pytestmark = pytest.mark.usefixtures("both")

PERMITTED, REFUSED = (True, "permitted"), (False, "hcp_not_eligible")


@pytest.fixture
def forum(session, keyring):
    """Ana lets all professionals read; Nora is one, in good standing, checked for 90 days."""
    forum = Forum(session, keyring, at=now() - 3600 * 1_000_000)
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    forum.nora = in_good_standing(forum)
    session.commit()
    return forum


@pytest.fixture
def next_check(app, forum):
    """Ask over HTTP, as the forum's program, with the real clock and a token of that moment."""

    def ask(viewer="nora"):
        return Caller(app, forum.credentials).decides(asked(viewer, "ana"))

    assert ask() == PERMITTED
    return ask


def blocked(forum):
    until = Instant(forum.now + DAY)
    return Measures(forum.session, forum.keyring, forum.now).block_hcp(forum.nora, until)


def second_register(forum):
    hcp = says(forum, "nora", number="98Z7654Y", profession="midwife")
    checks(forum, hcp, seen(status=Status.SUSPENDED, number="98Z7654Y"))


WORSE = {
    "lapsed": lambda forum: marks(forum, forum.nora, Status.LAPSED),
    "suspended": lambda forum: marks(forum, forum.nora, Status.SUSPENDED),
    "removed": lambda forum: marks(forum, forum.nora, Status.REMOVED),
    "unknown": lambda forum: marks(forum, forum.nora, Status.UNKNOWN),
    "not found any more": lambda forum: checks(forum, forum.nora, seen(Assurance.A0, Status.UNKNOWN)),
    "ended": lambda forum: ends(forum, forum.nora),
    "the register's file says so": lambda forum: delivers(forum, line(status="lapsed"), as_of=forum.now + 1),
    "the register's file has another name": lambda forum: delivers(forum, line(name="X Y"), as_of=forum.now + 1),
    "not in the register's whole file": lambda forum: delivers(forum, as_of=forum.now + 1, complete=True),
    "suspended on a second register": second_register,
    "blocked everywhere": blocked,
    "rules lapsed": lambda forum: accepts(forum, forum.nora, days=0),
}


@pytest.mark.parametrize("happens", WORSE.values(), ids=WORSE)
def test_the_very_next_check_refuses(forum, next_check, happens):
    happens(forum)
    forum.session.commit()
    assert next_check() == REFUSED


@pytest.mark.parametrize("happens", WORSE.values(), ids=WORSE)
def test_what_was_not_stored_refuses_nothing(forum, next_check, happens):
    happens(forum)
    forum.session.rollback()
    assert next_check() == PERMITTED


def test_a_check_that_grew_too_old_refuses_without_anybody_doing_anything(forum, next_check):
    stale = to_datetime(Instant(forum.now + 90 * DAY))
    with time_machine.travel(stale, tick=False):
        assert next_check() == REFUSED
    with time_machine.travel(to_datetime(Instant(forum.now + 90 * DAY - 1_000_000)), tick=False):
        assert next_check() == PERMITTED


def test_an_acceptance_that_lapsed_refuses(forum, next_check):
    accepts(forum, forum.nora, days=30)
    forum.session.commit()
    with time_machine.travel(to_datetime(Instant(forum.now + 30 * DAY)), tick=False):
        assert next_check() == REFUSED


def test_the_measure_lifted_the_next_check_permits_again(forum, next_check):
    measure = blocked(forum)
    forum.session.commit()
    assert next_check() == REFUSED
    Measures(forum.session, forum.keyring, Instant(now())).lift(measure.id)
    forum.session.commit()
    assert next_check() == PERMITTED


def test_registering_refuses_from_the_next_check_on(forum, next_check):
    assert next_check("omar") == (True, "not_governed")
    says(forum, "omar", number="98Z7654Y", name="Omar Vale")
    forum.session.commit()
    assert next_check("omar") == REFUSED


def test_a_second_record_of_the_same_number_never_gets_in(forum, next_check):
    twin = says(forum, "twin")
    accepts(forum, twin)
    with pytest.raises(NumberTakenError):
        checks(forum, twin)
    forum.session.commit()
    assert next_check("twin") == REFUSED
