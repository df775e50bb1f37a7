"""`notify`: what any room calls when a patient should know of something. What it is about, their page alone tells."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.patients.contact.jobs import enqueue_news
from governance.patients.contact.models import PatientNotice
from governance.patients.contact.service import contact_of

_DAY: Final = 24 * 3600 * 1_000_000


class Kind(StrEnum):
    """What is new; each has its words in `portal/_notices.html`."""

    READ_AGAIN = "read_again"
    """The text about risks has changed."""
    LOOK_AGAIN = "look_again"
    """A year has gone by."""
    REFUSAL_ENDS = "refusal_ends"
    ASK_AGAIN = "ask_again"
    """Something that was open counts no more until the patient says so again."""
    AGE = "age"
    """The patient has come of an age from which other rules hold."""
    GUARDIAN = "guardian"
    """A guardian was linked, or closed something."""
    CONTACT = "contact"
    """Where we write to was changed."""
    ERASING = "erasing"
    """The record will be deleted."""
    BLOCK_ENDS = "block_ends"
    """A block of a professional that staff set ends: the patient says whether to go on by a refusal."""
    EMERGENCY_VIEW = "emergency_view"
    """One professional could read one thread for a day, as they had agreed to beforehand."""
    FORUM_ENDS = "forum_ends"
    """A forum of theirs ends its work with us, or has."""
    MESSAGING_PAUSED = "messaging_paused"
    """A professional whom they write with can do so no more; it never says who, nor why."""


def notify(session: Session, keyring: Keyring, patient_id: UUID, kind: Kind, now: Instant) -> None:
    """Put a notice on a patient's page, and tell them by mail that there is one, if they confirmed a safe contact.

    The mail says nothing of what it is about, waits for the end of the quiet hours, and is sent at most once a day
    while they have not looked: how often it comes would tell something too. Nobody who was erased is told anything.
    """
    waiting = PatientNotice.unseen_of(session, patient_id)
    if all(one.kind != kind for one in waiting):
        session.add(PatientNotice(id=new_id(), patient_id=patient_id, kind=kind.value, at=now))
    found = contact_of(session, keyring, patient_id)
    if found is None or not found[1] or any(now - one.at < _DAY for one in waiting):
        return
    enqueue_news(session, keyring, patient_id, found[0].next_time(now))


def put_away(session: Session, patient_id: UUID, now: Instant, kind: Kind | None = None) -> None:
    """Note that a patient has seen what their page tells: all of it, or of one kind."""
    for one in PatientNotice.unseen_of(session, patient_id):
        if kind in {None, one.kind}:
            one.seen = now


def told_last(session: Session, patient_id: UUID, kind: Kind) -> int | None:
    """Return when a patient was told of something of a kind last, whether they saw it or not."""
    newest = PatientNotice.newest_of(session, patient_id, kind.value)
    return None if newest is None else newest.at
