"""What the client sends, and how it keeps its token."""

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from governance.decision.vocabulary import Action, Level
from governance.pep import Client, OptOut, Resource, Words

CREATED = datetime(2026, 5, 1, 10, tzinfo=UTC)
POST = Resource("post", "p-1", (Words("ana", "t1d", "t-1", "p-1", CREATED, None), Words("ben", created=CREATED)))


def asked(script, path):
    return [json.loads(body) for asked_path, _, body in script.asked if asked_path == path]


def test_every_author_is_sent_with_their_own_place_and_times(client, script):
    client.evaluate("dan", Action.REPLY, POST)
    (question,) = asked(script, "/access/v1/evaluation")
    assert question["subject"] == {"type": "user", "id": "dan"}
    assert question["action"] == {"name": "reply"}
    assert question["resource"]["properties"]["authors"] == [
        {
            "account": "ana",
            "community": "t1d",
            "thread": "t-1",
            "post": "p-1",
            "created": "2026-05-01T10:00:00Z",
            "edited": None,
        },
        {"account": "ben", "created": "2026-05-01T10:00:00Z"},
    ]


def test_a_page_is_one_request_and_a_long_list_goes_in_parts(client, script):
    page = [Resource("post", f"p-{number}", (Words("ana"),)) for number in range(100)]
    script.decide = lambda resource: resource["id"].endswith("7")
    answers = client.evaluate_page("dan", Action.VIEW, page)
    assert [index for index, answer in enumerate(answers) if answer] == list(range(7, 100, 10))
    assert len(asked(script, "/access/v1/evaluations")) == 1
    assert len(client.evaluate_page("dan", Action.VIEW, page * 3)) == 300
    assert [len(question["evaluations"]) for question in asked(script, "/access/v1/evaluations")[1:]] == [200, 100]


def test_a_thread_of_quoted_quotes_goes_in_requests_that_the_service_reads(client, script):
    said = [Words("a" * 200, "t1d", "t-1", f"p-{number}", CREATED, None) for number in range(120)]
    page = [Resource("post", f"p-{number}", tuple(said[: number + 1])) for number in range(120)]
    script.decide = lambda resource: resource["id"] == "p-119"
    client._timeout_seconds = 20
    assert [bool(answer) for answer in client.evaluate_page("dan", Action.VIEW, page)] == [False] * 119 + [True]
    sizes = [len(body) for path, _, body in script.asked if path == "/access/v1/evaluations"]
    assert len(sizes) > 1
    assert max(sizes) < 256 * 1024


def test_an_empty_page_asks_nothing(client, script):
    assert client.evaluate_page("dan", Action.VIEW, []) == []
    assert client.opt_outs([]) == {}
    assert script.asked == []


def test_the_token_is_asked_for_once_and_sent_as_bearer(client, script):
    client.evaluate("dan", Action.VIEW, POST)
    client.evaluate("dan", Action.VIEW, POST)
    paths = [path for path, _, _ in script.asked]
    assert paths == ["/oauth/token", "/access/v1/evaluation", "/access/v1/evaluation"]
    assert script.asked[1][1]["Authorization"] == "Bearer t0ken"


def test_id_and_secret_are_form_encoded_before_they_are_joined(service):
    url, script = service
    Client(url, "for:um", "s%cr et").evaluate("dan", Action.VIEW, POST)
    sent = script.asked[0][1]["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent) == b"for%3Aum:s%25cr+et"


def test_a_token_about_to_end_is_renewed_first(client, script):
    script.token["expires_in"] = 20
    client.evaluate("dan", Action.VIEW, POST)
    client.evaluate("dan", Action.VIEW, POST)
    assert [path for path, _, _ in script.asked].count("/oauth/token") == 2


def test_a_token_that_the_service_forgot_is_renewed_once_and_no_oftener(client, script):
    script.status = 401
    client.evaluate("dan", Action.VIEW, POST)
    assert [path for path, _, _ in script.asked] == ["/oauth/token", "/access/v1/evaluation"] * 2


def test_every_request_has_an_id_of_its_own(client, script):
    client.evaluate("dan", Action.VIEW, POST)
    client.evaluate("dan", Action.VIEW, POST)
    ids = {headers["X-Request-ID"] for path, headers, _ in script.asked if path != "/oauth/token"}
    assert len(ids) == 2


def test_an_answer_carries_the_reason_and_the_id_of_the_decision(client, script):
    script.decide = lambda _resource: False
    answer = client.evaluate("dan", Action.VIEW, POST)
    assert (answer.permit, answer.reason, answer.id) == (False, "refused", "d-1")


def test_opt_outs_come_as_levels_by_account(client):
    levels = {"care_team": Level.ANSWERED, "others": Level.SEEN}
    assert client.opt_outs(["ana"]) == {"ana": OptOut(hold=False, **levels, care_team_extras=frozenset({"quote"}))}


def test_a_time_without_its_zone_is_a_mistake_of_the_forum():
    with pytest.raises(ValueError, match="time zone"):
        Words("ana", created=CREATED.replace(tzinfo=None))


def test_the_client_needs_nothing_but_the_standard_library_and_the_vocabulary():
    foreign = "{'flask', 'sqlalchemy', 'marshmallow', 'authlib', 'requests', 'msgspec', 'cryptography'}"
    code = f"import sys, governance.pep; print(sorted({foreign} & set(sys.modules)), *sorted(sys.modules))"
    seen = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert seen.startswith("[] ")
    ours = {name for name in seen.split() if name.startswith("governance.")}
    assert {name for name in ours if not name.startswith("governance.pep")} == {
        "governance.decision",
        "governance.decision.vocabulary",
    }


def test_the_query_filter_needs_sqlalchemy_and_nothing_else_of_ours():
    foreign = "{'flask', 'flask_sqlalchemy', 'marshmallow', 'authlib', 'requests', 'msgspec', 'cryptography'}"
    code = f"import sys, governance.pep.sqlalchemy; print(sorted({foreign} & set(sys.modules)), *sorted(sys.modules))"
    seen = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert seen.startswith("[] ")
    ours = {".".join(name.split(".")[:2]) for name in seen.split() if name.startswith("governance.")}
    assert ours == {"governance.pep", "governance.decision"}
