"""A job is written with its cause, done once, put off, given up, brought back."""

import pytest
from sqlalchemy import text

from governance.ledger.outbox import backoff, service
from governance.ledger.outbox.errors import HopelessJobError, JobNotFoundError, LeaseLostError
from tests.ledger.outbox.conftest import HOUR, MINUTE, SECOND, START

DAY = 24 * HOUR
MARKER = "ana@example.org"


def refuse_everything():
    return ValueError(f"nothing for {MARKER}")


def test_a_job_is_done_when_it_is_due_and_then_gone(office):
    office.does("k")
    office.wants(due=START + MINUTE, number=7)
    assert office.works() == 0
    office.later(MINUTE)
    assert office.works() == 1
    assert office.done == [{"number": 7}]
    assert office.rows() == []


def test_what_is_due_longest_is_done_first(office):
    office.does("k")
    for number in (3, 1, 2):
        office.wants(due=START - 10 + number, number=number)
    office.works()
    assert [done["number"] for done in office.done] == [1, 2, 3]


def roll_back(office):
    with office.writing() as session:
        service.enqueue(session, office.keyring, "k", {}, office.now)
        raise KeyError


def test_a_rolled_back_caller_leaves_no_job(office):
    with pytest.raises(KeyError):
        roll_back(office)
    assert office.rows() == []


def test_a_payload_is_not_to_be_read_in_the_database(office):
    office.wants(to=MARKER)
    assert MARKER.encode() not in office.row().sealed_payload
    assert "example" not in str(vars(office.row()))


def test_two_workers_never_get_the_same_job(office):
    office.does("k")
    office.wants()
    assert office.take() is not None
    assert office.take() is None


def test_a_job_of_a_kind_that_nobody_here_knows_waits_for_somebody_who_does(office):
    office.does("other")
    office.wants("k")
    assert office.works() == 0
    assert office.row().tries == 0


def test_a_failed_try_is_put_off_and_its_text_is_not_kept(office):
    office.does("k", fail=refuse_everything)
    office.wants()
    assert office.works() == 1
    row = office.row()
    assert (row.due, row.tries, row.last_error) == (START + 5 * SECOND, 1, "ValueError")
    assert row.lease_until is None


def test_a_failed_effect_leaves_nothing_and_is_put_off(office):
    def write_and_fail(session):
        session.execute(text("UPDATE job SET kind = 'half'"))
        raise ValueError

    office.handlers["k"] = lambda _work: write_and_fail
    office.wants()
    office.works()
    assert (office.row().kind, office.row().last_error) == ("k", "ValueError")


def test_waits_double_up_to_a_day_and_are_drawn_from_all_of_it():
    longest = [backoff.longest_wait(tries) for tries in range(1, 40)]
    assert longest[:3] == [10 * SECOND, 20 * SECOND, 40 * SECOND]
    assert max(longest) == longest[-1] == DAY
    assert backoff.wait_after(4, lambda: 0) == 0
    assert backoff.wait_after(4, lambda: 0.75) == 60 * SECOND


def test_a_job_that_always_fails_becomes_a_dead_letter_and_can_be_tried_again(office):
    office.does("k", fail=refuse_everything)
    office.wants(number=1)
    tries = 0
    while office.row().dead is None:
        tries += office.works()
        office.later(DAY)
    assert tries == backoff.MOST_TRIES
    office.does("k")
    assert office.works() == 0
    with office.writing() as session:
        service.retry(session, office.row().id, office.now)
    assert office.works() == 1
    assert office.done == [{"number": 1}]


def test_a_hopeless_job_is_dead_at_once(office):
    office.does("k", fail=lambda: HopelessJobError(MARKER))
    office.wants()
    office.works()
    assert (office.row().dead, office.row().last_error) == (START, "hopeless")


BROKEN = {"no envelope": ":rubbish", "another job's": "(SELECT sealed_payload FROM job ORDER BY due DESC LIMIT 1)"}


@pytest.mark.parametrize("how", BROKEN)
def test_a_poisoned_payload_is_a_dead_letter_with_a_code_and_nothing_else(office, how):
    office.does("k")
    poisoned = office.wants(to=MARKER)
    office.wants(to="bob@example.org", due=START + DAY)
    with office.writing() as session:
        said = {"rubbish": b"x", "start": START} if ":rubbish" in BROKEN[how] else {"start": START}
        session.execute(text(f"UPDATE job SET sealed_payload = {BROKEN[how]} WHERE due = :start"), said)  # noqa: S608
    office.works()
    dead = office.rows()[0]
    assert (dead.id, dead.dead, dead.last_error) == (poisoned, START, "bad_payload")
    assert office.done == []


def test_a_job_that_ends_its_workers_is_given_up_too(office):
    office.does("k")
    office.wants()
    for _ in range(backoff.MOST_TRIES):
        assert office.take() is not None
        office.later(service.LEASE)
    office.works()
    assert (office.done, office.row().last_error) == ([], "died_in_hand")


def test_a_dropped_dead_letter_is_gone_and_a_living_job_cannot_be_dropped(office):
    office.does("k", fail=HopelessJobError)
    office.wants()
    living = office.wants(due=START + DAY)
    office.works()
    with office.writing() as session:
        service.drop(session, office.rows()[0].id)
    assert [row.id for row in office.rows()] == [living]
    with pytest.raises(JobNotFoundError), office.writing() as session:
        service.drop(session, living)
    with pytest.raises(JobNotFoundError), office.writing() as session:
        service.retry(session, living, office.now)


def test_who_lost_the_lease_writes_nothing_more(office):
    office.does("k")
    office.wants()
    slow = office.take()
    office.later(service.LEASE)
    quick = office.take()
    assert slow.id == quick.id
    with pytest.raises(LeaseLostError), office.writing() as session:
        service.prove(session, slow)
    with office.writing() as session:
        assert not service.renew(session, slow, office.now)
        assert not service.give_back(session, slow)
        service.fail(session, slow, ValueError(), now=office.now, chance=lambda: 0.0)
    assert office.row().last_error is None
    with office.writing() as session:
        service.prove(session, quick)


def test_a_job_given_back_is_free_at_once_and_was_not_tried(office):
    office.does("k")
    office.wants()
    job = office.take()
    with office.writing() as session:
        assert service.give_back(session, job)
    assert office.row().tries == 0
    assert office.works() == 1


def test_a_renewed_lease_keeps_others_away(office):
    office.does("k")
    office.wants()
    job = office.take()
    office.later(service.LEASE - 1)
    with office.writing() as session:
        assert service.renew(session, job, office.now)
    office.later(service.LEASE - 1)
    assert office.take() is None
