"""Letting a yes count on one more forum: proved, shown, waited for, stoppable, and never by a row of another hand."""

import pytest

from governance.ledger.outbox.models import Job
from governance.optout.choices import Choices
from governance.patients.forums.models import YesWish
from governance.patients.forums.yes import NoWishError, cancel, counting, take_effect, wish
from governance.portal.righting import What, Wish, put_right
from tests.forum import CLOSED, DAY, SEEN
from tests.patients.two_forums import joins, record, tells, unlinks

HERE = {"community": "c", "thread": "t", "created": "2026-05-04T09:00:00Z", "edited": None}


@pytest.fixture
def joined(pair):
    """Ana lets everybody look on F, and her forums are joined."""
    pair.f.acknowledges(f"{pair.ana}-2")
    pair.f.chooses(f"{pair.ana}-2", CLOSED, SEEN)
    pair.ana = f"{pair.ana}-2"
    joins(pair.f, pair.ana, pair.g, pair.other)
    return pair


def wishes(pair, monkeypatch):
    """Wish that a yes counts on G; return the wish and what its job holds."""
    held = []
    monkeypatch.setattr("governance.patients.forums.yes.enqueue", lambda *args: held.append(args[3]))
    g = pair.g
    row = wish(g.session, g.keyring, (record(g, pair.other), g.id), (g.now, g.now + DAY))
    return row, held[0]["token"]


def due(pair, row, token):
    pair.g.later(days=1)
    return take_effect(pair.g.session, pair.g.keyring, row.id, token, pair.g.now)


def may_look(pair):
    return pair.g.permits("doctor", pair.other, "view", **HERE)


def test_whom_it_lets_in_is_known_before_and_it_counts_after_its_wait(joined, monkeypatch):
    g = joined.g
    found = counting(g.session, g.keyring, record(g, joined.other), g.id, g.now)
    assert not found.counts
    assert found.witness is not None
    row, token = wishes(joined, monkeypatch)
    assert not may_look(joined)
    assert not take_effect(g.session, g.keyring, row.id, token, g.now)
    assert due(joined, row, token)
    assert may_look(joined)
    assert not take_effect(g.session, g.keyring, row.id, token, g.now)


def test_one_press_stops_it(joined, monkeypatch):
    row, token = wishes(joined, monkeypatch)
    cancel(joined.g.session, joined.g.keyring, record(joined.g, joined.other), row.id, joined.g.now)
    assert not due(joined, row, token)
    assert not may_look(joined)
    with pytest.raises(NoWishError):
        cancel(joined.g.session, joined.g.keyring, record(joined.g, joined.other), row.id, joined.g.now)


@pytest.mark.slow
@pytest.mark.parametrize("change", ["platform_id", "due", "patient_id", "token"])
def test_a_row_of_another_hand_opens_nothing(joined, monkeypatch, change):
    row, token = wishes(joined, monkeypatch)
    changed = {"platform_id": joined.f.id, "due": row.due - DAY, "patient_id": record(joined.f, "never") or row.id}
    if change == "token":
        token = "another"
    elif change != "patient_id":
        setattr(row, change, changed[change])
    else:
        row.patient_id = joined.f.patient(f"{joined.ana}-thief").id
    joined.g.session.flush()
    assert not due(joined, row, token)
    assert not may_look(joined)


@pytest.mark.slow
def test_parting_stops_what_waits(joined, monkeypatch):
    row, token = wishes(joined, monkeypatch)
    unlinks(joined.g, joined.other)
    assert not due(joined, row, token)
    assert not YesWish.open_of(joined.g.session, row.patient_id)


@pytest.mark.parametrize("what", [What.STOP, What.HIDE])
def test_putting_right_stops_it_as_all_else_that_waits(joined, monkeypatch, what):
    """Somebody was made to say yes on one more forum."""
    row, token = wishes(joined, monkeypatch)
    g, account = joined.g, joined.g.account(joined.other)
    put_right(g.session, g.keyring, (account.id, g.id, account.key), Wish(what, was_made=True), g.now)
    assert not due(joined, row, token)
    assert not YesWish.open_of(g.session, row.patient_id)


@pytest.mark.slow
def test_its_job_is_queued_for_when_it_is_due(joined):
    g, before = joined.g, joined.g.session.query(Job).count()
    wish(g.session, g.keyring, (record(g, joined.other), g.id), (g.now, g.now + DAY))
    assert g.session.query(Job).count() == before + 1


def test_after_a_merge_what_is_said_again_counts(pair):
    into = f"{pair.ana}-into"
    tells(pair.f, "merged", pair.ana, into)
    pair.f.acknowledges(into)
    pair.f.wants(into, Choices(CLOSED, SEEN), proved=True)
    assert not pair.f.permits("doctor", into, "view", **HERE)
    document = counting(pair.f.session, pair.f.keyring, record(pair.f, into), pair.f.id, pair.f.now)
    assert document.counts
