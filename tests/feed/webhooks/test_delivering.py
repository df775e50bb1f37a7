"""From news to a receiver: written with what is new, sent at least once, put off, given up, asked for again."""

import json

import pytest
from sqlalchemy import text

from governance.db.extension import transaction
from governance.feed.webhooks import service
from governance.feed.webhooks.models import State, Webhook, WebhookEvent
from governance.ledger.hints import Hint, News, give_hint
from governance.ledger.outbox.service import open_work
from tests.ledger.outbox.conftest import HOUR, MINUTE, SECOND

DAY = 24 * HOUR


@pytest.fixture
def webhook(post, platform_id, door):
    return post.sets_up(platform_id, door.url)


@pytest.fixture
def receiver(post, webhook):
    return post.receiver(webhook)


def got(door, receiver):
    """Every hint that arrived, each checked as a forum does."""
    return [receiver.check(headers, body) for headers, body in zip(door.headers, door.bodies, strict=True)]


def test_a_piece_of_news_arrives_signed_and_says_nothing_of_anybody(post, platform_id, door, receiver):
    post.news(platform_id, record="disclosure", version="2.0.0")
    assert post.works() == 1
    (hint,) = got(door, receiver)
    assert (hint.type, hint.data) == ("governance.policy_published", {"record": "disclosure", "version": "2.0.0"})
    body = json.loads(door.bodies[0])
    assert body == {
        "specversion": "1.0",
        "id": hint.id,
        "source": "https://service.example",
        "type": hint.type,
        "time": body["timestamp"],
        "timestamp": "2027-01-15T08:00:00Z",
        "datacontenttype": "application/json",
        "data": hint.data,
    }
    assert door.headers[0]["Content-Type"] == "application/cloudevents+json"
    assert (post.event().state, post.rows()) == (State.DELIVERED, [])


@pytest.mark.usefixtures("webhook")
def test_what_is_rolled_back_is_told_to_nobody(post, platform_id, door):
    def act():
        with post.writing() as session:
            give_hint(session, News(Hint.POLICY, platform_id, post.now, {}))
            raise KeyError

    with pytest.raises(KeyError):
        act()
    assert post.works() == 0
    assert (post.events(), door.seen) == ([], {})


def test_changes_before_a_hint_is_sent_are_one_hint_and_one_after_it_is_another(post, platform_id, door, receiver):
    for _ in range(5):
        post.news(platform_id, Hint.CHANGES)
    post.works()
    post.news(platform_id, Hint.CHANGES)
    post.works()
    assert [hint.data for hint in got(door, receiver)] == [{"revision": 0}, {"revision": 0}]


def hints_of_two_changes(post, platform_id, door):
    """Change something, and once more while the hint of that is being sent for the first time, in vain."""
    door.answer = lambda _name, number: "ok" if number > 1 or len(door.seen) > 1 else "500"
    plain, told = post.sender.send, []

    def send(*parcel):
        if not told:
            told.append(post.news(platform_id, Hint.CHANGES))
        return plain(*parcel)

    post.sender.send = send
    post.news(platform_id, Hint.CHANGES)
    post.drains()
    return len(door.taken)


@pytest.mark.usefixtures("webhook")
def test_a_change_while_a_hint_is_on_its_way_gets_a_hint_of_its_own(post, platform_id, door):
    """The one on its way has read the revision already."""
    assert hints_of_two_changes(post, platform_id, door) == 2


@pytest.mark.usefixtures("webhook")
def test_control_a_hint_that_stands_for_all_that_comes_until_it_arrives_would_swallow_it(
    post, platform_id, door, monkeypatch
):
    anything = classmethod(lambda cls, *who: next(iter(cls.waiting_of(*who[:2])), None))
    monkeypatch.setattr(WebhookEvent, "unsent", anything)
    assert hints_of_two_changes(post, platform_id, door) == 1


def test_only_what_was_asked_for_is_sent_and_only_to_the_forum_it_is_about(post, platform_id, door):
    post.sets_up(platform_id, door.url, {Hint.CANARY})
    post.news(platform_id, Hint.POLICY, version="1")
    post.news(post.sets_up(platform_id, f"{door.url}&x"), Hint.CANARY)
    assert post.works() == 0
    post.news(None, Hint.CANARY, n=1)
    post.works()
    assert len(door.taken) == 2


@pytest.mark.parametrize("way", ["500", "reset", "slow", "redirect", "garbage"])
def test_who_fails_is_tried_again_later_and_later_under_the_same_id(post, platform_id, webhook, door, way):
    door.answer, door.elsewhere = lambda _name, number: "ok" if number > 3 else way, door.url
    post.chance = 1
    post.news(platform_id, n=1)
    waits = []
    for _ in range(3):
        post.works()
        waits.append(post.row().due - post.now)
        assert post.event().tries == len(waits)
        post.later(waits[-1])
    assert waits == [5 * SECOND, 30 * SECOND, 2 * MINUTE]
    post.works()
    assert (list(door.seen.values()), post.event().state) == ([4], State.DELIVERED)
    assert (post.pace(webhook).failures, post.pace(webhook).trouble) == (0, None)
    assert len(set(door.bodies)) == 1


@pytest.mark.usefixtures("webhook")
def test_nothing_is_sent_to_who_rests_and_all_of_it_when_they_are_back(post, platform_id, door):
    door.answer = lambda *_: "500"
    post.news(platform_id, n=0)
    for _ in range(6):
        post.works()
        post.later(post.row().due - post.now)
    tried = sum(door.seen.values())
    post.now -= HOUR
    for number in range(30):
        post.news(platform_id, n=number)
    assert post.works() == 0
    post.later(HOUR)
    door.answer = lambda *_: "ok"
    began = post.now
    post.drains()
    assert post.now - began < MINUTE
    assert (tried, len(door.taken)) == (6, 31)


@pytest.mark.usefixtures("webhook")
def test_a_receiver_is_waited_for_as_long_as_it_asks(post, platform_id, door):
    door.answer = lambda *_: "later"
    post.news(platform_id, n=1)
    post.works()
    assert post.row().due == post.now + 30 * MINUTE


def test_one_event_that_always_fails_stops_no_other(post, platform_id, door, webhook):
    post.news(platform_id, n=0)
    poison = service_name(post.event())
    door.answer = lambda name, _number: "500" if name == poison else "ok"
    for number in range(1, 60):
        post.news(platform_id, n=number)
    while len(door.taken) < 59:
        post.works()
        post.later(MINUTE)
    assert post.pace(webhook).delivered is not None
    post.drains()
    assert {event.state for event in post.events()} == {State.DELIVERED, State.DEAD}


def service_name(event):
    return f"evt_{event.id.hex}"


def test_after_a_day_it_is_given_up_for_the_forum_and_for_staff_to_see_and_our_outbox_stays_well(
    post, platform_id, webhook, door
):
    door.answer = lambda *_: "500"
    post.news(platform_id, n=1)
    assert DAY <= post.drains() < DAY + MINUTE
    event = post.event()
    assert (event.state, event.trouble) == (State.DEAD, "status_500")
    assert 10 < event.tries < 30
    assert post.condition().is_well
    door.answer = lambda *_: "ok"
    assert post.does_on(service.redeliver, webhook, post.now) == 1
    post.works()
    assert (post.event().state, list(door.taken)) == (State.DELIVERED, [service_name(event)])


def test_one_event_can_be_asked_for_again_though_it_was_delivered(post, platform_id, webhook, door):
    post.news(platform_id, n=1)
    post.works()
    assert post.does_on(service.redeliver, webhook, post.now, post.event().id) == 1
    post.works()
    assert list(door.taken.values()) == [2]


def test_who_says_gone_is_left_alone_until_they_ask(post, platform_id, webhook, door):
    door.answer = lambda *_: "410"
    post.news(platform_id, n=1)
    post.works()
    assert (post.event().state, post.pace(webhook).paused, post.rows()) == (State.DEAD, post.now, [])
    post.news(platform_id, n=2)
    assert (post.works(), len(post.events())) == (0, 1)
    door.answer = lambda *_: "ok"
    post.sets_up(platform_id, door.url)
    post.works()
    # Whatever came meanwhile was told to nobody.
    assert [json.loads(body)["type"] for body in door.bodies[1:]] == ["governance.changes"]


def test_a_ping_does_not_wait_for_who_rests(post, platform_id, webhook, door):
    door.answer = lambda *_: "500"
    post.news(platform_id, n=1)
    post.works()
    post.later(20 * SECOND)
    for _ in range(3):
        post.works()
    door.answer = lambda *_: "ok"
    post.does_on(service.ping, webhook, post.now)
    post.does_on(service.ping, webhook, post.now)
    post.works()
    kinds = [json.loads(body)["type"] for body in door.bodies]
    assert kinds.count("governance.ping") == 1
    assert post.drains() < HOUR
    assert {event.state for event in post.events()} == {State.DELIVERED}


def test_taken_away_it_gets_nothing_more(post, platform_id, webhook, door):
    post.news(platform_id, n=1)
    post.does_on(service.take_away, webhook)
    post.works()
    post.news(platform_id, n=2)
    assert (post.works(), post.events(), door.seen, post.rows()) == (0, [], {}, [])


@pytest.mark.usefixtures("webhook")
def test_an_event_whose_worker_was_killed_after_sending_is_sent_once_more(post, platform_id, door):
    post.news(platform_id, n=1)
    job = post.take()
    with post.looking() as session:
        work = open_work(session, post.keyring, job)
    post.handlers[service.KIND](work)
    assert list(door.taken.values()) == [1]
    post.later(61 * SECOND)
    post.works()
    assert (list(door.taken.values()), post.event().state) == ([2], State.DELIVERED)


@pytest.mark.usefixtures("webhook")
def test_once_an_hour_what_is_over_goes_and_who_was_forgotten_is_woken(post, platform_id, door):
    post.news(platform_id, n=1)
    post.works()
    post.news(platform_id, n=2)
    with post.writing() as session:
        session.execute(text("DELETE FROM job"))
    post.recurs("webhook_upkeep", HOUR)
    assert post.works() == 2
    assert len(door.taken) == 2
    post.later(3 * DAY + HOUR)
    post.works()
    assert post.events() == []


@pytest.mark.usefixtures("webhook")
def test_a_webhook_that_a_restore_brought_back_is_told_to_ask_for_changes(app, post, platform_id, door):
    with app.app_context(), transaction() as session:
        session.execute(text("DELETE FROM webhook_pace"))
    post.news(platform_id, Hint.CHANGES)
    assert post.works() == 0
    post.recurs("webhook_upkeep", HOUR)
    post.works()
    assert [json.loads(body)["type"] for body in door.bodies] == ["governance.changes"]


def test_nothing_in_the_database_says_where_hints_go(post, webhook, door):
    with post.looking() as session:
        row = session.get(Webhook, webhook)
        stored = b"".join(str(getattr(row, c.key)).encode() for c in row.__table__.columns) + row.sealed_address
    assert b"127.0.0.1" not in stored
    assert b"of=forum" not in stored
    assert service.address_of(post.keyring, row) == door.url
