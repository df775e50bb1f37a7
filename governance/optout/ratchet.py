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
from governance.optout.choices import Choices, DirectiveBody, is_offered
from governance.optout.errors import LevelNotForThemError, NotAcknowledgedError, NotDueError
from governance.optout.loosening import Comparison
from governance.optout.models import Directive, WaitingChange
from governance.optout.service import body_in_force, put_in_force
from governance.optout.steps import taken
from governance.optout.waiting import (
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


class Lack(StrEnum):
    """What keeps something from being opened."""

    GUARDIAN = "guardian"
    AGE = "age"
    PROOF = "proof"


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
        self._now = now

    def plan(self, wanted: Choices, consent_age: int) -> Plan:
        """Return what a pick comes to; below `consent_age` (years) a first one opens nothing.

        Raises `NotAcknowledgedError`, `LevelNotForThemError`.
        """
        before, now = self.document, self._now
        adult = before.adult_from is not None and before.adult_from <= now
        if not is_offered(wanted, adult=adult):
            raise LevelNotForThemError("this is not offered here; pick one of those on the page")
        if wanted.permits_anything and not before.covered:
            raise NotAcknowledgedError("read what you should know first; to say no, you need not read anything")
        alone = may_decide_alone(before.adult_from, consent_age, now) is not False
        if self.is_first and (alone or not wanted.permits_anything):
            body = self.body.followed_by(wanted, now)
            return Plan(body, body, (), None, ())
        return planned(self.compare, self.body, self.waits, wanted, now)


def choose(session: Session, keyring: Keyring, patient_id: UUID, wanted: Choices, press: Press) -> Outcome:
    """Put in force at once whatever closes, or is a patient's very first choice; let wait what opens.

    Raises `NotAcknowledgedError` if something is permitted before the patient was told, and `LevelNotForThemError`.
    """
    patient = _Patient(session, keyring, patient_id, press.at)
    plan = patient.plan(wanted, press.consent_age)
    drop(session, keyring, plan.dropped, End.CHANGED, press.at)
    directive = put_in_force(session, keyring, patient_id, plan.body, press.at)
    if plan.witness is None:
        return InForce(directive)
    lack = _lack(patient.document, press)
    if lack is not None:
        return Lacking(directive, lack, plan.witness)
    span = press.at, Instant(press.at + press.wait)
    change = make(session, keyring, (patient_id, directive.version), plan, span)
    return Waits(directive, change, plan.witness)


def would_open(
    session: Session, keyring: Keyring, patient_id: UUID, wanted: Choices, press: Press
) -> tuple[Witness | None, Lack | None]:
    """Say whom a pick would let in after its wait, and what would be missing for it; nothing is written."""
    patient = _Patient(session, keyring, patient_id, press.at)
    witness = patient.plan(wanted, press.consent_age).witness
    return witness, None if witness is None else _lack(patient.document, press)


def asked_for(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> Choices | None:
    """Return what a patient picked last, with what still waits; None before the first choice."""
    patient = _Patient(session, keyring, patient_id, now)
    if not patient.body.said:
        return None
    return taken(patient.body.choices, [step for waiting in patient.waits for step in waiting.wish.steps])


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
    restored = waiting.wish.epoch != epoch_now(session, keyring)
    body = None if restored else _still_wanted(patient, waiting, now)
    end(session, keyring, change, End.OVERTAKEN if body is None else End.IN_FORCE, now)
    return None if body is None else put_in_force(session, keyring, change.patient_id, body, now)


def _still_wanted(patient: _Patient, waiting: Waiting, now: Instant) -> DirectiveBody | None:
    """Return what a change puts in force, unless something came since at its place or would open with it."""
    wish, body = waiting.wish, patient.body
    moved = any(step.back_from(body.choices) != step.back_from(wish.base.choices) for step in wish.steps)
    if moved or patient.document.erased is not None:
        return None
    wanted = body.followed_by(taken(body.choices, wish.steps), now)
    return wanted if patient.compare.witness(wish.promised(now), wanted) is None else None


def _lack(document: PatientDocument, press: Press) -> Lack | None:
    alone = may_decide_alone(document.adult_from, press.consent_age, press.at)
    if alone is False:
        return Lack.GUARDIAN
    if alone is None and not press.of_age:
        return Lack.AGE
    return None if press.proved and press.wait > 0 else Lack.PROOF
