"""What a patient's own page says of what they were told: what pauses, what changed, that it is a year ago."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import AccountKey, Action, Instant
from governance.disclosure.coverage import DAY, Was, ends_of
from governance.disclosure.models import Acknowledgement, Reader
from governance.disclosure.returning import Permits, paused, pausing
from governance.disclosure.service import RECORD
from governance.effective.documents import PatientDocument
from governance.effective.errors import BrokenRowError
from governance.effective.roster import badge_names
from governance.effective.service import Register
from governance.policy.current import policies
from governance.policy.here import policies_here
from governance.policy.history import history_of
from governance.policy.records import ChangeClass, PolicyRecord, number_of
from governance.policy.views.disclosure import DisclosurePolicy

_log = structlog.get_logger()


class Row(NamedTuple):
    """What somebody may do, in words; `name` is a person's, or empty."""

    who: WhoKind
    name: str
    actions: tuple[str, ...]


class News(NamedTuple):
    """What there is to say, all of it empty if there is nothing."""

    paused: tuple[Row, ...] = ()
    pausing: tuple[Row, ...] = ()
    pausing_from: Instant | None = None
    changed: bool = False
    """The words changed since this person read them, or a notice of it."""
    remind: bool = False
    told: Instant | None = None
    """When they were told last."""


class Known(NamedTuple):
    """What is known of whoever reads."""

    patient_id: UUID | None
    told: Acknowledgement | None
    document: PatientDocument


def known_of(session: Session, keyring: Keyring, patient_id: UUID | None, now: Instant) -> Known:
    """Return what is in force for a patient and what they acknowledged last.

    Nothing counts for whose row was changed by another hand; what there is to know they may read all the same.
    """
    if patient_id is None:
        return Known(None, None, PatientDocument())
    document = PatientDocument()
    try:
        document = Register(session, keyring, now).document("patient", str(patient_id))
    except BrokenRowError:
        _log.critical("broken_row", kind="patient")
    return Known(patient_id, Acknowledgement.latest(session, patient_id), document)


def news_for(session: Session, keyring: Keyring, person: tuple[UUID | None, UUID], now: Instant) -> News:
    """Return what the page of a patient says (`person` is their id and their forum's)."""
    patient_id, platform_id = person
    known = known_of(session, keyring, patient_id, now)
    if known.told is None or patient_id is None:
        return News()
    history = history_of(session, RECORD, policies().disclosure.record)
    policy = DisclosurePolicy(history.at(now).record)
    ends = ends_of(Was(known.told.version, known.told.at), history)
    first, soon = pausing(known.document, ends, now)
    stopped = paused(known.document, now)
    names = badge_names(session, keyring, platform_id, now) if stopped or soon else {}
    reader = session.get(Reader, patient_id)
    read = max(number_of(known.told.version), number_of(reader.informed if reader else ""))
    reminded = max(known.told.at, (reader.reminded if reader else None) or 0)
    matters = {one.record.change for _, one in history.after(known.told.version) if _is_news(one.record, read)}
    return News(
        paused=in_words(stopped, names),
        pausing=in_words(soon, names),
        pausing_from=first,
        changed=bool(matters - {ChangeClass.EDITORIAL}) and bool(read),
        remind=now - reminded >= policy.remind_days * DAY,
        told=Instant(known.told.at),
    )


def in_words(some: tuple[Permits, ...], names: Mapping[AccountKey, str]) -> tuple[Row, ...]:
    """Return permits as a page shows them, in its language."""
    return tuple(
        Row(one.who, names.get(AccountKey(one.name), ""), tuple(_title(action) for action in one.actions))
        for one in some
    )


def _is_news(record: PolicyRecord, read: tuple[int, ...]) -> bool:
    return record.number > read


def _title(action: Action) -> str:
    return policies_here().optout.record.section(f"action.{action}.title")
