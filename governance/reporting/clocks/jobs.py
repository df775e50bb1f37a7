"""The job of every minute: cases for new reports, clocks that ran out, blocks that end; each said once."""

from collections.abc import Callable
from typing import Final, NamedTuple

import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.outbox import service as outbox
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.mailing import Letter, enqueue_mail
from governance.policy.views.desk import DeskPolicy
from governance.reporting.cases import events
from governance.reporting.cases.events import Event, What
from governance.reporting.cases.models import Case, CaseMember
from governance.reporting.cases.opening import open_cases, timed
from governance.reporting.clocks.service import late, wake_paused
from governance.reporting.protection.offers import offer
from governance.reporting.work import Work
from governance.ui.mail import Notice

DESK: Final = "cases.minute"
MINUTE: Final = 60 * 1_000_000
LEDGER: Final = "cases.enter"
_log = structlog.get_logger()


class Pager(NamedTuple):
    """Who is woken: by the log in any case, and by a mail to the desk's own address if it has one."""

    address: str | None


def desk_handler(
    keyring: Keyring, clock: Callable[[], Instant], desk: Callable[[], DeskPolicy], pager: Pager
) -> Handler:
    """Return what keeps the desk going between visits."""

    def effect(session: Session) -> None:
        work = Work(session, keyring, clock())
        fresh = open_cases(work, desk())
        wake_paused(work, desk(), [timed(case) for case in Case.open(session)])
        run_out(work, desk(), pager)
        offer(work)
        if urgent := [case for case in fresh if case.severity == "S4"]:
            _log.critical("danger_reported", cases=len(urgent), do="open the desk now")
            for case in urgent:
                _page(work, case, pager)

    def handle(_work: outbox.Work) -> Effect:
        return effect

    return handle


def entering_handler(keyring: Keyring, clock: Callable[[], Instant]) -> Handler:
    """Return what gives the ledger the digests of events, together and in no order of time."""

    def handle(_work: outbox.Work) -> Effect:
        def effect(session: Session) -> None:
            events.enter(Work(session, keyring, clock()))

        return effect

    return handle


def run_out(work: Work, desk: DeskPolicy, pager: Pager) -> int:
    """Say of every clock that ran out that it did: in the case, in the log, and by a mail; return how many."""
    found = late(work)
    for case_id, name in found:
        case = Case.locked(work.session, case_id)
        if case is None:
            continue
        events.add(work, case, Event(what=What.LATE, at=work.now, facts={"clock": name}))
        owner = desk.regimes[name.partition(".")[0]].owner
        _log.critical("clock_ran_out", clock=name, owner=owner, do="open the desk")
        _page(work, case, pager)
    return len(found)


def _page(work: Work, case: Case, pager: Pager) -> None:
    """Write to the desk's address that there is something to look at, and no more; sealed under a member's key."""
    if pager.address is None:
        return
    members = CaseMember.serving(work.session, case.id)
    whose = case.assigned or (members[0].officer_id if members else None)
    if whose is not None:
        letter = Letter(owner_of("staff", whose), pager.address, Notice.DESK)
        enqueue_mail(work.session, work.keyring, letter, now=work.now)
