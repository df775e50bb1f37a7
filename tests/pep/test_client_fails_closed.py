"""Whatever the service says, only a clear and literal yes permits."""

import time

import pytest

from governance.decision.vocabulary import Action
from governance.pep import CLOSED, Client, Resource, Words

POST = Resource("post", "p-1", (Words("ana", community="t1d"),))
OTHER = Resource("post", "p-2", (Words("ben", community="t1d"),))
YES = b'{"decision": true}'
YES_PAGE = b'{"evaluations": [{"decision": true}, {"decision": true}]}'


def permits(client):
    return bool(client.evaluate("dan", Action.VIEW, POST))


def permits_any(client):
    return any(client.evaluate_page("dan", Action.VIEW, [POST, OTHER]))


def test_an_honest_yes_permits_so_that_the_refusals_below_mean_something(client, script):
    assert permits(client)
    assert all(client.evaluate_page("dan", Action.VIEW, [POST, OTHER]))
    script.body = YES
    assert permits(client)
    script.body = YES_PAGE
    assert permits_any(client)


def test_an_honest_no_refuses(client, script):
    script.decide = lambda resource: resource["id"] == "p-2"
    assert not permits(client)
    assert [bool(answer) for answer in client.evaluate_page("dan", Action.VIEW, [POST, OTHER])] == [False, True]


@pytest.mark.parametrize(
    "status", [201, 202, 204, 206, 301, 302, 303, 307, 308, 400, 401, 403, 404, 408, 429, 500, 502, 503]
)
def test_any_status_but_200_refuses_even_with_a_yes_in_the_body(client, script, status):
    script.status, script.headers = status, [("Location", "/access/v1/evaluation")] if 300 <= status < 400 else []
    script.body = YES
    assert not permits(client)
    script.body = YES_PAGE
    assert not permits_any(client)


@pytest.mark.parametrize(
    "decision",
    ['"true"', "1", "1.0", "[true]", '{"decision": true}', "null", '"yes"', "false", "0", '""', "NaN", "Infinity"],
)
def test_a_decision_that_is_not_the_literal_true_refuses(client, script, decision):
    script.body = b'{"decision": %s}' % decision.encode()
    assert not permits(client)
    script.body = b'{"evaluations": [{"decision": %s}, {"decision": %s}]}' % (decision.encode(), decision.encode())
    assert not permits_any(client)


@pytest.mark.parametrize(
    "body",
    [
        b'{"decision": false, "decision": true}',
        b'{"decision": true, "context": {"a": 1, "a": 2}}',
        b'{"decision": true, "context": {"n": NaN}}',
        b'{"decision": true, "context": {"n": 1e999}}',
        b'{"decision": true, "context": {"s": "\\ud800"}}',
        b'{"decision": true, "context": {"s": "\xff"}}',
        b'\xef\xbb\xbf{"decision": true}',
        '{"decision": true}'.encode("utf-16"),
        b'{"decision": true} {"decision": true}',
        b'{"decision": true',
        b'[{"decision": true}]',
        b'{"decision": true, "deep": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"Decision": true}',
        b"true",
        b"{}",
        b'{"decision": true, "context": {"n": ' + b"9" * 5_000 + b"}}",
        b'{"decision": true}' + b" " * (1 << 20),
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
def test_what_is_not_a_clean_json_object_refuses(client, script, body):
    script.body = body
    assert not permits(client)


@pytest.mark.parametrize("items", [0, 1, 3])
def test_a_batch_of_another_length_refuses_the_whole_page(client, script, items):
    script.body = b'{"evaluations": [' + b",".join([YES] * items) + b"]}"
    assert not permits_any(client)


@pytest.mark.parametrize(
    "page", [b"{}", b'{"evaluations": {}}', b'{"evaluations": true}', YES, b'{"evaluations": "yy"}']
)
def test_a_page_without_a_list_of_answers_refuses(client, script, page):
    script.body = page
    assert not permits_any(client)


@pytest.mark.parametrize(
    "kind", ["text/html", "application/problem+json", "application/authzen+json", "", "application/jsonp"]
)
def test_another_media_type_refuses(client, script, kind):
    script.content_type = kind
    assert not permits(client)


def test_a_media_type_with_a_charset_is_still_json(client, script):
    script.content_type = "Application/JSON; charset=utf-8"
    assert permits(client)


def test_an_answer_without_our_request_id_refuses(client, script):
    script.echo = False
    assert not permits(client)
    assert not permits_any(client)


def test_an_answer_to_somebody_else_refuses(client, script):
    script.echo, script.headers = False, [("X-Request-ID", "6f0f8f1e-7a0b-4c1a-9f0e-0f7a2c9b1d11")]
    assert not permits(client)


def test_a_request_id_that_comes_twice_refuses(client, script):
    script.headers = [("X-Request-ID", "6f0f8f1e-7a0b-4c1a-9f0e-0f7a2c9b1d11")]
    assert not permits(client)


def test_a_service_that_drips_is_left_in_time(client, script):
    script.drip_seconds, script.body = 0.05, YES + b" " * 200
    began = time.monotonic()
    assert not permits(client)
    assert time.monotonic() - began < 1.5


def test_nobody_listening_refuses():
    client = Client("http://127.0.0.1:1", "forum", "s3cret", timeout_seconds=0.3)
    assert not permits(client)
    assert not permits_any(client)
    assert client.opt_outs(["ana"]) == {"ana": CLOSED}


@pytest.mark.parametrize(
    "token",
    [
        {},
        {"access_token": 7, "token_type": "Bearer", "expires_in": 600},
        {"access_token": "a\r\nX-Evil: 1", "token_type": "Bearer", "expires_in": 600},
        {"access_token": "t", "token_type": "mac", "expires_in": 600},
    ],
)
def test_no_usable_token_refuses(client, script, token):
    script.token = token
    assert not permits(client)


def test_a_refused_token_request_refuses(client, script):
    script.token_status = 401
    assert not permits(client)


@pytest.mark.parametrize("words", [(), (Words(None),), (Words(""),), (Words("ben"), Words(None))])
def test_content_without_its_author_is_refused_without_asking(client, script, words):
    lost = Resource("post", "p-9", words)
    assert not client.evaluate("dan", Action.VIEW, lost)
    assert [bool(answer) for answer in client.evaluate_page("dan", Action.VIEW, [POST, lost, OTHER])] == [
        True,
        False,
        True,
    ]
    assert not any(b"p-9" in body for _, _, body in script.asked)


@pytest.mark.parametrize(
    "url", ["http://consent.example", "ftp://127.0.0.1", "consent.example", "https://a:b@c", "https://c?x=1"]
)
def test_a_secret_never_goes_out_in_the_clear(url):
    with pytest.raises(ValueError, match="service"):
        Client(url, "forum", "s3cret")


@pytest.mark.parametrize("extras", ["null", '"quote"', '["everything"]', '{"quote": true}', "[1]", '[["quote"]]'])
def test_extras_that_are_no_list_of_actions_count_as_closed(client, script, extras):
    told = (
        '{"opt_outs": [{"account": "ana", "hold": false, "care_team": "seen", "others": "seen", "others_extras": %s}]}'
    )
    script.body = (told % extras).encode()
    assert client.opt_outs(["ana"])["ana"] == CLOSED
    script.body = (told % "[]").encode()
    assert not client.opt_outs(["ana"])["ana"].hold


def test_opt_outs_that_are_missing_broken_or_told_twice_count_as_closed(client, script):
    assert not client.opt_outs(["ana"])["ana"].hold
    script.body = (
        b'{"opt_outs": [{"account": "ana", "hold": false, "care_team": "all", "others": "seen"},'
        b'{"account": "ben", "hold": false, "care_team": "seen", "others": "seen"},'
        b'{"account": "ben", "hold": false, "care_team": "seen", "others": "closed"},'
        b'{"account": "dee", "hold": "false", "care_team": "seen", "others": "seen"}]}'
    )
    found = client.opt_outs(["ana", "ben", "cal", "dee"])
    assert (found["ana"], found["ben"], found["cal"]) == (CLOSED, CLOSED, CLOSED)
    assert found["dee"].hold
