"""The doors of webhooks: set up, changed, tried, looked at, asked again, given new keys, taken away."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from governance.app import create_app
from governance.db.extension import db
from governance.feed.webhooks import commands
from governance.ledger.hints import Hint, News, give_hint
from governance.ledger.outbox.crew import Crew
from governance.ledger.outbox.wiring import tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.pep.webhooks import Receiver
from governance.policy.current import policies
from governance.policy.publishing import publish
from governance.ui.clock import now
from tests.conftest import session_of
from tests.forum import Forum
from tests.pdp.conftest import Caller

ALL = ["account_event", "canary_wanted", "changes", "exposures_wanted", "policy_published", "standing"]


@pytest.fixture
def settings(settings):
    """A test on one machine."""
    return replace(settings, webhooks_to_loopback=True)


@pytest.fixture
def forum(session, keyring):
    return Forum(session, keyring, at=now() - 1)


@pytest.fixture
def caller(app, forum):
    forum.session.commit()
    return Caller(app, forum.credentials, "webhooks:write")


@pytest.fixture
def other(app, session, keyring):
    made = Forum(session, keyring, "other", at=now() - 1)
    session.commit()
    return Caller(app, made.credentials, "webhooks:write")


def sets_up(caller, door, **said):
    answer = caller.send("/v1/webhooks", {"url": door.url, **said})
    assert answer.status_code == 200, answer.text
    return answer.json


def asks(caller, path, method="GET"):
    return caller.client.open(path, method=method, headers=caller.headers)


def works(app):
    """Do what is due, as `governance worker` does."""
    worker = Worker(tools_of(app), Hands())
    while worker.step():
        pass


def test_a_webhook_is_told_with_its_keys_and_everything_it_hears_of(caller, door):
    made = sets_up(caller, door)
    assert (made["url"], made["hints"], made["secrets"]) == (door.url, ALL, [])
    assert [key[:5] for key in made["public_keys"]] == ["whpk_"]
    assert asks(caller, "/v1/webhooks").json == {"webhooks": [made]}


def test_sent_twice_it_is_one_and_changed(caller, door):
    made = sets_up(caller, door)
    again = sets_up(caller, door, hints=["changes"], hmac=True)
    assert (again["id"], again["hints"], again["public_keys"]) == (made["id"], ["changes"], made["public_keys"])
    assert len(again["secrets"]) == 1
    assert len(asks(caller, "/v1/webhooks").json["webhooks"]) == 1


@pytest.mark.parametrize(
    "url", ["http://forum.example/", "https://10.0.0.1/", "https://u:p@forum.example/", "x" * 2_000]
)
def test_an_address_that_nothing_may_be_sent_to_is_refused_and_not_repeated(caller, url):
    answer = caller.send("/v1/webhooks", {"url": url})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert url not in answer.text


def test_this_machine_is_no_address_where_the_settings_do_not_say_so(settings, forum, door):
    forum.session.commit()
    plain = create_app(replace(settings, webhooks_to_loopback=False))
    answer = Caller(plain, forum.credentials, "webhooks:write").send("/v1/webhooks", {"url": door.url})
    assert answer.status_code == 400
    with plain.app_context():
        db.engine.dispose()


def test_a_forum_has_ten_and_no_more(caller, door):
    for number in range(10):
        assert caller.send("/v1/webhooks", {"url": f"{door.url}&{number}"}).status_code == 200
    answer = caller.send("/v1/webhooks", {"url": door.url})
    assert (answer.status_code, answer.json["type"]) == (409, "urn:governance:problem:too_many_webhooks")
    assert caller.send("/v1/webhooks", {"url": f"{door.url}&1"}).status_code == 200


def test_a_ping_arrives_by_the_worker_and_its_event_says_so(app, caller, door):
    made = sets_up(caller, door, hmac=True)
    event = caller.send(f"/v1/webhooks/{made['id']}/ping", {})
    assert (event.status_code, event.json["state"]) == (202, "waiting")
    works(app)
    assert list(door.taken) == [event.json["name"]]
    for keys in (made["public_keys"], made["secrets"]):
        assert Receiver(keys).check(door.headers[0], door.bodies[0]).type == "governance.ping"
    told = asks(caller, f"/v1/webhooks/{made['id']}/events?state=delivered").json["events"]
    assert [(one["id"], one["tries"]) for one in told] == [(event.json["id"], 1)]
    fares = asks(caller, "/v1/webhooks").json["webhooks"][0]
    assert all(at.endswith("Z") for at in (told[0]["at"], fares["created"], fares["delivered"]))


def test_what_was_given_up_is_listed_and_sent_again(app, caller, door):
    made = sets_up(caller, door)
    door.answer = lambda *_: "410"
    caller.send(f"/v1/webhooks/{made['id']}/ping", {})
    works(app)
    shown = asks(caller, "/v1/webhooks").json["webhooks"][0]
    assert (shown["dead"], shown["trouble"], shown["paused"] is None) == (1, "status_410", False)
    (dead,) = asks(caller, f"/v1/webhooks/{made['id']}/events").json["events"]
    assert (dead["state"], dead["trouble"]) == ("dead", "status_410")
    door.answer = lambda *_: "ok"
    assert caller.send(f"/v1/webhooks/{made['id']}/redeliver", {}).json == {"events": 1}
    assert caller.send(f"/v1/webhooks/{made['id']}/redeliver", {"event": dead["id"]}).json == {"events": 1}
    works(app)
    assert list(door.taken.values()) == [1]
    assert asks(caller, "/v1/webhooks").json["webhooks"][0]["dead"] == 0


def test_a_rotation_shows_both_keys_for_a_day_or_the_new_one_alone(caller, door):
    made = sets_up(caller, door, hmac=True)
    both = caller.send(f"/v1/webhooks/{made['id']}/rotate", {}).json
    assert both["public_keys"][1:] == made["public_keys"]
    assert both["secrets"][1:] == made["secrets"]
    alone = caller.send(f"/v1/webhooks/{made['id']}/rotate", {"at_once": True}).json
    assert len(alone["public_keys"]) == len(alone["secrets"]) == 1
    assert alone["public_keys"][0] not in both["public_keys"]


def test_taken_away_it_is_gone(caller, door):
    made = sets_up(caller, door)
    caller.send(f"/v1/webhooks/{made['id']}/ping", {})
    assert asks(caller, f"/v1/webhooks/{made['id']}", "DELETE").status_code == 204
    assert asks(caller, f"/v1/webhooks/{made['id']}", "DELETE").status_code == 404
    assert asks(caller, "/v1/webhooks").json == {"webhooks": []}


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", ""), ("GET", "/events"), ("POST", "/ping"), ("POST", "/redeliver"), ("POST", "/rotate")],
)
def test_another_forums_webhook_is_no_webhook(caller, other, door, method, path):
    made = sets_up(caller, door)
    answers = [
        other.client.open(f"/v1/webhooks/{name}{path}", method=method, headers=other.headers, json={})
        for name in (made["id"], "0192f0c1-7b1e-7c3a-9a51-2f7d9a4b6c11", "nothing")
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert answers[0].json == answers[1].json
    assert asks(other, "/v1/webhooks").json == {"webhooks": []}


def test_two_forums_may_name_one_address_and_neither_learns_of_the_other(caller, other, door):
    one, two = sets_up(caller, door), sets_up(other, door)
    assert one["id"] != two["id"]
    assert one["public_keys"] != two["public_keys"]


def test_a_patients_choice_is_told_in_its_own_transaction_and_of_nobody(app, caller, forum, door):
    made = sets_up(caller, door)
    with session_of(app) as session:
        forum.session, forum.platform = session, session.merge(forum.platform)
        forum.hides("ana")
        session.commit()
    works(app)
    (body,) = door.bodies
    hint = Receiver(made["public_keys"]).check(door.headers[0], body)
    assert hint.type == "governance.changes"
    assert hint.data["revision"] >= 1
    assert b"ana" not in body


def test_a_running_worker_tells_within_moments(app, caller, door):
    made = sets_up(caller, door)
    crew = Crew(tools_of(app), 1)
    crew.start()
    try:
        caller.send(f"/v1/webhooks/{made['id']}/ping", {})
        assert door.waits_for(1)
    finally:
        crew.stop()


def test_a_published_policy_is_told_to_every_forum_that_wants_it(app, caller, keyring, door):
    sets_up(caller, door, hints=["policy_published", "standing"])
    with session_of(app) as session:
        publish(session, keyring, policies().disclosure.record, now())
        session.commit()
    works(app)
    (body,) = door.bodies
    assert json.loads(body)["data"].keys() == {"record", "version"}


def test_what_became_of_an_account_is_told_without_the_account(app, forum, door):
    forum.patient("ana")
    forum.session.commit()
    both = Caller(app, forum.credentials, "webhooks:write links:write")
    sets_up(both, door, hints=["account_event"])
    told = both.send("/v1/accounts/events", {"event": "deleted", "account": "ana"})
    assert told.status_code == 200
    works(app)
    (body,) = door.bodies
    assert b'"data":{"event":"deleted"}' in body
    assert b"ana" not in body


def test_a_session_without_the_listener_tells_nobody(session, forum, caller, door):
    sets_up(caller, door)
    give_hint(session, News(Hint.POLICY, forum.id, now(), {}))
    session.commit()
    assert asks(caller, "/v1/webhooks").json["webhooks"][0]["waiting"] == 0


def command(app, *words):
    with app.app_context():
        return CliRunner().invoke(commands.webhook, words)


def test_staff_see_how_webhooks_fare_and_no_address(app, caller, door):
    made = sets_up(caller, door)
    door.answer = lambda *_: "410"
    caller.send(f"/v1/webhooks/{made['id']}/ping", {})
    works(app)
    listed = command(app, "list").output
    assert f"{made['id']}  forum  0 waiting  1 dead  paused" in listed
    assert door.url not in listed + command(app, "list", "--json").output
    assert "governance.ping" in command(app, "dead", made["id"]).output
    door.answer = lambda *_: "ok"
    assert command(app, "redeliver", made["id"]).output == "1 due now\n"
    works(app)
    assert json.loads(command(app, "list", "--json").output)["webhooks"][0]["trouble"] is None


def test_staff_ask_a_forum_for_its_exposures(app, caller, door):
    assert "has no webhook" in command(app, "ask", "forum", "exposures_wanted").output
    sets_up(caller, door)
    assert command(app, "ask", "forum", "exposures_wanted").exit_code == 0
    works(app)
    assert b"governance.exposures_wanted" in door.bodies[0]
