"""Reminders before a no comes to its end: jobs at their time, made with the version that first said the no."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.outbox.sealing import Personal
from governance.ledger.outbox.service import enqueue
from governance.optout.own.rules import Rule

KIND: Final = "refusal_ends"
_DAY: Final = 24 * 3600 * 1_000_000
_BEFORE: Final = (7 * _DAY, _DAY)


def ends_of(rules: Iterable[Rule]) -> frozenset[int]:
    """Return when the noes among rules come to their ends."""
    return frozenset(rule.scope.end for rule in rules if rule.closes and rule.scope.ends)


def remind_before(session: Session, keyring: Keyring, patient_id: UUID, ends: Iterable[int], now: Instant) -> None:
    """Have a patient reminded a week and a day before each end, as far as that lies ahead. Raises `KeyGoneError`."""
    for end in sorted(ends):
        # Under their key: of somebody who is erased the job does not open, and nobody is reminded.
        payload = Personal(owner_of("patient", patient_id), {"patient": str(patient_id), "end": end})
        for due in (Instant(end - before) for before in _BEFORE if end - before > now):
            enqueue(session, keyring, KIND, payload, due)
