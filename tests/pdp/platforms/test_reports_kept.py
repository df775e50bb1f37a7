"""Reports of probes go in time, but for the newest and those by which a forum is live or on hold."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from governance.effective.life import keeping
from governance.effective.life.keeping import KIND, forget_reports, keeping_handler
from governance.effective.life.models import ProbeReport
from governance.effective.life.service import Life, standing_of
from governance.effective.life.states import State, Why
from governance.ledger.outbox.service import Work
from governance.pdp.platforms.service import go_live
from governance.policy.current import policies
from governance.ui.clock import now
from tests.forum import Forum, with_people
from tests.pdp.platforms.conftest import ADDRESS, LEAK

DAYS = 400
DAY = 24 * 3_600 * 1_000_000


def days_ago(many):
    return now() - many * DAY


@pytest.fixture
def people(session, keyring, prober):
    """A forum of long ago, whose probe is known since then."""
    forum = with_people(Forum(session, keyring, at=days_ago(2_000)))
    Life(session, keyring, forum.id, days_ago(2_000)).note_probe(ADDRESS, prober.key)
    session.commit()
    return forum


@pytest.fixture
def told(people, prober):
    """A report that came in so many days ago, and was made a minute before."""

    def take(ago, leaks=(), kind="canary"):
        life = Life(people.session, people.keyring, people.id, days_ago(ago))
        row = life.take(prober.says(leaks, kind, timedelta(days=ago, minutes=1)))
        people.session.commit()
        return row.id

    return take


@pytest.fixture
def live(people, told):
    """A forum whose community went live so many days ago; of the walk on which it did."""

    def goes(ago):
        walk = told(ago + 1, kind="walk")
        go_live(people.session, people.keyring, people.id, "c", days_ago(ago))
        people.session.commit()
        return walk

    return goes


def left(people):
    people.session.expire_all()
    return set(people.session.scalars(select(ProbeReport.id)))


def forgets(people, days=DAYS, **more):
    many = forget_reports(people.session, people.keyring, days_ago(days), **more)
    people.session.commit()
    return many


def test_it_is_as_the_policy_says_and_a_day_sooner_it_is_there(people, told):
    told(DAYS + 1)
    newest = told(3)
    days = policies().retention.probe_days
    assert days == DAYS

    def runs(clock):
        handle = keeping_handler(people.keyring, clock, lambda: days)
        handle(Work(UUID(int=1), KIND, now(), 1, {}))(people.session)
        people.session.commit()
        return len(left(people))

    assert runs(lambda: days_ago(2)) == 2
    assert runs(now) == 1
    assert left(people) == {newest}


def test_the_newest_of_each_kind_stays_however_old_it_is(people, told):
    told(1_003, kind="walk")
    newest = {told(1_002, kind="walk"), told(1_000)}
    assert forgets(people) == 1
    assert left(people) == newest


def test_the_walk_stays_on_which_a_community_is_live(people, live, told):
    walk = live(1_000)
    told(999)
    kept = {told(3, kind="walk"), told(1)}
    assert forgets(people) == 1
    assert left(people) == {walk, *kept}
    (community,) = standing_of(people.session, people.id).live
    Life(people.session, people.keyring, people.id, now()).not_live(community)
    # That the forum is live rests on it still.
    assert forgets(people) == 0
    Life(people.session, people.keyring, people.id, now()).end()
    told_now = left(people)
    assert forgets(people) == 1
    assert left(people) == told_now - {walk}


def test_without_that_it_could_not_even_be_deleted(people, live, told, monkeypatch):
    live(1_000)
    told(3, kind="walk")
    monkeypatch.setattr(keeping, "_resting", lambda *_: set())
    with pytest.raises(IntegrityError):
        forget_reports(people.session, people.keyring, days_ago(DAYS))
    people.session.rollback()


def test_the_leak_stays_for_which_a_forum_is_on_hold_and_goes_afterwards(people, live, told):
    walk = live(1_000)
    leak = told(900, [LEAK])
    later = told(899, [LEAK])
    proof = told(1)
    assert standing_of(people.session, people.id).state is State.SUSPENDED
    assert forgets(people) == 1
    assert left(people) == {walk, leak, proof}
    assert later not in left(people)
    Life(people.session, people.keyring, people.id, now()).resume()
    people.session.commit()
    assert forgets(people) == 1
    assert left(people) == {walk, proof}


def test_a_hold_without_its_leak_is_noticed(people, live, told, monkeypatch):
    live(1_000)
    leak = told(900, [LEAK])
    told(1)
    monkeypatch.setattr(ProbeReport, "last_taken", lambda *_: None)
    forgets(people)
    assert leak not in left(people)


def test_the_proof_stays_on_which_a_hold_ended(people, live, told):
    live(1_000)
    Life(people.session, people.keyring, people.id, days_ago(950)).suspend(Why.STAFF)
    proof = told(940)
    Life(people.session, people.keyring, people.id, days_ago(939)).resume()
    told(938)
    told(1)
    assert forgets(people) == 1
    assert proof in left(people)


def test_of_many_so_many_go_at_once_and_the_rest_in_the_next_run(people, told, monkeypatch):
    for ago in range(509, 501, -1):
        told(ago)
    asked = []
    monkeypatch.setattr(keeping, "MOST_AT_ONCE", 5)
    monkeypatch.setattr(keeping, "enqueue", lambda *said: asked.append(said[2]))
    monkeypatch.setattr(keeping, "forget_reports", lambda *said: forget_reports(*said, most=5))
    run = keeping_handler(people.keyring, now, lambda: DAYS)(Work(UUID(int=1), KIND, now(), 1, {}))
    seen = []
    for _ in range(2):
        run(people.session)
        people.session.commit()
        seen.append((len(left(people)), len(asked)))
    assert seen == [(3, 1), (1, 1)]


def test_one_forums_reports_keep_nothing_of_another(people, told, prober):
    told(DAYS + 2)
    newest = told(DAYS + 1)
    other = Forum(people.session, people.keyring, "other").id
    there = Life(people.session, people.keyring, other, now())
    there.note_probe(ADDRESS, prober.key)
    taken = there.take(prober.says(kind="canary", told={"plan": "1" * 64}))
    people.session.commit()
    assert forgets(people) == 1
    assert left(people) == {newest, taken.id}
