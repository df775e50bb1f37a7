"""The US registry over real HTTP: only a clear word about this very person goes on; nothing odd is ever a pass."""

import json

import pytest

from governance.conduct.feeds.applying import Feed
from governance.conduct.feeds.entries import Entry, NoAnswer, NotThere
from governance.conduct.feeds.npi import NpiRegistry
from governance.decision.vocabulary import Instant, Status
from tests.conduct.people import NPI, accepts, checks, document, says, seen
from tests.conduct.register_files import held
from tests.conduct.registry import found, result, running
from tests.forum import CLOSED, SEEN

NUMBER = "1234567893"


@pytest.fixture
def registry():
    with running() as registry:
        yield registry


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read; Nora has an NPI, and a verifier saw her licence."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    forum.nora = says(forum, "nora", register=NPI, number=NUMBER)
    accepts(forum, forum.nora)
    checks(forum, forum.nora, seen(number=NUMBER, licence="state board of Ohio"), register=NPI)
    forum.later(days=1)
    return forum


def asks(registry, seconds=5.0):
    return NpiRegistry(registry.address, seconds=seconds).ask(NUMBER)


def looks_up(forum, registry, seconds=5.0):
    feed = Feed(forum.session, forum.keyring, NPI, days=5, now=forum.now)
    return feed.answered(held(forum), asks(registry, seconds), forum.now)


def test_it_is_asked_in_the_form_of_version_2_1(registry):
    answer = asks(registry)
    assert registry.asked == ["/api/?version=2.1&number=1234567893"]
    assert isinstance(answer, Entry)
    assert answer.status is Status.GOOD
    assert answer.is_of("Nora Quill")
    assert answer.is_of("Nora Jane Quill")


def test_a_clear_word_keeps_what_a_person_found_and_makes_it_no_longer(forum, registry):
    before = held(forum).checked_until
    assert looks_up(forum, registry) == "kept"
    assert (held(forum).checked_until, forum.permits("nora", "ana")) == (before, True)


NEVER_A_PASS = {
    "renamed": (found(result(last_name="VALE")), "renamed"),
    "married, first name the same": (found(result(last_name="QUILL VALE")), "renamed"),
    "of an organisation": (found(result(kind="NPI-2", organization_name="QUILL CLINIC")), "no_person"),
    "not there": (found(), "gone"),
    "deactivated": (found(result(status="D")), "worse"),
}


@pytest.mark.parametrize(("body", "did"), NEVER_A_PASS.values(), ids=NEVER_A_PASS)
def test_what_contradicts_refuses_at_once(forum, registry, body, did):
    registry.body = body
    assert looks_up(forum, registry) == did
    assert not forum.permits("nora", "ana")
    assert document(forum, forum.nora).status is not Status.GOOD


ODD = {
    "a status twice": found(result()).replace('"status": "A"', '"status": "D", "status": "A"'),
    "deeper than any reader goes": found(result())[:-1] + f', "x": {"[" * 100_000}{"]" * 100_000}}}',
    "no JSON": "<html>sorry</html>",
    "cut short": found(result())[:-20],
    "a list": "[]",
    "nothing": "",
    "errors": json.dumps({"Errors": [{"description": "too many requests", "number": "14"}]}),
    "two people": found(result(), result()),
    "counts wrong": json.dumps({"result_count": 1, "results": []}),
    "counts with text": json.dumps({"result_count": "1", "results": [result()]}),
    "another number": found(result(number="1999999992")),
    "another kind": found(result(kind="NPI-3")),
    "no name": found(result(first_name="", last_name=" ")),
    "a name that is a list": found(result(last_name=["QUILL"])),
    "no status": json.dumps({"result_count": 1, "results": [{**result(), "basic": {"first_name": "NORA"}}]}),
    "deep": "[" * 100_000,
    "NaN": '{"result_count": NaN, "results": []}',
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_an_odd_answer_is_none(registry, body):
    registry.body = body
    assert isinstance(asks(registry), NoAnswer)


@pytest.mark.parametrize("status", [201, 301, 302, 400, 404, 429, 500, 502, 503])
def test_any_status_but_200_is_no_answer(registry, status):
    registry.status, registry.headers = status, {"Location": registry.address}
    assert isinstance(asks(registry), NoAnswer)
    assert len(registry.asked) == 1


def test_who_takes_too_long_says_nothing(registry):
    registry.wait = 0.5
    assert isinstance(asks(registry, seconds=0.1), NoAnswer)


def test_too_much_is_nothing(registry):
    registry.body = " " * 300_000 + found(result())
    assert isinstance(asks(registry), NoAnswer)


def test_nobody_there_is_no_answer():
    assert isinstance(NpiRegistry("http://127.0.0.1:9/api/", seconds=1).ask(NUMBER), NoAnswer)


def test_without_an_answer_a_look_grows_old_as_it_would_have(forum, registry):
    registry.status, before = 503, held(forum).checked_until
    assert looks_up(forum, registry) == "no_answer"
    assert held(forum).checked_until == before
    forum.now = Instant(before - 1)
    assert forum.permits("nora", "ana")
    forum.now = before
    assert not forum.permits("nora", "ana")


def test_not_there_and_no_answer_are_two_things(registry):
    registry.body = found()
    assert asks(registry) == NotThere()
