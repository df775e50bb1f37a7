"""The ratchet: closing counts at once, opening takes a proof and a wait."""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.crypto.keys import Keyring
from governance.decision.loosens import Witness
from governance.decision.vocabulary import Instant
from governance.effective.documents import PatientDocument
from governance.effective.service import Register
from governance.optout.ages import may_decide_alone
from governance.optout.choices import Choices, DirectiveBody, as_offered, is_offered
from governance.optout.errors import LevelNotForThemError, NotAcknowledgedError, NotDueError
from governance.optout.guardians import GIVEN_UP_AFTER, Others, is_held
from governance.optout.loosening import Comparison
from governance.optout.models import Directive, WaitingChange
from governance.optout.service import body_in_force, put_in_force
from governance.optout.steps import taken
from governance.optout.waiting import (
    Asks,
    End,
    Plan,
    Waiting,
    drop,
    end,
    epoch_now,
    holds_token,
    make,
    opened,
    planned,
    waiting_for,
)
from governance.patients.guardians import hearings
from governance.patients.guardians.hearings import Subject


class Press(NamedTuple):
    """One press of a patient, and what they bring with it."""

    at: Instant
    wait: int = 0
    """How long opening waits by the policy in force, in microseconds; without it nothing can be opened."""
    consent_age: int = 0
    """From which age, in years, a person opens without a guardian."""
    of_age: bool = False
    """Whether a person whose age nobody told us says that they have reached it."""
    proved: bool = False
    """Whether they proved a moment ago who they are."""
    zone: str = "UTC"
    """At whose midnight their birthdays begin."""


class Lack(StrEnum):
    """What keeps something from being opened."""

    GUARDIAN = "guardian"
    AGE = "age"
    PROOF = "proof"
    HELD = "held"
    """Staff were told that this person has died, or cannot decide."""


class InForce(NamedTuple):
    """All of a pick counts from now on."""

    directive: Directive


class Waits(NamedTuple):
    """What closes counts from now on; the rest waits."""

    directive: Directive
    change: WaitingChange
    witness: Witness


class Lacking(NamedTuple):
    """What closes counts from now on; the rest was not taken, because something is missing."""

    directive: Directive
    lack: Lack
    witness: Witness


Outcome = InForce | Waits | Lacking


class Opening(NamedTuple):
    """Whom a pick would let in, what would be missing for it, and who would be asked first."""

    witness: Witness | None
    lack: Lack | None = None
    asks: Asks = Asks.NOBODY


class _Patient:
    """One patient's choices in force and in waiting, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
        register = Register(session, keyring, now)
        self.document: PatientDocument = register.document("patient", str(patient_id))
        self.body = body_in_force(session, keyring, patient_id)
        # Who comes back after an erasure has chosen before, and so has who took a first choice back: an undo puts back
        # what was open, and is no way round the proof and the day.
        said_before = self.body.said or Directive.latest(session, patient_id) is not None
        self.is_first = self.document.erased is None and not said_before
        self.compare = Comparison(self.document, now)
        self.waits = waiting_for(session, keyring, patient_id)
        self.held = is_held(session, keyring, patient_id)
        self.others = Others(session, keyring, patient_id, now)
        self._now = now

    @property
    def is_adult(self) -> bool:
        """Say whether all that there is may be picked; nobody is whose age nobody told us."""
        adult_from = self.document.adult_from
        return adult_from is not None and adult_from <= self._now

    def alone(self, press: Press) -> bool | None:
        """Say whether this person decides without anybody else; None while nobody told us their age."""
        return may_decide_alone(self.document.adult_from, press.consent_age, press.at, press.zone)

    def asks(self, plan: Plan, press: Press) -> Asks:
        """Say who has to agree with what a pick opens."""
        return self.others.whom_to_ask(plan.rest) if self.alone(press) is False else Asks.NOBODY

    def plan(self, wanted: Choices, press: Press) -> Plan:
        """Return what a pick comes to; below the consent age a first one opens nothing.

        Raises `NotAcknowledgedError`, `LevelNotForThemError`.
        """
        before, now = self.document, self._now
        if not is_offered(wanted, adult=self.is_adult):
            raise LevelNotForThemError("this is not offered here; pick one of those on the page")
        if wanted.permits_anything and not before.covered:
            raise NotAcknowledgedError("read what you should know first; to say no, you need not read anything")
        alone = self.alone(press) is not False
        if self.is_first and not self.held and (alone or not wanted.permits_anything):
            body = self.body.followed_by(wanted, now)
            return Plan(body, body, (), None, ())
        # Who asked somebody else when they were younger, and decides alone now, asks nobody any more.
        asked = [waiting for waiting in self.waits if alone and not waiting.wish.complete]
        others = [waiting for waiting in self.waits if waiting not in asked]
        plan = planned(self.compare, self.body, others, wanted, now)
        return plan._replace(dropped=(*plan.dropped, *(waiting.change for waiting in asked)))


def choose(session: Session, keyring: Keyring, patient_id: UUID, wanted: Choices, press: Press) -> Outcome:
    """Put in force at once whatever closes, or is a patient's very first choice; let wait what opens.

    Raises `NotAcknowledgedError` if something is permitted before the patient was told, and `LevelNotForThemError`.
    """
    patient = _Patient(session, keyring, patient_id, press.at)
    plan = patient.plan(wanted, press)
    drop(session, keyring, plan.dropped, End.CHANGED, press.at)
    directive = put_in_force(session, keyring, patient_id, plan.body, press.at)
    if plan.witness is None:
        return InForce(directive)
    asks = patient.asks(plan, press)
    lack = _lack(patient, press, asks)
    if lack is not None:
        return Lacking(directive, lack, plan.witness)
    span = press.at, Instant(press.at + (press.wait if asks is Asks.NOBODY else GIVEN_UP_AFTER)), asks
    change = make(session, keyring, (patient_id, directive.version), plan, span)
    if asks is Asks.OFFICER:
        hearings.ask(session, keyring, patient_id, (Subject.WISH, str(change.id)), press.at)
    return Waits(directive, change, plan.witness)


def would_open(session: Session, keyring: Keyring, patient_id: UUID, wanted: Choices, press: Press) -> Opening:
    """Say whom a pick would let in after its wait, and what would be missing for it; nothing is written."""
    patient = _Patient(session, keyring, patient_id, press.at)
    plan = patient.plan(wanted, press)
    asks = Asks.NOBODY if plan.witness is None else patient.asks(plan, press)
    return Opening(plan.witness, None if plan.witness is None else _lack(patient, press, asks), asks)


def asked_for(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> Choices | None:
    """Return what a patient picked last, with what still waits, as far as it is on offer to them; None before that."""
    patient = _Patient(session, keyring, patient_id, now)
    # Of a child, and of who comes back after an erasure, the very first pick waits too: answers that begin anew would
    # drop it with the next press.
    if not (patient.body.said or patient.waits):
        return None
    asked = taken(patient.body.choices, [step for waiting in patient.waits for step in waiting.wish.steps])
    return as_offered(asked, adult=patient.is_adult)


def take_effect(session: Session, keyring: Keyring, change_id: UUID, token: str, now: Instant) -> Directive | None:
    """Put in force what is due, once, if it still is what the patient was shown; None if it is not.

    Raises `NotDueError` before its time, and `BrokenRowError`.
    """
    change = WaitingChange.locked(session, change_id)
    if change is None or not holds_token(change, token):
        return None
    try:
        waiting = Waiting(change, opened(DataKeys(session, keyring), change))
        patient = _Patient(session, keyring, change.patient_id, now)
    except KeyGoneError:
        end(session, keyring, change, End.ERASED, now)
        return None
    if now < waiting.due:
        raise NotDueError("a change that waits was called too early; set this machine's clock right")
    wish = waiting.wish
    if not wish.complete:
        end(session, keyring, change, End.UNANSWERED, now)
        return None
    restored = wish.epoch != epoch_now(session, keyring)
    lost = restored or not patient.others.still_agree(wish)
    body = None if lost else _still_wanted(patient, waiting, now)
    end(session, keyring, change, End.OVERTAKEN if body is None else End.IN_FORCE, now)
    if body is None:
        return None
    patient.others.have_it_end(wish, patient.body.choices, body.choices)
    return put_in_force(session, keyring, change.patient_id, body, now)


def _still_wanted(patient: _Patient, waiting: Waiting, now: Instant) -> DirectiveBody | None:
    """Return what a change puts in force, unless something came since at its place or would open with it."""
    wish, body = waiting.wish, patient.body
    moved = any(step.back_from(body.choices) != step.back_from(wish.base.choices) for step in wish.steps)
    if moved or patient.held or patient.document.erased is not None:
        return None
    wanted = body.followed_by(taken(body.choices, wish.steps), now)
    return wanted if patient.compare.witness(wish.promised(now), wanted) is None else None


def _lack(patient: _Patient, press: Press, asks: Asks) -> Lack | None:
    alone = patient.alone(press)
    if patient.held:
        return Lack.HELD
    if alone is False and asks is Asks.NOBODY:
        return Lack.GUARDIAN
    if alone is None and not press.of_age:
        return Lack.AGE
    return None if press.proved and press.wait > 0 else Lack.PROOF
