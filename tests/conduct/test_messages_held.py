"""A forum that is put on hold pauses the messages there: patients of open conversations are told, and nobody else."""

from contextlib import nullcontext

import pytest

from governance.conduct.capacities import Scope, choose_capacity
from governance.conduct.messaging import jobs
from governance.conduct.messaging.jobs import held_conversations, held_handler
from governance.db.base import new_id
from governance.decision.vocabulary import Capacity, Instant, Status
from governance.effective.life.service import HELD, Life
from governance.effective.life.states import Why
from governance.ledger.outbox.errors import BadPayloadError
from governance.ledger.outbox.models import Job
from governance.ledger.outbox.service import Work
from governance.patients.contact.models import PatientNotice
from tests.conduct.people import marks
from tests.conduct.test_messaging import any_message, paused, writes_back
from tests.conduct.test_messaging import forum as _forum
from tests.forum import CLOSED, DAY, Forum

forum = _forum


def life(forum):
    return Life(forum.session, forum.keyring, forum.id, forum.now)


def told(forum):
    """Do what the job does, and return who was told what."""
    reading = _same_session(forum)
    held_handler(reading, forum.keyring, lambda: forum.now)(work(forum, platform=str(forum.id)))(forum.session)
    forum.session.flush()
    return sorted((row.patient_id, row.kind) for row in forum.session.query(PatientNotice).all())


def work(forum, **payload):
    return Work(new_id(), HELD, forum.now, 1, payload)


def _same_session(forum):
    return lambda: nullcontext(forum.session)


def test_a_hold_tells_those_who_are_in_a_conversation_and_they_could_write_on_before(forum):
    assert writes_back(forum)
    assert told(forum) == [], "nothing is on hold"
    life(forum).suspend(Why.STAFF)
    assert forum.session.query(Job).filter_by(kind=HELD).count() == 1
    assert told(forum) == paused(forum, "ana")
    # What the notice says is what a decision says: the next message is refused.
    assert not writes_back(forum)


def test_a_hold_that_is_said_once_more_tells_nobody_anew(forum):
    life(forum).suspend(Why.STAFF)
    life(forum).suspend(Why.LEAK)
    assert forum.session.query(Job).filter_by(kind=HELD).count() == 1


def test_who_was_told_of_a_standing_that_ended_is_not_told_of_the_hold(forum):
    assert writes_back(forum)
    marks(forum, forum.nora, Status.LAPSED)
    life(forum).suspend(Why.STAFF)
    assert held_conversations(forum.session, forum.keyring, forum.id, forum.now) == []


def test_conversations_on_another_forum_go_on(forum, session, keyring):
    assert writes_back(forum)
    other = Forum(session, keyring, "other", at=forum.now)
    Life(session, keyring, other.id, forum.now).suspend(Why.STAFF)
    assert held_conversations(session, keyring, other.id, forum.now) == []
    assert held_conversations(session, keyring, forum.id, forum.now) == []


def test_nobody_is_told_of_somebody_who_writes_as_a_patient(forum, monkeypatch):
    """A notice would tell that a member is a health professional."""
    forum.chooses("ana", CLOSED, CLOSED)
    forum.patient("cal")
    begins = Instant(forum.now + DAY)
    scope = Scope(str(forum.id))
    choose_capacity(forum.session, forum.keyring, forum.nora, scope, Capacity.PEER, now=forum.now, begins=begins)
    forum.later(days=1)
    assert writes_back(forum, "cal")
    life(forum).suspend(Why.STAFF)
    assert told(forum) == []
    monkeypatch.setattr(jobs, "_is_message_of", any_message)
    assert told(forum) == paused(forum, "cal")


def test_a_job_without_a_forum_is_none(forum):
    with pytest.raises(BadPayloadError):
        held_handler(_same_session(forum), forum.keyring, lambda: forum.now)(work(forum))
