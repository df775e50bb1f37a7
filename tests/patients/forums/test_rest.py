"""`POST /v1/accounts/events`, and what two forums that put their heads together can see of one patient."""

import json
import re

import pytest

from governance.effective import present
from governance.effective.models import find_revision
from governance.optout.choices import Choices
from tests.patients.house import question

EVENTS = "/v1/accounts/events"


def tells(caller, event, account, **more):
    key = more.pop("key", None)
    headers = {"Idempotency-Key": key} if key else {}
    return caller.send(EVENTS, {"event": event, "account": account, **more}, **headers)


@pytest.mark.slow
@pytest.mark.parametrize("event", ["deleted", "recycled", "merged", "renamed"])
def test_every_event_is_taken_and_answers_with_the_forums_revision(house, person, event):
    to = {"to": f"{person.ana}-{event}"} if event in ("merged", "renamed") else {}
    answer = tells(house.on_f, event, person.ana, **to)
    assert answer.status_code == 200, answer.text
    with house.looking() as session:
        assert answer.json == {"revision": find_revision(session, house.f.id)}
    again = tells(house.on_f, event, person.ana, **to)
    assert again.status_code == 200


def test_the_same_call_with_its_key_does_nothing_twice(house, person):
    first = tells(house.on_f, "deleted", person.ana, key="k-1")
    person.f.get("/my/choices")
    assert tells(house.on_f, "deleted", person.ana, key="k-1").json == first.json
    assert tells(house.on_f, "recycled", person.ana, key="k-1").status_code == 422


@pytest.mark.slow
def test_the_person_is_signed_out(house, person):
    assert person.f.get("/my/choices").path == "/my/choices"
    tells(house.on_f, "deleted", person.ana)
    assert person.f.get("/my/choices").path == "/sign-in"


def test_a_forum_tells_of_its_own_accounts_alone(house, person):
    tells(house.on_g, "deleted", person.ana)
    assert house.on_f.decides(question("nurse", person.ana))[0]


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"event": "sold", "account": "a"}, 400, "event"),
        ({"event": "deleted"}, 400, "account"),
        ({"event": "renamed", "account": "a"}, 400, "send `to`"),
        ({"event": "deleted", "account": "a", "to": "b"}, 400, "send `to`"),
        ({"event": "deleted", "account": "a", "more": 1}, 400, "more"),
        ({"event": "deleted", "account": ""}, 400, "account id"),
    ],
)
def test_what_is_wrong_is_told_as_a_problem_that_says_what_to_do(house, body, status, told):
    answer = house.on_f.send(EVENTS, body)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert told in answer.json["detail"]


@pytest.mark.slow
def test_a_new_name_that_is_somebody_elses_is_a_conflict_that_names_nobody(house, person):
    other = house.somebody()
    answer = tells(house.on_f, "renamed", person.ana, to=other.ana)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:governance:problem:account_taken")
    assert other.ana not in answer.text
    assert "merged" in answer.json["detail"]


def seen_by_forum(caller, author, nurse="nurse"):
    """Every byte that a forum gets about one of its members, but for what it sent itself."""
    asked = [
        ("/access/v1/evaluation", question(nurse, author, action)) for action in ("view", "reply", "find", "message")
    ]
    page = {"evaluations": [question(nurse, author, "view")], **question(nurse, author, "view")}
    asked += [
        ("/access/v1/evaluations", page),
        ("/v1/opt-outs/query", {"accounts": [author]}),
        ("/v1/hcps/query", {"accounts": [author, nurse], "community": "c"}),
        ("/v1/accounts/events", {"event": "renamed", "account": author}),
    ]
    answers = [caller.send(path, body) for path, body in asked]
    answers.append(caller.send("/v1/hcps", None, method="GET"))
    return [(answer.status_code, sorted(answer.headers), told(answer, author)) for answer in answers]


def told(answer, author):
    """An answer without the forum's own ids, and without what is random in each."""
    text = json.dumps(answer.json, sort_keys=True).replace(author, "X")
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)


def steps(caller):
    return caller.send("/v1/opt-outs/tighten", {"account": "clock"}).json["revision"]


def views(house):
    """What both forums see of one patient on both, and of two people who chose the same; as pairs."""
    linked, alone, twin = house.somebody(), house.somebody(), house.somebody()
    house.joins(linked)
    house.g.wants(twin.other, Choices())
    house.session.commit()
    return [
        (seen_by_forum(house.on_f, linked.ana), seen_by_forum(house.on_f, alone.ana)),
        (seen_by_forum(house.on_g, linked.other), seen_by_forum(house.on_g, twin.other)),
    ]


def test_two_forums_cannot_tell_one_patient_from_two(house):
    """Statuses, headers and bodies of all they may ask and tell, byte for byte."""
    assert all(of_one == of_two for of_one, of_two in views(house))


def test_a_yes_that_reached_the_other_forum_would_be_a_thread_to_pull(house, monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(present, "on_platform", lambda document, _platform: document)
    on_f, on_g = views(house)
    assert on_f[0] == on_f[1]
    assert on_g[0] != on_g[1]


def ids_in(answers):
    return set(re.findall(r"[0-9A-Za-z_-]{20,}", json.dumps(answers)))


@pytest.mark.slow
def test_no_id_or_digest_that_one_forum_sees_is_seen_by_the_other(house, person):
    house.joins(person)
    on_f, on_g = (
        [caller.send("/access/v1/evaluation", question("nurse", name)).json for _ in range(3)]
        for caller, name in ((house.on_f, person.ana), (house.on_g, person.other))
    )
    assert not ids_in(on_f) & ids_in(on_g)


def test_a_change_moves_each_forums_revision_by_its_own_dense_step(house, person):
    """A number for both, or a change told to a forum in which its member has no part, would be a thread to pull."""
    house.joins(person)
    before = steps(house.on_f), steps(house.on_g)
    assert before[0] != before[1]
    person.g.get("/my/choices").press("Hide me from everyone")
    after = steps(house.on_f), steps(house.on_g)
    assert [late - early for early, late in zip(before, after, strict=True)] == [1, 1]
    house.f.hides(f"alone{person.ana}")
    house.session.commit()
    assert steps(house.on_g) == after[1]
