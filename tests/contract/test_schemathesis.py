"""Requests made up from the published description, good ones and bad ones: each is answered as the description says."""

import os
from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.house import open_house

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
NOT_READY = "/readyz"
"""Answers 503 here: the tables of these tests were made without migrations."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with open_house(tmp_path_factory.mktemp("described")) as house:
        yield house


def operations(house):
    schema = schemathesis.openapi.from_wsgi("/openapi.json", house.app)
    found = [result.ok() for result in schema.get_all_operations()]
    return [operation for operation in found if operation.path != NOT_READY]


def send_made_up(house, each):
    """Send so many good and so many bad requests to every operation; return how many were answered."""
    headers, answered = house.token(house.people), 0
    for operation in operations(house):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            answered += _send(operation, mode, headers, each)
    return answered


def _send(operation, mode, headers, each):
    sent = 0

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=each,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(case):
        nonlocal sent
        sent += 1
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    with suppress(Unsatisfiable):
        # There is no bad request to a route that takes nothing.
        answers()
    return sent


def test_what_the_description_allows_and_what_it_forbids_is_answered_as_it_says(house):
    assert send_made_up(house, 5) >= 100


@pytest.mark.hunt
@pytest.mark.timeout(900)
def test_two_thousand_made_up_requests_are_answered_as_described(house):
    each = int(os.environ.get("HUNT_REQUESTS", "2000")) // (len(operations(house)) * 2) + 1
    answered = send_made_up(house, max(each, 100))
    assert answered >= 2000


@pytest.mark.slow
def test_an_answer_that_is_not_as_described_is_found(house, monkeypatch):
    """The control: the same requests find a fault that is there."""
    view = house.app.view_functions["operations.healthz"]
    monkeypatch.setitem(house.app.view_functions, "operations.healthz", lambda: ({"wrong": view().json}, 200))
    with pytest.raises(FailureGroup, match="schema"):
        send_made_up(house, 1)
