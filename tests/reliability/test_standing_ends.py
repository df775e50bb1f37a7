"""Four processes serve one forum: the transaction that ends a professional's standing ends every yes and the badge."""

import random
from contextlib import ExitStack

import pytest
from sqlalchemy.orm import Session

from governance.conduct.models import HcpRecord
from governance.conduct.verifying import Verifying, state_of
from governance.decision.vocabulary import Status
from governance.demo.household import free_port
from governance.ledger.commits import OUTSIDE
from governance.ui.clock import now
from tests.conduct.officers import officer, sanctions, wanted
from tests.conduct.people import VERA
from tests.forum import IN_TOUCH, Forum, asked
from tests.reliability.test_stale import EACH, PROCESSES, Platform

pytestmark = pytest.mark.slow
ROUNDS = 100
"""100 x 4 x 3 x 2 are 2,400 checks of decisions and badges."""


class Professionals(Platform):
    """The forum's program, which asks about one professional after another."""

    def allows(self, nurse, times=1):
        """Ask every process, some times over, all at once; say of each answer whether it lets or shows anything."""

        def ask(process):
            return [self._lets(process, nurse) for _ in range(times)] + [self._shows(process, nurse)]

        return [one for some in self._pool.map(ask, range(PROCESSES)) for one in some]

    def _lets(self, process, nurse):
        return self._send(process, "/access/v1/evaluation", asked(nurse, "ana"))["decision"]

    def _shows(self, process, nurse):
        return self._send(process, "/v1/hcps/badges", {"accounts": [nurse]})["badges"][0]["badge"] is not None


def lapses(forum, hcp):
    record = forum.session.get(HcpRecord, hcp)
    said = {"evidence": "the list of today", "reason": "so it says", "last": state_of(forum.session, record)}
    Verifying(forum.session, forum.keyring, VERA, forum.now).mark(hcp, Status.LAPSED, **said)


def is_suspended(forum, hcp):
    sanctions(forum).take(hcp, wanted("suspend"), forum.olu)


def stale(house, starts, rounds, *variant):
    """Count what somebody was let do, or shown as, after the end of their standing was committed."""
    found, rng = 0, random.Random(11)
    with Session(house.engine, expire_on_commit=False, info={OUTSIDE: house.outside}) as session, ExitStack() as stack:
        forum = Forum(session, house.keyring, at=now())
        forum.olu = officer(forum)
        forum.opens("c")
        forum.acknowledges("ana")
        forum.chooses("ana", IN_TOUCH, IN_TOUCH)
        nurses = {f"nurse {number}": forum.registers(f"nurse {number}") for number in range(rounds)}
        session.commit()
        ports = [free_port() for _ in range(PROCESSES)]
        services = [stack.enter_context(starts.serving(house, *variant, port=port)) for port in ports]
        platform = Professionals(forum.credentials, [service.address for service in services])
        for nurse, hcp in nurses.items():
            assert all(platform.allows(nurse))
            forum.now = now()
            rng.choice((lapses, is_suspended))(forum, hcp)
            session.commit()
            found += sum(platform.allows(nurse, EACH))
    return found


def test_after_the_commit_no_process_lets_them_or_shows_a_badge(house, starts):
    assert stale(house, starts, ROUNDS) == 0


def test_a_memory_that_goes_by_time_is_caught(house, starts):
    """The control: the same harness finds answers that are a second old."""
    assert stale(house, starts, 10, "trusting-for-a-second") > 10
