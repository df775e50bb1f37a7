"""What ends when an age is said: what a person was told as a child, and what they opened alone when too young.

INVARIANT: that nobody told us an age makes nobody older. Whatever an age would have kept closed, had it been known in
time, asks again from when it is said.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from flask import current_app
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Effect, Instant
from governance.effective.documents import PatientDocument
from governance.effective.service import Register
from governance.patients.ages.service import END_COVERAGE, EndCoverage, People
from governance.patients.contact.notices import Kind, notify
from governance.patients.forums.handed import hands
from governance.patients.forums.hands import Hands
from governance.patients.forums.records import Work, close
from governance.patients.models import Patient
from governance.policy.current import policies
from governance.ui.house import house


class Means(NamedTuple):
    """What is needed for it of the app, or of whoever works without one."""

    keyring: Keyring
    hands: Hands
    end_coverage: EndCoverage


@contextmanager
def age_said(session: Session, patient: Patient, at: Instant, means: Means | None = None) -> Iterator[None]:
    """Have end what must, once it was said in here how old a person is, or where they live.

    THREAT: of whom nobody told an age, a child's own first yes counts at once. Who turns out to be below the age of
    their country said it without whoever has to say it with them: every permit ends, refusals stay, and what they
    choose again is put before a guardian or an officer as ever. Being told once more would not be enough for that.
    """
    keyring, given, _ = means = means or _of_the_app()
    people = People(session, keyring, policies().optout, at)
    was_too_young, before = people.is_too_young(patient), (patient.adult_from, people.clock(patient.id))
    yield
    if (patient.adult_from, people.clock(patient.id)) == before:
        # THREAT: a step that shows, where nothing is new, tells a forum that its member is somebody's elsewhere too.
        return
    tell_again(session, patient, at, means)
    if was_too_young or not people.is_too_young(patient):
        return
    opened = _permits(session, keyring, patient, at)
    close(Work(session, keyring, given, at), patient.id)
    if opened:
        notify(session, keyring, patient.id, Kind.ASK_AGAIN, at)


def tell_again(session: Session, patient: Patient, at: Instant, means: Means | None = None) -> None:
    """Have every permit ask again from the local midnights at which a person is to be told anew, past or to come.

    Called wherever an age or a country was said, and where somebody was told: whichever comes first. Instants that were
    set for another age stay; asked once too often is better than once too seldom. A birthday that we learn of
    afterwards ends what was told before it, as it would have then.
    """
    keyring, _, end_coverage = means or _of_the_app()
    for instant in People(session, keyring, policies().optout, at).tell_again_at(patient):
        end_coverage(session, keyring, patient.id, instant, at)


def _of_the_app() -> Means:
    return Means(house().keyring, hands(), current_app.extensions[END_COVERAGE])


def _permits(session: Session, keyring: Keyring, patient: Patient, at: Instant) -> bool:
    document: PatientDocument = Register(session, keyring, at).document("patient", str(patient.id))
    return document.peers_welcome or any(line.effect is Effect.PERMIT for line in document.lines)
