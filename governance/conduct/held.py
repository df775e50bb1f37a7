"""What somebody holds on registers, and what all of it together comes to: no registration makes up for another."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.models import HcpRecord, HeldRegistration, SaidRegistration
from governance.conduct.standing import claims_with, keep, said, say, verified_span
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import BEGINNING, Assurance, Instant, Status
from governance.effective.roster import open_badge

MANUAL: Final = "manual"
FEED: Final = "feed"
_WORST_LAST: Final = (
    Status.GOOD,
    Status.RESTRICTED,
    Status.STALE,
    Status.LAPSED,
    Status.UNKNOWN,
    Status.SUSPENDED,
    Status.REMOVED,
)


_NAME: Final = ("held_registration", "sealed_name")


class Together(NamedTuple):
    """What several registrations come to: the worst of each, so that a further one never opens anything."""

    assurance: Assurance
    status: Status
    checked_until: Instant


NOTHING: Final = Together(Assurance.A0, Status.UNKNOWN, BEGINNING)


def severity(status: Status) -> int:
    """Return how bad a status is; 0 is good."""
    return _WORST_LAST.index(status)


def together(rows: Sequence[HeldRegistration]) -> Together:
    """Return what these registrations come to; nothing if there are none."""
    if not rows:
        return NOTHING
    return Together(
        assurance=Assurance(min(row.assurance for row in rows)),
        status=max((Status(row.status) for row in rows), key=severity),
        checked_until=Instant(min(row.checked_until for row in rows)),
    )


def stands_worse(row: HeldRegistration) -> bool:
    """Say whether a register said of somebody matched what a number given anew must not undo; `leave` ends it."""
    return row.assurance >= Assurance.A3 and Status(row.status) is not Status.GOOD


def live(session: Session, hcp_id: UUID) -> list[HeldRegistration]:
    """Return what somebody holds, the first one first."""
    return [row for row in HeldRegistration.of_hcp(session, hcp_id) if row.ended is None]


def in_hand(session: Session, hcp_id: UUID) -> SaidRegistration | None:
    """Return the registration to look at next: one that waits, else the one whose last look ends first."""
    current = SaidRegistration.current(session, hcp_id)
    waiting = next((row for row in current if row.looked is None), None)
    if waiting is not None:
        return waiting
    held = min(live(session, hcp_id), key=lambda row: row.checked_until, default=None)
    if held is not None:
        return session.get_one(SaidRegistration, held.said_id)
    return next(iter(current), None)


def spans(rows: Sequence[HeldRegistration], now: Instant) -> dict[str, tuple[int, int] | None]:
    """Return for each profession that is held for how long it is verified, if at all."""
    found: dict[str, tuple[int, int] | None] = {}
    for row in rows:
        span = verified_span(Assurance(row.assurance), Status(row.status), now, Instant(row.checked_until))
        for profession in row.professions.split():
            found[profession] = found.get(profession) or span
    return found


def settle(
    session: Session,
    keyring: Keyring,
    record: HcpRecord,
    found: Together,
    *,
    now: Instant,
    **members: Any,  # noqa: ANN401 - a fragment's own
) -> None:
    """Write into a record, and into what is in force of it, what it comes to; the very next decision follows it."""
    held = live(session, record.id)
    record.assurance, record.status, record.checked_until = (
        int(found.assurance),
        found.status.value,
        found.checked_until,
    )
    if held:
        record.profession = held[0].professions.split()[0]
    keep(session, keyring, record)
    before = said(session, keyring, record.id, now).get("claims", [])
    own = verified_span(found.assurance, found.status, now, found.checked_until)
    standing = {
        "assurance": record.assurance,
        "status": record.status,
        "checked_until": int(found.checked_until),
        "claims": claims_with(before, spans(held, now) if held else {record.profession: own}),
    }
    say(session, keyring, record.id, now, **standing, **members)


def seal_name(session: Session, keyring: Keyring, row: HeldRegistration, name: str) -> bytes:
    """Return a name on a register as it is stored, under the professional's own key."""
    return DataKeys(session, keyring).of(owner_of("hcp", row.hcp_id)).seal(name.encode(), *_NAME, row.number_digest)


def open_name(session: Session, keyring: Keyring, row: HeldRegistration) -> str | None:
    """Return the name that the register had at the last look; none if only the badge says it."""
    if row.sealed_name is None:
        return None
    key = DataKeys(session, keyring).known(owner_of("hcp", row.hcp_id))
    return key.unseal(row.sealed_name, *_NAME, row.number_digest).decode()


def badge_of(session: Session, keyring: Keyring, row: HeldRegistration) -> str:
    """Return the name on the badge of whoever holds a registration; empty if there is none."""
    record = session.get_one(HcpRecord, row.hcp_id)
    return open_badge(DataKeys(session, keyring), str(record.id), record.sealed_name) if record.sealed_name else ""
