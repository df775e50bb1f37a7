"""What waits: opening more takes a proof, a time in which the patient can stop it, and a last look when it is due.

INVARIANT: nothing is permitted by a change that was not permitted before it and was not shown to the patient, with
a proof of who asks, the policy's time ago.
"""

import secrets
from collections.abc import Iterable, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.loosens import Witness
from governance.decision.loosens.lasting import open_from
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Action, Capacity, Instant
from governance.effective.documents import encode
from governance.ledger.head import Head, read_head
from governance.ledger.outbox.service import enqueue
from governance.ledger.service import append, pseudonym
from governance.optout.choices import Choices, DirectiveBody
from governance.optout.errors import NothingWaitsError
from governance.optout.loosening import Comparison
from governance.optout.models import WaitingChange
from governance.optout.steps import Step, steps_between, taken
from governance.patients.forums.yes import stop_wishes

KIND: Final = "loosening"
"""The kind of job that puts a change in force when it is due."""
_ENTRY: Final = "waiting_change"
_log = structlog.get_logger()


class End(StrEnum):
    """What became of a change that waited."""

    IN_FORCE = "in_force"
    CANCELLED = "cancelled"
    CHANGED = "changed"
    """The patient chose otherwise meanwhile."""
    HIDDEN = "hidden"
    OVERTAKEN = "overtaken"
    """When it was due it would have opened more than was shown, or something tighter had come since."""
    ERASED = "erased"
    REFUSED = "refused"
    """A guardian, or an officer, said no."""
    UNANSWERED = "unanswered"
    """Nobody said yes in time."""


class Asks(StrEnum):
    """Who has to say yes besides the patient, before the wait begins."""

    NOBODY = ""
    GUARDIAN = "guardian"
    OFFICER = "officer"


class Opens(msgspec.Struct, frozen=True):
    """Whom a change lets in, as it was shown to the patient: the plainest example."""

    who: WhoKind
    name: str
    capacity: Capacity | None
    action: Action
    when: tuple[tuple[int, int], ...] = ()
    """In which times it stands open, by the rules that run; nothing said: always."""

    @classmethod
    def of(cls, witness: Witness, now: Instant) -> "Opens":
        """Keep of a witness what words need."""
        when = open_from(witness, now)
        return cls(witness.who.kind, witness.who.name, witness.capacity, witness.action, when)

    def first(self, due: Instant) -> Instant | None:
        """Return from when it stands open, for a change that takes effect then; None if that is over."""
        if not self.when:
            return due
        return next((Instant(max(start, due)) for start, end in self.when if end > due), None)


class Wish(msgspec.Struct, frozen=True):
    """A change that waits, as sealed."""

    base: DirectiveBody
    """What was to be in force just before it, when it was made."""
    steps: tuple[Step, ...]
    opens: Opens
    made: int
    due: int
    epoch: int
    """Of the ledger when it was made. A restore begins a new one: who knows what was stopped since the backup."""
    asks: Asks = Asks.NOBODY
    agreed: tuple[str, ...] = ()
    """Who said yes: guardians' links, or an officer."""
    complete: bool = True
    """Whether all who are asked said yes; until then it is due when it is given up."""

    def promised(self, now: Instant) -> DirectiveBody:
        """Return what the patient was shown."""
        return self.base.followed_by(taken(self.base.choices, self.steps), now)


class Waiting(NamedTuple):
    """A change that waits, opened."""

    change: WaitingChange
    wish: Wish

    @property
    def due(self) -> Instant:
        """When it takes effect, as sealed."""
        return Instant(self.wish.due)


class Plan(NamedTuple):
    """What a pick comes to: what is in force at once, and what has to wait, with its witness."""

    body: DirectiveBody
    base: DirectiveBody
    rest: tuple[Step, ...]
    witness: Witness | None
    dropped: tuple[WaitingChange, ...]
    """What waits now and is not wanted any more."""


def planned(compare: Comparison, body: DirectiveBody, waits: Sequence[Waiting], wanted: Choices, now: Instant) -> Plan:
    """Divide a pick into what closes, which never waits, and what opens."""
    kept = [waiting for waiting in waits if taken(wanted, waiting.wish.steps) == wanted]
    dropped = tuple(waiting.change for waiting in waits if waiting not in kept)
    asked = [step for waiting in kept for step in waiting.wish.steps]
    places = {step.place for step in asked}
    steps = [step for step in steps_between(body.choices, wanted) if step.place not in places]

    def after(some: Iterable[Step]) -> DirectiveBody:
        return body.followed_by(taken(body.choices, some), now) if some else body

    def opens(some: list[Step]) -> Witness | None:
        # Also with what waits: under the hold anything can be picked, and must not open with a hold that ends soon.
        found = compare.witness(body, after(some))
        return found or (compare.witness(after(asked), after([*some, *asked])) if asked else None)

    at_once, rest = list(steps), list[Step]()
    if steps and opens(steps):
        at_once = []
        for step in steps:
            (rest if opens([*at_once, step]) else at_once).append(step)
    base = after([*at_once, *asked])
    shown = after([*at_once, *asked, *rest])
    witness = compare.witness(base, shown) or compare.witness(after(at_once), after([*at_once, *rest]))
    if witness is None:
        # What opened by itself opens nothing beside the rest: somebody it would have let in is sent away by it.
        return Plan(after([*at_once, *rest]), shown, (), None, dropped)
    return Plan(after(at_once), base, tuple(rest), witness, dropped)


def make(
    session: Session,
    keyring: Keyring,
    row: tuple[UUID, int],
    plan: Plan,
    span: tuple[Instant, Instant, Asks],
) -> WaitingChange:
    """Have the rest of a plan wait, from one instant to another; `row` is the patient, and the directive's version.

    Where somebody else is asked first, it is given up at the second instant.
    """
    (patient_id, version), (made, due, asks) = row, span
    if plan.witness is None:
        raise ValueError("what opens nothing does not wait")
    change = WaitingChange(id=new_id(), patient_id=patient_id, base_version=version, made=made, due=due)
    opens, epoch = Opens.of(plan.witness, made), epoch_now(session, keyring)
    wish = Wish(plan.base, plan.rest, opens, made, due, epoch, asks=asks, complete=asks is Asks.NOBODY)
    seal(session, keyring, change, wish)
    _enter(session, keyring, change, made, "made")
    return change


def seal(session: Session, keyring: Keyring, change: WaitingChange, wish: Wish) -> None:
    """Write what a change is now, with a job of its own at its time; an earlier job does nothing any more."""
    token = secrets.token_urlsafe(32)
    key = DataKeys(session, keyring).of(owner_of("patient", change.patient_id))
    change.sealed_wish = key.seal(encode(wish), *_place(change))
    change.token_digest, change.due = _digest(token), wish.due
    session.add(change)
    session.flush()
    enqueue(session, keyring, KIND, {"change": str(change.id), "token": token}, Instant(wish.due))


def note_answer(session: Session, keyring: Keyring, change: WaitingChange, now: Instant, what: str) -> None:
    """Enter in the ledger that somebody who was asked said yes or no."""
    _enter(session, keyring, change, now, what)


def waiting_for(session: Session, keyring: Keyring, patient_id: UUID) -> list[Waiting]:
    """Return what waits for a patient, the next one first. Raises `KeyGoneError`.

    A row of another hand is left out: it never takes effect, and must keep nobody from closing more.
    """
    keys, found = DataKeys(session, keyring), []
    for change in WaitingChange.open_of(session, patient_id):
        try:
            found.append(Waiting(change, opened(keys, change)))
        except EnvelopeError:
            _log.critical("broken_row", kind="waiting_change")
    return found


def cancel(session: Session, keyring: Keyring, patient_id: UUID, change_id: UUID, now: Instant) -> None:
    """Stop a change before it is due; at once, by nothing but a press. Raises `NothingWaitsError`."""
    change = WaitingChange.locked(session, change_id)
    if change is None or change.patient_id != patient_id or change.ended is not None:
        raise NothingWaitsError("this does not wait any more; look at your choices to see what counts now")
    end(session, keyring, change, End.CANCELLED, now)


def drop_all(session: Session, keyring: Keyring, patient_id: UUID, why: End, now: Instant) -> None:
    """Stop everything that waits for a patient, a yes on one more forum too; needs none of their keys."""
    drop(session, keyring, WaitingChange.open_of(session, patient_id), why, now)
    stop_wishes(session, keyring, patient_id, why.value, now)


def drop(session: Session, keyring: Keyring, changes: Iterable[WaitingChange], why: End, now: Instant) -> None:
    """Stop some of what waits."""
    for change in changes:
        end(session, keyring, change, why, now)


def end(session: Session, keyring: Keyring, change: WaitingChange, why: End, now: Instant) -> None:
    """Write what became of a change; from now on no job puts it in force."""
    change.ended, change.outcome, change.token_digest = now, why.value, ""
    session.flush()
    _enter(session, keyring, change, now, why.value)


def opened(keys: DataKeys, change: WaitingChange) -> Wish:
    """Return what a patient wished. Raises `KeyGoneError`, and `EnvelopeError` for a row of another hand."""
    sealed = keys.known(owner_of("patient", change.patient_id)).unseal(change.sealed_wish, *_place(change))
    return msgspec.json.decode(sealed, type=Wish)


def epoch_now(session: Session, keyring: Keyring) -> int:
    """Return how often the ledger began anew, after restores."""
    return (read_head(session, keyring) or Head()).epoch


def holds_token(change: WaitingChange, token: str) -> bool:
    """Say whether a change still waits for the job that holds this token."""
    return change.ended is None and secrets.compare_digest(change.token_digest, _digest(token))


def _enter(session: Session, keyring: Keyring, change: WaitingChange, now: Instant, what: str) -> None:
    whose = pseudonym(keyring, "patient", str(change.patient_id))
    facts: dict[str, str | int] = {"subject": whose, "change": change.id.hex, "what": what, "due": change.due}
    append(session, keyring, now, _ENTRY, facts)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _place(change: WaitingChange) -> tuple[str, str, str]:
    return "waiting_change", "sealed_wish", f"{change.patient_id}/{change.id}"
