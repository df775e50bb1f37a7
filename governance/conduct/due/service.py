"""Looks that grow old: whom to warn, whom they refuse already, and what a fortnight without anybody would come to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.conduct.due.models import HcpNotice
from governance.conduct.held import FEED
from governance.conduct.models import HeldRegistration
from governance.conduct.standing import keep, note
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Assurance, Instant, Status

_DAY: Final = timedelta(days=1) // timedelta(microseconds=1)
_STANDING: Final = frozenset({Status.GOOD, Status.RESTRICTED})
_log = structlog.get_logger()


class Told(StrEnum):
    """What a professional is told of a look."""

    ENDS = "look_ends"
    OVER = "look_over"


class Ahead(NamedTuple):
    """How long before a look ends somebody is warned, in days: one that a person did, and one by a register's file."""

    manual: int
    feed: int

    def warns_from(self, row: "HeldRegistration | Look") -> int:
        """Return from when on to warn."""
        return row.checked_until - (self.feed if row.method == FEED else self.manual) * _DAY


class Look(NamedTuple):
    """One last look at somebody, as far as a forecast needs it."""

    hcp_id: UUID
    checked_until: int
    method: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many people, at one instant, if nobody did anything until then."""

    at: Instant
    people: int
    warned: int
    refused: int
    by_file: int
    """How many of those who are refused were last seen in a register's file."""


def warn(session: Session, keyring: Keyring, ahead: Ahead, now: Instant) -> int:
    """Tell everybody whose look ends soon, or is over, once for each look; return how many were told."""
    due = [row for row in HeldRegistration.live(session) if _stands(row) and now >= ahead.warns_from(row)]
    oldest = min((row.checked_until for row in due), default=0)
    told = {kind: HcpNotice.told(session, kind, oldest) for kind in Told}
    new = 0
    for row in due:
        kind = Told.OVER if now >= row.checked_until else Told.ENDS
        if (row.hcp_id, row.checked_until) not in told[kind]:
            told[kind].add((row.hcp_id, row.checked_until))
            _tell(session, keyring, row, kind, now)
            new += 1
    _alarm(due, now)
    return new


def looks(session: Session) -> list[Look]:
    """Return the last looks at everybody who is in standing."""
    rows = HeldRegistration.live(session)
    return [Look(row.hcp_id, row.checked_until, row.method) for row in rows if _stands(row)]


def outlook(found: Sequence[Look], ahead: Ahead, at: Instant) -> Outlook:
    """Return what these looks come to at an instant."""
    refused = {look.hcp_id for look in found if at >= look.checked_until}
    return Outlook(
        at=at,
        people=len({look.hcp_id for look in found}),
        warned=len({look.hcp_id for look in found if at >= ahead.warns_from(look)}),
        refused=len(refused),
        by_file=len({look.hcp_id for look in found if at >= look.checked_until and look.method == FEED}),
    )


def forecast(found: Sequence[Look], ahead: Ahead, at: Iterable[Instant]) -> list[Outlook]:
    """Return what these looks come to at several instants, if nobody does anything."""
    return [outlook(found, ahead, instant) for instant in at]


def _alarm(due: Iterable[HeldRegistration], now: Instant) -> None:
    """Wake somebody where a register's file did not come: it shuts out everybody on it at once, and no one of them."""
    late = Counter((row.register, now >= row.checked_until) for row in due if row.method == FEED)
    for (register, is_over), people in sorted(late.items()):
        if is_over:
            _log.critical("register_file_too_old", register=register, refused=people)
        else:
            _log.warning("register_file_late", register=register, people=people)


def _stands(row: HeldRegistration) -> bool:
    return row.assurance >= Assurance.A3 and Status(row.status) in _STANDING


def _tell(session: Session, keyring: Keyring, row: HeldRegistration, kind: Told, now: Instant) -> None:
    told = HcpNotice(id=new_id(), hcp_id=row.hcp_id, kind=kind.value, at=now, about=row.checked_until)
    keep(session, keyring, told)
    note(session, keyring, row.hcp_id, now, {"act": "told", "kind": kind.value})
