"""Every version of a patient's choices: what changed and when, and what was in force on a day."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import FOREVER, Instant
from governance.optout.choices import Choices
from governance.optout.models import Directive
from governance.optout.service import open_directive
from governance.patients.hiding.service import NOTHING_HIDDEN, history_from


class Version(NamedTuple):
    """What was in force from one instant to another, half-open; the last one has no end yet."""

    number: int
    since: Instant
    until: Instant
    choices: Choices | None
    """None where the only choice ever made was taken back."""
    before: Choices | None


def versions(session: Session, keyring: Keyring, patient_id: UUID) -> list[Version]:
    """Return every version, the newest first. Raises `KeyGoneError`."""
    keys = DataKeys(session, keyring)
    rows = Directive.all_of(session, patient_id)
    said = [_said(keys, row) for row in rows]
    ends = [FOREVER, *(Instant(row.at) for row in rows)]
    return [
        Version(row.version, Instant(row.at), until, choices, before)
        for row, until, choices, before in zip(rows, ends, said, [*said[1:], None], strict=False)
    ]


def first_shown(session: Session, patient_id: UUID) -> Directive | None:
    """Return the oldest version that pages and receipts may tell of, if any are hidden; what counts now always is."""
    since = history_from(session, patient_id)
    if since == NOTHING_HIDDEN:
        return None
    rows = Directive.all_of(session, patient_id)
    return next((row for row in reversed(rows) if row.at >= since), next(iter(rows), None))


def in_force_between(found: Sequence[Version], start: Instant, end: Instant) -> list[Version]:
    """Return the versions that were in force at some time from one instant to before another, the oldest first."""
    return [version for version in reversed(found) if version.since < end and start < version.until]


def _said(keys: DataKeys, row: Directive) -> Choices | None:
    body = open_directive(keys, row)
    return body.choices if body.said else None
