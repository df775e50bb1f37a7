"""What waits for a patient, in the words of their pages."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.optout.errors import NothingWaitsError
from governance.optout.models import WaitingChange
from governance.optout.names import names_for
from governance.optout.waiting import Wish, opened, waiting_for
from governance.optout.words import said, sentence
from governance.patients.hiding.service import history_from
from governance.patients.service import find_patient
from governance.policy.views.optout import OptoutPolicy
from governance.ui.dates import day_and_time

_DAY: Final = 24 * 3600 * 1_000_000
_SHOWN: Final = 30 * _DAY
"""For how long a page tells what became of a change, in microseconds."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words: what it lets in, its steps, and its time or what became of it."""

    id: UUID
    example: str
    steps: tuple[str, ...]
    made: str
    due: str
    asks: str = ""
    """Who has to say yes before the time begins; `due` is then until when they can."""
    end: str = ""
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for a patient, and what has ended lately."""

    waiting: tuple[Change, ...] = ()
    ended: tuple[Change, ...] = ()


def patient_id_of(session: Session, account_id: UUID) -> UUID:
    """Return the patient whose account this is. Raises `NothingWaitsError`: without a record nothing can wait."""
    patient = find_patient(session, account_id)
    if patient is None:
        raise NothingWaitsError("there is nothing of yours here yet; look at your choices")
    return patient.id


def pending(
    session: Session, keyring: Keyring, person: tuple[UUID, UUID], policy: OptoutPolicy, now: Instant
) -> Pending:
    """Return what waits for the person behind an account (`person` is its id and the forum's), and what has ended."""
    patient = find_patient(session, person[0])
    if patient is None:
        return Pending()
    waits = waiting_for(session, keyring, patient.id)
    since = max(now - _SHOWN, history_from(session, patient.id) + 1)
    old = _ended(session, DataKeys(session, keyring), patient.id, Instant(since))
    if not waits and not old:
        return Pending()
    in_words = _Words(policy, names_for(session, keyring, person, now))
    return Pending(tuple(in_words.of(*waiting) for waiting in waits), tuple(in_words.of(*one) for one in old))


class _Words:
    def __init__(self, policy: OptoutPolicy, names: dict[str, str]) -> None:
        self._policy = policy
        self._names = names

    def of(self, change: WaitingChange, wish: Wish) -> Change:
        due = Instant(wish.due)
        return Change(
            id=change.id,
            example=sentence(self._policy, wish.opens, self._names, due if wish.complete else None),
            steps=tuple(said(self._policy, wish.base.choices, wish.steps, self._names)),
            made=day_and_time(Instant(wish.made)),
            due=day_and_time(due),
            asks="" if wish.complete else wish.asks.value,
            end=change.outcome or "",
            ended="" if change.ended is None else day_and_time(Instant(change.ended)),
        )


def _ended(session: Session, keys: DataKeys, patient_id: UUID, since: Instant) -> list[tuple[WaitingChange, Wish]]:
    found = []
    for change in WaitingChange.ended_since(session, patient_id, since):
        try:
            found.append((change, opened(keys, change)))
        except EnvelopeError:
            continue
    return found
