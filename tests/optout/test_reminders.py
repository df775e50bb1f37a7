"""A week and a day before a no ends its patient is reminded, if it still stands; nobody is told what."""

import pytest

from governance.crypto.data_keys import KeyGoneError
from governance.decision.vocabulary import Instant
from governance.effective.erasure import erase
from governance.ledger.outbox import service as outbox
from governance.optout.choices import Choices
from governance.optout.jobs import reminding_handler
from governance.optout.own.reminders import KIND
from tests.forum import DAY, SEEN
from tests.optout.rules import a_day_later, closed_to_everyone


@pytest.fixture
def ben(forum):
    """Two weeks without professionals."""
    forum.acknowledges("ana")
    span = int(forum.now), int(forum.now) + 14 * DAY
    forum.wants("ana", Choices(SEEN, SEEN, rules=closed_to_everyone(span)))
    return forum


def reminded(forum, **times):
    """Let time pass, do what is due, and return who was told at which day."""
    forum.later(**times)
    told = []
    handle = reminding_handler(forum.keyring, lambda: forum.now, lambda _session, who, at: told.append((who, at)))
    while job := outbox.take(forum.session, [KIND], forum.now):
        handle(outbox.open_work(forum.session, forum.keyring, job))(forum.session)
        outbox.finish(forum.session, job, forum.now)
    return told


def test_a_week_and_a_day_before_the_end_and_at_no_other_time(ben):
    patient = ben.patient("ana").id
    assert reminded(ben, days=6, hours=23) == []
    assert reminded(ben, hours=1) == [(patient, ben.now)]
    assert reminded(ben, days=5) == []
    assert reminded(ben, days=1) == [(patient, ben.now)]
    assert reminded(ben, days=3) == []


def test_a_refusal_that_was_lifted_reminds_of_nothing(ben):
    ben.wants("ana", Choices(SEEN, SEEN), proved=True)
    a_day_later(ben)
    assert reminded(ben, days=14) == []


def test_saving_again_reminds_once(ben):
    ben.wants("ana", ben.choices("ana")._replace(others=ben.choices("ana").care_team, care_team=SEEN))
    ben.wants("ana", ben.choices("ana")._replace(hold=True))
    assert len(reminded(ben, days=7)) == 1


def test_of_somebody_who_was_erased_the_job_does_not_open(ben):
    erase(ben.session, ben.keyring, ben.patient("ana").id, ben.now, final_at=ben.now)
    job = outbox.take(ben.session, [KIND], Instant(ben.now + 14 * DAY))
    with pytest.raises(KeyGoneError):
        outbox.open_work(ben.session, ben.keyring, job)
