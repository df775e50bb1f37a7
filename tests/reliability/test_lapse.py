"""Four processes serve one forum: once a registration lapses or somebody leaves, none of them permits any more."""

import random
from contextlib import ExitStack

import pytest
from sqlalchemy.orm import Session

from governance.conduct.work.service import leave_work, named, verify_work
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Instant, Status
from governance.demo.household import free_port
from governance.ledger.commits import OUTSIDE
from governance.optout.choices import Choices
from governance.optout.own.rules import Rule, Scope
from governance.ui.clock import now
from tests.conduct.people import accepts, checks, marks, says, seen
from tests.conduct.register_files import delivers, line
from tests.forum import CLOSED, DAY, SEEN, Forum, asked
from tests.reliability.test_stale import PROCESSES, Platform

pytestmark = pytest.mark.slow
ROUNDS = 40
EACH = 3


def number(at):
    return f"12A{at:04}B"


def name(at):
    return f"nurse {at}"


class Ward:
    """A forum whose member Ana lets one clinic read, and nurses who work there."""

    def __init__(self, session, keyring, many):
        self.forum = Forum(session, keyring, at=now() - DAY)
        self.forum.opens("c")
        self.clinic = named(session, keyring, "Hillview", self.forum.now)
        self.forum.acknowledges("ana")
        rule = Rule.picked(Scope(WhoKind.ORGANISATION, self.clinic.key), SEEN)
        self.forum.wants("ana", Choices(CLOSED, CLOSED, frozenset(), rules=frozenset([rule])))
        self.nurses = [self._nurse(at) for at in range(many)]
        session.commit()

    def _nurse(self, at):
        forum, later = self.forum, Instant(self.forum.now + 30 * DAY)
        hcp = says(forum, name(at), number=number(at))
        accepts(forum, hcp)
        checks(forum, hcp, seen(number=number(at)))
        verify_work(forum.session, forum.keyring, hcp, self.clinic, until=later, now=forum.now)
        return hcp

    def lapses(self, at):
        self.forum.now = now()
        marks(self.forum, self.nurses[at], Status.LAPSED)

    def is_told_by_a_file(self, at):
        self.forum.now = now()
        delivers(self.forum, line(number(at), status="suspended"))

    def leaves(self, at):
        leave_work(self.forum.session, self.forum.keyring, self.nurses[at], self.clinic.key, now())


class Asks(Platform):
    """The same forum's program, which asks about a nurse."""

    def permits(self, viewer, times=1):
        def ask(process):
            question = asked(viewer, "ana")
            return [self._send(process, "/access/v1/evaluation", question)["decision"] for _ in range(times)]

        return [answer for some in self._pool.map(ask, range(PROCESSES)) for answer in some]


def stale(house, starts, rounds, *variant):
    """Count permits that some process gave after the change was stored."""
    rng, found = random.Random(7), 0
    with ExitStack() as stack:
        session = stack.enter_context(Session(house.engine, expire_on_commit=False, info={OUTSIDE: house.outside}))
        ward = Ward(session, house.keyring, rounds)
        services = [stack.enter_context(starts.serving(house, *variant, port=free_port())) for _ in range(PROCESSES)]
        platform = Asks(ward.forum.credentials, [service.address for service in services])
        for at in range(rounds):
            assert all(platform.permits(name(at)))
            rng.choice([ward.lapses, ward.is_told_by_a_file, ward.leaves])(at)
            session.commit()
            found += sum(platform.permits(name(at), EACH))
    return found


def test_after_a_lapse_was_stored_no_process_permits(house, starts):
    assert stale(house, starts, ROUNDS) == 0


def test_a_memory_that_goes_by_time_is_caught_here_too(house, starts):
    """The control: the same harness finds permits that are a second old."""
    assert stale(house, starts, 5, "trusting-for-a-second") > 0
