"""Patients in an open conversation are told that messaging is paused: when it pauses, neutrally, and nobody else is."""

import pytest

from governance.conduct.capacities import Scope, choose_capacity
from governance.conduct.messaging.jobs import in_conversation, look_handler, tell
from governance.conduct.messaging.models import Messaging
from governance.db.base import new_id
from governance.decision.vocabulary import Capacity, Instant, Status
from governance.ledger.decisions.service import Noted, write
from governance.ledger.outbox.models import Job
from governance.patients.contact.models import PatientNotice
from governance.pdp.messages import question_of
from tests.conduct.officers import officer, sanctions, wanted
from tests.conduct.people import in_good_standing, marks
from tests.forum import CLOSED, DAY, IN_TOUCH, asked

TELL = "conduct.messaging.tell"


@pytest.fixture
def forum(forum):
    """Ana and Bea let Nora write once they wrote first; only Ana did."""
    for name in ("ana", "bea"):
        forum.acknowledges(name)
        forum.chooses(name, CLOSED, IN_TOUCH)
    forum.nora = in_good_standing(forum)
    return forum


def writes_back(forum, author="ana"):
    """Ana wrote first, and the forum asks whether Nora may answer; its log remembers."""
    question = asked("nora", author, "message", wrote_first=True)
    del question["resource"]["properties"]["thread"], question["resource"]["properties"]["created"]
    del question["resource"]["properties"]["edited"]
    answer = forum.asks([question_of(question)])[0]
    noted = Noted(new_id(), forum.id, 1, answer.request, answer.facts, answer.decision)
    write(forum.session, forum.keyring, [noted])
    return answer.decision.permit


def jobs(forum):
    return forum.session.query(Job).filter_by(kind=TELL).count()


def told(forum):
    """Do what the job does, and return who was told what."""
    patients = in_conversation(forum.session, forum.keyring, forum.nora, forum.now)
    tell(forum.session, forum.keyring, patients, forum.now)
    forum.session.flush()
    rows = forum.session.query(PatientNotice).all()
    return sorted((row.patient_id, row.kind) for row in rows)


def paused(forum, *names):
    return sorted((forum.patient(name).id, "messaging_paused") for name in names)


def test_a_lapse_tells_those_who_are_in_a_conversation(forum):
    assert writes_back(forum)
    marks(forum, forum.nora, Status.LAPSED)
    assert jobs(forum) == 1
    assert told(forum) == paused(forum, "ana")


def test_a_sanction_that_closes_messages_tells_them_and_another_one_does_not(forum):
    olu = officer(forum)
    assert writes_back(forum)
    sanctions(forum).take(forum.nora, wanted("restrict"), olu)
    assert jobs(forum) == 0
    sanctions(forum).take(forum.nora, wanted("suspend"), olu)
    assert jobs(forum) == 1


def test_what_pauses_by_time_alone_is_found_within_the_hour(forum):
    look = look_handler(forum.keyring, lambda: forum.now)(None)
    look(forum.session)
    assert jobs(forum) == 0
    forum.later(days=90)
    look(forum.session)
    look(forum.session)
    assert jobs(forum) == 1


@pytest.mark.slow
def test_of_somebody_who_was_never_looked_at_the_end_is_no_beginning(forum):
    """A database that is older than this room."""
    forum.session.query(Messaging).delete()
    marks(forum, forum.nora, Status.LAPSED)
    assert jobs(forum) == 1
    forum.session.query(Messaging).delete()
    look_handler(forum.keyring, lambda: forum.now)(None)(forum.session)
    assert not forum.session.query(Messaging).one().can


def test_who_never_could_write_has_nobody_to_be_told(forum):
    assert forum.session.query(Messaging).one().can
    forum.registers("anton", assurance=3)
    assert jobs(forum) == 0


@pytest.mark.slow
def test_an_old_conversation_is_no_open_one(forum):
    assert writes_back(forum)
    forum.later(days=31)
    assert told(forum) == []


@pytest.mark.slow
def test_a_refused_message_is_no_conversation(forum):
    forum.hides("ana")
    assert not writes_back(forum)
    assert told(forum) == []


def any_message(entry, hcp):
    """A mistake: what was written as a patient counts as well."""
    return entry.logged.viewer in hcp.accounts


def test_nobody_is_told_of_somebody_who_writes_as_a_patient(forum, monkeypatch):
    """A notice would tell that a member is a health professional."""
    forum.chooses("ana", CLOSED, CLOSED)
    forum.patient("cal")
    scope = Scope(str(forum.id))
    begins = Instant(forum.now + DAY)
    choose_capacity(forum.session, forum.keyring, forum.nora, scope, Capacity.PEER, now=forum.now, begins=begins)
    forum.later(days=1)
    assert writes_back(forum, "cal")
    sanctions(forum).take(forum.nora, wanted("suspend"), officer(forum))
    assert told(forum) == []
    monkeypatch.setattr("governance.conduct.messaging.jobs._is_message_of", any_message)
    assert told(forum) == paused(forum, "cal")
