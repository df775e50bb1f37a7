"""A forum goes live on a clean report alone; a canary that leaks closes it at once, and staff open it with care."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from governance.effective.life.errors import BadReportError, NotNowError, NotProvenError
from governance.effective.life.models import LiveCommunity, PlatformStage, ProbeReport
from governance.effective.life.service import FRESH, standing_of
from governance.effective.life.states import MOVES, Event, State, Why
from governance.effective.models import find_revision
from governance.errors import BadInputError, NotFoundError
from governance.feed.webhooks.models import WebhookEvent
from governance.feed.webhooks.service import Announcer, Wanted, set_up
from governance.ledger.hints import HINTS, Hint
from governance.ledger.models import LedgerEntry
from governance.pdp.messages import question_of
from governance.pdp.platforms.service import go_live
from governance.ui.clock import now
from tests.forum import ANSWERED, Forum, asked
from tests.pdp.platforms.conftest import ADDRESS, LEAK, Prober

HCP = ("nurse", "ana")


def goes_live(people, community="c"):
    go_live(people.session, people.keyring, people.id, community, now())
    people.session.commit()


def is_live(people, life, prober):
    life().take(prober.says())
    goes_live(people)


def ledger(people, kind="platform_life"):
    rows = people.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == kind))
    return b" ".join(row.document for row in rows)


def test_nothing_goes_live_without_a_report(people, life):
    with pytest.raises(NotProvenError, match="no report"):
        goes_live(people)
    assert life
    assert standing_of(people.session, people.id).state is State.TRYING


@pytest.mark.parametrize(
    "said",
    [
        {"leaks": [LEAK]},
        {"proves": False},
        {"proves": "true"},
        {"proves": 1},
        {"kind": "canary"},
        {"leaks": [LEAK], "kind": "canary"},
    ],
)
def test_nothing_goes_live_on_a_report_that_does_not_say_0(people, life, prober, said):
    life().take(prober.says(**said))
    with pytest.raises((NotProvenError, NotNowError)):
        goes_live(people)
    assert LiveCommunity.of_platform(people.session, people.id) == []


def test_a_community_goes_live_on_a_walk_that_found_nothing(people, life, prober):
    people.opens("trial", mode="observe")
    is_live(people, life, prober)
    standing = standing_of(people.session, people.id)
    assert (standing.state, len(standing.live)) == (State.LIVE, 1)
    assert b"go_live" in ledger(people)


def test_going_live_enforces(people, life, prober):
    people.now = now()
    people.opens("d", mode="observe")
    life().take(prober.says())
    goes_live(people, "d")
    people.now = now()
    assert people.sets("d").mode_since <= now()
    assert standing_of(people.session, people.id).state is State.LIVE


def test_a_community_of_which_nobody_told_does_not_go_live(people, life, prober):
    life().take(prober.says())
    with pytest.raises(NotFoundError):
        goes_live(people, "elsewhere")


def test_a_walk_grows_old(life, prober):
    life().take(prober.says())
    with pytest.raises(NotProvenError):
        life(microseconds=FRESH + 10**9).may_go_live()
    assert life().may_go_live().result == "clean"


def test_who_announces_to_observe_again_is_not_called_live_any_more(people, life, prober):
    is_live(people, life, prober)
    people.now = now()
    people.opens("c", mode="observe")
    assert standing_of(people.session, people.id).live == frozenset()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"forum": "https://copy.example"}, "another address"),
        ({"ago": timedelta(hours=25)}, "24 hours"),
        ({"ago": timedelta(minutes=-10)}, "24 hours"),
        ({"made": "yesterday"}, "when it was made"),
        ({"made": "2026-05-04T10:00:00"}, "when it was made"),
        ({"told": {"leaks": 0}}, "form"),
        ({"told": {"leaks": None}}, "form"),
        ({"told": {"leaks": ""}}, "form"),
        ({"walked": []}, "form"),
    ],
)
def test_a_report_that_proves_something_else_is_refused(life, prober, said, wrong):
    # `told` takes the place of whole members, of whatever form.
    signed = prober.says(**said)
    with pytest.raises(BadReportError, match=wrong):
        life().take(signed)


def test_a_report_by_another_key_or_changed_on_its_way_is_refused(life, prober, tmp_path):
    forged, signed = Prober(tmp_path, "forger").says(), prober.says()
    header, body, signature = signed.split(".")
    for bad in (forged, f"{header}.{body[:-2]}AA.{signature}", signed[:-2], "x", "é", "a.b.c", "{}"):
        with pytest.raises(BadReportError):
            life().take(bad)
    assert life().take(signed).result == "clean"


def test_an_older_report_cannot_be_kept_for_a_bad_day(life, prober):
    good = prober.says(ago=timedelta(minutes=5), kind="canary")
    life().take(prober.says([LEAK], kind="canary"))
    with pytest.raises(BadReportError, match="newer"):
        life().take(good)


def test_a_report_that_is_sent_twice_is_taken_once(people, life, prober):
    signed = prober.says([LEAK], kind="canary")
    assert life().take(signed).id == life().take(signed + "\n").id
    people.session.commit()
    assert len(people.session.scalars(select(ProbeReport)).all()) == 1


def test_a_canary_that_leaks_shows_professionals_nothing_and_peers_everything(people, life, prober):
    is_live(people, life, prober)
    assert people.permits(*HCP)
    assert people.permits("pia", "ana")
    life().take(prober.says([LEAK], kind="canary"))
    assert people.decides(*HCP)[:2] == (False, "hcp_not_eligible")
    assert not people.permits("nurse", "nobody-we-know")
    assert people.permits("pia", "ana")
    assert people.permits("ana", "ana")
    standing = standing_of(people.session, people.id)
    assert (standing.state, standing.why) == (State.SUSPENDED, Why.CANARY)


@pytest.mark.parametrize(("kind", "suspends"), [("walk", False), ("canary", True)])
def test_while_a_forum_is_connected_its_walks_may_find_leaks_but_no_canary_may(people, life, prober, kind, suspends):
    life().take(prober.says([LEAK], kind=kind))
    assert (standing_of(people.session, people.id).state is State.SUSPENDED) is suspends
    assert people.permits(*HCP) is not suspends


def test_a_walk_that_leaks_suspends_what_is_live(people, life, prober):
    is_live(people, life, prober)
    life().take(prober.says([LEAK]))
    assert not people.permits(*HCP)


def test_what_only_observes_shows_nothing_while_a_forum_is_suspended(people, life):
    people.now = now()
    people.opens("trial", mode="observe")
    people.later(days=15)
    question = asked(*HCP, community="trial", created="2040-01-01T00:00:00Z")
    people.now += 20 * 365 * 86_400 * 1_000_000
    assert seen(people, question) == [True]
    life().suspend(Why.STAFF)
    assert seen(people, question) == [False]


def seen(people, question):
    people.session.flush()
    people.session.expire_all()
    return [answer.observed for answer in people.asks([question_of(question)])]


def test_staff_and_the_forum_are_told(people, life, prober, capsys):
    people.session.info[HINTS] = Announcer(people.keyring)
    webhook = set_up(people.session, people.keyring, people.id, Wanted("https://f.example/h", frozenset(Hint)), now())
    is_live(people, life, prober)
    life().take(prober.says([LEAK], kind="canary"))
    people.session.commit()
    events = people.session.scalars(select(WebhookEvent.hint).where(WebhookEvent.webhook_id == webhook.id))
    assert set(events) == {"changes", "standing", "canary_wanted"}
    assert "platform_suspended" in capsys.readouterr().out
    assert "suspend" in ledger(people).decode()
    assert b'"ana"' not in ledger(people)


def test_a_suspension_counts_as_a_change_for_those_who_decide_by_themselves(people, life):
    before = find_revision(people.session, people.id)
    life().suspend(Why.STAFF)
    assert find_revision(people.session, people.id) == before + 1
    # Said again, it is nothing new.
    life().suspend(Why.FORUM)
    assert find_revision(people.session, people.id) == before + 1
    assert standing_of(people.session, people.id).why == Why.STAFF


def test_a_suspension_ends_only_after_a_later_report_that_says_0(people, life, prober):
    is_live(people, life, prober)
    life().suspend(Why.STAFF)
    for early in (None, prober.says([LEAK], kind="canary"), prober.says(proves=False)):
        if early is not None:
            life(minutes=1).take(early)
        with pytest.raises(NotProvenError):
            life(minutes=2).resume()
        assert not people.permits(*HCP)
    life(minutes=3).take(prober.says(ago=timedelta(minutes=-3), kind="canary"))
    life(minutes=4).resume()
    assert people.permits(*HCP)
    assert standing_of(people.session, people.id).state is State.LIVE


def test_a_suspended_forum_does_not_go_live(people, life, prober):
    life().take(prober.says())
    life().suspend(Why.STAFF)
    with pytest.raises(NotNowError):
        goes_live(people)


def test_a_forum_that_has_ended_shows_professionals_nothing_and_stays_so(people, life, prober):
    is_live(people, life, prober)
    life().end()
    assert not people.permits(*HCP)
    life(minutes=1).take(prober.says(ago=timedelta(minutes=-1)))
    for back in (life(minutes=2).resume, life(minutes=2).end, lambda: life(minutes=2).suspend(Why.STAFF)):
        with pytest.raises(NotNowError):
            back()
    assert not people.permits(*HCP)


def test_other_forums_are_not_touched(people, life, session, keyring):
    other = Forum(session, keyring, "other", at=people.now)
    other.registers("nora")
    other.opens("c")
    other.acknowledges("eva")
    other.chooses("eva", ANSWERED, ANSWERED)
    before = other.permits("nora", "eva")
    life().suspend(Why.STAFF)
    assert before is True
    assert other.permits("nora", "eva")


def test_every_move_that_opens_needs_a_report_and_nothing_leads_out_of_the_end():
    assert {event for (_, event), to in MOVES.items() if to is State.LIVE} == {Event.GO_LIVE, Event.RESUME}
    assert not [state for state, _ in MOVES if state is State.ENDED]
    assert {state for state, event in MOVES if event is Event.END} == set(State) - {State.ENDED}


def test_the_address_and_the_key_are_looked_at(life):
    for address, key in (("forum.example", "k" * 43), (ADDRESS, "short"), (ADDRESS, "!" * 43), ("https://", "k" * 43)):
        with pytest.raises(BadInputError, match=r"address|key"):
            life().note_probe(address, key)


def test_without_a_row_a_forum_is_being_tried_out(people):
    assert people.session.get(PlatformStage, people.id) is None
    assert standing_of(people.session, people.id).state is State.TRYING
