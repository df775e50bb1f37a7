"""A hold ends by nothing narrower than what began it; and what can be walked under a hold is narrow."""

from datetime import timedelta

import pytest

from governance.effective.life import reports, service
from governance.effective.life.errors import NotProvenError
from governance.effective.life.jobs import KIND as WALKS_OWED
from governance.effective.life.jobs import walks_handler
from governance.effective.life.models import PlatformStage, ProbeReport
from governance.effective.life.reports import CANARY, WALK
from governance.effective.life.service import HELD, standing_of
from governance.effective.life.states import ENDINGS, WALK_WITHIN, Ending, Mended, State, Why, ending_of
from governance.ledger.outbox.backoff import HOUR
from governance.ledger.outbox.handlers import Recurring
from governance.ledger.outbox.models import Job
from governance.ledger.outbox.service import ensure_recurring
from governance.ledger.outbox.wiring import outbox_of, tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.pdp.platforms.steps import steps_of
from governance.ui.clock import now
from tests.pdp.platforms.conftest import LEAK
from tests.pdp.platforms.test_life import goes_live, is_live, ledger

HCP = ("nurse", "ana")
DAYS = timedelta(days=3)


@pytest.fixture
def says(life, prober):
    """Have a report of some kind taken, so many minutes from now, made then."""

    def says(minutes, kind="walk", leaks=(), **told):
        made = prober.says(leaks, kind=kind, ago=timedelta(minutes=-minutes), **told)
        return life(minutes=minutes).take(made)

    return says


def standing(people):
    people.session.flush()
    return standing_of(people.session, people.id)


def where(people):
    found = standing(people)
    return found.state, found.why


def begins(life, says, why):
    """A hold begins, one minute from now, in the one way that there is for it."""
    if why in {Why.LEAK, Why.CANARY}:
        says(1, kind="walk" if why is Why.LEAK else "canary", leaks=[LEAK])
    else:
        life(minutes=1).suspend(why)


@pytest.mark.parametrize("began_and_ends", [(why, kind) for why in ENDINGS for kind in ("walk", "canary")])
def test_each_hold_ends_by_what_the_table_says_and_by_nothing_less(people, life, prober, says, began_and_ends):
    why, kind = began_and_ends
    is_live(people, life, prober)
    begins(life, says, why)
    assert where(people) == (State.SUSPENDED, why)
    with pytest.raises(NotProvenError):
        life(minutes=2).resume(because=Mended.PATCHED)
    says(3, kind)
    if ENDINGS[why].by_walk:
        with pytest.raises(NotProvenError, match="--because"):
            life(minutes=4).resume()
        assert not people.permits(*HCP)
        life(minutes=4).resume(because=Mended.PATCHED)
        assert where(people) == (State.LIVE, Why.WALK_OWED)
    else:
        life(minutes=4).resume()
        assert where(people) == (State.LIVE, "")
    assert people.permits(*HCP)


def test_where_a_canary_ends_whatever_began_a_walks_hold_ends_by_it(people, life, prober, says, monkeypatch):
    """The broken variant: it shows that the test above can fail."""
    monkeypatch.setattr(service, "ending_of", lambda _: Ending(0, by_walk=False))
    is_live(people, life, prober)
    begins(life, says, Why.LEAK)
    says(3, "canary")
    life(minutes=4).resume()
    assert people.permits(*HCP)


@pytest.mark.parametrize("why", ["", "elsewhere", Why.WALK_OWED])
def test_what_is_not_in_the_table_ends_as_hard_as_anything_does(why):
    assert ending_of(why) == ENDINGS[Why.LEAK]
    assert set(ENDINGS) | {Why.WALK_OWED} == set(Why)


@pytest.mark.parametrize("first", [Why.STAFF, Why.FORUM, Why.CANARY])
def test_what_a_walk_finds_under_a_hold_makes_it_one_of_the_whole_forum(people, life, prober, says, first):
    is_live(people, life, prober)
    begins(life, says, first)
    since = standing(people).since
    says(2, leaks=[LEAK])
    assert where(people) == (State.SUSPENDED, Why.LEAK)
    assert standing(people).since == since
    assert b'"what":"widen"' in ledger(people)
    says(3, "canary")
    with pytest.raises(NotProvenError, match="--because"):
        life(minutes=4).resume()


def test_nothing_narrower_takes_the_place_of_what_began_it(people, life, prober, says):
    is_live(people, life, prober)
    begins(life, says, Why.LEAK)
    says(2, "canary", leaks=[LEAK])
    life(minutes=3).suspend(Why.FORUM)
    assert where(people) == (State.SUSPENDED, Why.LEAK)


def test_a_walk_under_a_hold_counts_as_a_canary(people, life, prober, says):
    """Nothing is shown then, so nothing that a permitted post would leak can be found."""
    is_live(people, life, prober)
    begins(life, says, Why.LEAK)
    assert says(3).kind == CANARY
    life(minutes=4).resume(because=Mended.PATCHED)
    # Sent late, it is no walk of the forum as it is now either.
    late = life(minutes=6).take(prober.says(told={"plan": "1" * 64}, ago=timedelta(minutes=-3)))
    assert late.kind == CANARY
    assert where(people) == (State.LIVE, Why.WALK_OWED)


def test_a_walk_that_leaks_is_one_wherever_it_was_made(people, life, says):
    life().suspend(Why.STAFF)
    assert says(2, leaks=[LEAK]).kind == WALK
    assert where(people) == (State.SUSPENDED, Why.LEAK)


def owes(people, life, prober, says):
    is_live(people, life, prober)
    begins(life, says, Why.LEAK)
    says(3, "canary")
    life(minutes=4).resume(because=Mended.REMOVED)


def test_a_clean_walk_pays_what_is_owed_and_nothing_else_does(people, life, prober, says):
    owes(people, life, prober, says)
    for minutes, kind, told in ((5, "canary", {}), (6, "walk", {"proves": False})):
        says(minutes, kind, **told)
        assert where(people) == (State.LIVE, Why.WALK_OWED)
    assert says(7).kind == WALK
    assert where(people) == (State.LIVE, "")
    comes_round(people, minutes=8, days=4)
    assert people.permits(*HCP)


def comes_round(people, **later):
    moment = now() + timedelta(**later) // timedelta(microseconds=1)
    walks_handler(people.keyring, lambda: moment)(None)(people.session)
    people.session.flush()


def test_without_it_the_forum_is_held_again_when_the_time_is_over(people, life, prober, says):
    owes(people, life, prober, says)
    assert standing(people).walk_due == standing(people).since + WALK_WITHIN
    comes_round(people, minutes=3, days=3)
    assert people.permits(*HCP)
    comes_round(people, minutes=5, days=3)
    assert where(people) == (State.SUSPENDED, Why.LEAK)
    assert not people.permits(*HCP)
    with pytest.raises(NotProvenError, match="made before"):
        life(days=3, minutes=6).resume(because=Mended.OTHER)


def worker_of(app, *kinds):
    worker = Worker(tools_of(app), Hands())
    worker._kinds = [*kinds]
    return worker


def test_the_worker_holds_it_again_and_tells_whom_that_touches(app, people, life, prober, says):
    """The jobs as an app has them: what comes round each hour, and what a hold asks for."""
    assert Recurring(WALKS_OWED, HOUR) in outbox_of(app).recurring
    owes(people, life, prober, says)
    row = people.session.get(PlatformStage, people.id)
    row.since -= WALK_WITHIN + 5 * 60 * 1_000_000
    ensure_recurring(people.session, people.keyring, WALKS_OWED, HOUR, now=now())
    before = people.session.query(Job).filter_by(kind=HELD).count()
    people.session.commit()
    assert worker_of(app, WALKS_OWED).step()
    people.session.expire_all()
    assert where(people) == (State.SUSPENDED, Why.LEAK)
    assert not people.permits(*HCP)
    assert people.session.query(Job).filter_by(kind=HELD).count() == before + 1
    people.session.commit()
    # Those of the first hold lie a few minutes ahead of now.
    assert worker_of(app, HELD).step()
    people.session.expire_all()
    assert people.session.query(Job).filter_by(kind=HELD).count() == before


def test_while_a_walk_is_owed_a_leak_shuts_a_forum_that_is_only_tried_out(people, life, says):
    life(minutes=1).suspend(Why.SEEN)
    says(3, "canary")
    life(minutes=4).resume(because=Mended.MISTAKEN)
    assert where(people) == (State.TRYING, Why.WALK_OWED)
    says(5, leaks=[LEAK])
    assert where(people) == (State.SUSPENDED, Why.LEAK)
    assert not people.permits(*HCP)


def test_a_smaller_hold_does_not_take_away_what_is_owed(people, life, prober, says):
    owes(people, life, prober, says)
    life(minutes=5).suspend(Why.FORUM)
    assert where(people) == (State.SUSPENDED, Why.LEAK)
    says(6, "canary")
    with pytest.raises(NotProvenError, match="--because"):
        life(minutes=7).resume()


def test_nothing_goes_live_while_a_walk_is_owed(people, life, prober, says):
    """Not on a walk of before either, which was right until somebody saw what leaks."""
    life().take(prober.says())
    life(minutes=1).suspend(Why.SEEN)
    says(3, "canary")
    life(minutes=4).resume(because=Mended.PATCHED)
    with pytest.raises(NotProvenError, match="owes a walk"):
        goes_live(people)
    says(5)
    life(minutes=6).go_live("c")
    assert where(people) == (State.LIVE, "")


def test_on_a_walk_under_a_hold_nothing_goes_live_afterwards(life, says, monkeypatch):
    life(minutes=1).suspend(Why.STAFF)
    says(3)
    life(minutes=4).resume()
    with pytest.raises(NotProvenError, match="before and after a no"):
        life(minutes=5).may_go_live()
    # Where such a walk counted as one, it would.
    monkeypatch.setattr(service, "worth", lambda told, _: told.kind)
    life(minutes=6).suspend(Why.STAFF)
    says(7)
    life(minutes=8).resume()
    assert life(minutes=9).may_go_live().kind == WALK


def test_what_staff_said_and_what_is_owed_is_on_the_books_and_in_the_steps(people, life, prober, says):
    owes(people, life, prober, says)
    assert b'"because":"removed"' in ledger(people)
    told = {one.name: one for one in steps_of(people.session, people.keyring, people.platform, now()).steps}
    assert (told["probe"].done, "is owed until" in told["probe"].told) == (False, True)
    says(5)
    assert b'"what":"walked"' in ledger(people)
    told = {one.name: one for one in steps_of(people.session, people.keyring, people.platform, now()).steps}
    assert told["probe"].done


def test_a_hold_of_before_canaries_had_a_word_of_their_own_ends_as_a_walks(people, life, prober, says):
    is_live(people, life, prober)
    begins(life, says, Why.CANARY)
    people.session.get(PlatformStage, people.id).why = "leak"
    says(3, "canary")
    with pytest.raises(NotProvenError, match="--because"):
        life(minutes=4).resume()


def test_a_walk_in_the_second_in_which_a_forum_goes_on_is_one():
    """Reports know whole seconds alone."""
    told = reports.Told("0" * 64, WALK, "clean", 0, 5_000_000)
    assert reports.worth(told, 5_400_000) == WALK
    assert reports.worth(told, 6_000_000) == CANARY
    assert reports.worth(told, None) == CANARY
    assert ProbeReport.__table__.c.kind.type.length >= len(CANARY)
