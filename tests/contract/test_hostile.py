"""Sixty hostile payloads at every route that reads JSON: an answer each, never a fault of ours, and nothing written."""

import json
from uuid import uuid4

import pytest

from governance.identity.permissions import PERMISSIONS, Scope
from governance.ui.clock import now, to_datetime
from tests.contract.house import open_house
from tests.forum import asked
from tests.ui.hostile_json import HOSTILE

VALUES = {
    "null": None,
    "true": True,
    "zero": 0,
    "minus one": -1,
    "a fraction": 1.5,
    "a large number": 2**53 - 1,
    "a list": [],
    "a list in a list": [[]],
    "an object": {},
    "an object in a list": [{}],
    "nothing": "",
    "a long text": "x" * 100_000,
    "257 bytes": "x" * 257,
    "86 umbrellas": "☂" * 86,
    "SQL": "'; DROP TABLE account; --",
    "HTML": "<script>alert(1)</script>",
    "a format": "{0.__class__} %s %(x)s ${7*7} {{7*7}}",
    "a path": "../../../etc/passwd",
    "lines": "a\r\nSet-Cookie: x=y",
    "right to left": "\u202eana",
    "a zero-width": "an\u200ba",
    "a private sign": "\U0010ffff",
    "a noncharacter": "\ufffe",
    "a decomposed letter": "e\u0301",
    "a date": "2026-02-31T00:00:00Z",
    "a far date": "9999-12-31T23:59:59-23:59",
    "many of one": ["x"] * 1001,
    "many members": {f"m{number}": number for number in range(2000)},
    "a prototype": {"__proto__": {"admin": True}, "constructor": 1, "__class__": "x"},
    "a deep list": json.loads("[" * 12 + "]" * 12),
}
GOOD = {
    "/access/v1/evaluation": asked("nurse", "ana"),
    "/access/v1/evaluations": {**asked("nurse", "ana"), "evaluations": [{}], "options": {}},
    "/v1/opt-outs/query": {"accounts": ["ana"]},
    "/v1/opt-outs/tighten": {"account": "ana", "hcp": "nurse"},
    "/v1/hcps/query": {"accounts": ["nurse"], "community": "c"},
    "/v1/hcps/declare": {"accounts": ["doctor"]},
    "/v1/hcps/badges": {"accounts": ["doctor"], "community": "c", "language": "es"},
    "/v1/exposures": {
        "exposures": [
            {"viewer": "nurse", "author": "ana", "at": to_datetime(now()).isoformat(), "community": "c", "revision": 1}
        ]
    },
    "/v1/communities/{id}": {"posture": "informed", "ages": "adults", "mode": "enforce", "moderators": ["m"]},
    "/v1/link-tokens": {"account": "ana"},
    "/v1/ages": {
        "account": "ana",
        "band": "13_to_15",
        "changes_on": "2027-05-01",
        "country": "GB",
        "zone": "Europe/London",
    },
    "/v1/reports": {"type": "boundary", "what": "He wrote to me at night", "minor": True},
    "/v1/probe-reports": {"report": "eyJ.eyJ.x"},
    "/v1/suspension": {},
    "/v1/webhooks": {"url": "https://forum.example/hints", "hints": ["changes"], "hmac": True},
    "/v1/webhooks/{webhook}/ping": {},
    "/v1/webhooks/{webhook}/redeliver": {"event": "0192f0c1-7b1e-7c3a-9a51-2f7d9a4b6c11"},
    "/v1/webhooks/{webhook}/rotate": {"at_once": True},
    "/v1/accounts/events": {"event": "renamed", "account": "ana", "to": "ana-2"},
}
ROUTES = [route.split() for routes in PERMISSIONS.values() for route in routes]
JSON_ROUTES = [(method, path) for method, path in ROUTES if method in ("POST", "PUT") and "/fhir/" not in path]
"""Searches of FHIR are forms; `tests/fhir` has their hostile ones."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with open_house(tmp_path_factory.mktemp("hostile")) as house:
        house.headers = house.token(house.people)
        yield house


def bodies(path):
    """Every payload as it is, and every value in the place of the whole body and of each of its members."""
    yield from HOSTILE.values()
    good = GOOD[path]
    for value in VALUES.values():
        yield json.dumps(value).encode()
        yield from (json.dumps({**good, member: value}).encode() for member in good)
        yield json.dumps({**good, "more": value}).encode()
        for member, items in good.items():
            if isinstance(items, list) and isinstance(items[0], dict):
                yield from (json.dumps({**good, member: [{**items[0], one: value}]}).encode() for one in items[0])


def test_there_are_sixty_payloads_and_a_good_body_for_every_route():
    assert len(HOSTILE) + len(VALUES) >= 60
    assert {path for _, path in JSON_ROUTES} == set(GOOD)
    assert len(JSON_ROUTES) >= len(set(Scope))


@pytest.mark.parametrize(("method", "path"), JSON_ROUTES)
def test_no_payload_is_a_fault_of_ours_and_none_that_is_refused_writes_anything(house, method, path):
    client, address = house.app.test_client(), path.replace("{id}", "hostile")
    headers = {**house.headers, "Content-Type": "application/json"}

    def answer(body):
        return client.open(address, method=method, data=body, headers={**headers, "Idempotency-Key": uuid4().hex})

    answers = [(body, answer(body)) for body in bodies(path)]
    kinds = ("application/json", "application/problem+json")
    faults = [(body[:80], it.status) for body, it in answers if it.status_code >= 500 or it.content_type not in kinds]
    assert faults == []
    before = house.rows()
    for body in (body for body, it in answers if it.status_code >= 400):
        answer(body)
    assert house.rows() == before


@pytest.mark.parametrize(("method", "path"), JSON_ROUTES)
@pytest.mark.parametrize("value", ["HTML", "SQL", "lines"])
def test_what_was_sent_comes_back_in_no_error_and_no_header(house, method, path, value):
    client, address = house.app.test_client(), path.replace("{id}", "hostile")
    for member in GOOD[path]:
        body = {**GOOD[path], member: [{"x": VALUES[value]}]}
        answer = client.open(address, method=method, json=body, headers=house.headers)
        assert VALUES[value] not in str(answer.headers)
        assert answer.status_code < 400 or "alert(1)" not in answer.text


@pytest.mark.parametrize("header", ["Idempotency-Key", "X-Request-ID", "Authorization", "Content-Type", "Accept"])
@pytest.mark.parametrize("value", ["", "é", "x" * 9000, '"', "a, b", "\t", "*/*;q=x", "Bearer " * 3])
def test_no_header_is_a_fault_of_ours(house, header, value):
    sent = {**house.headers, header: value.encode().decode("latin-1")}
    answer = house.app.test_client().post("/v1/opt-outs/tighten", data=b"{}", headers=sent)
    assert 400 <= answer.status_code < 500
