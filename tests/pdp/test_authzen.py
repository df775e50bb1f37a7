"""OpenID AuthZEN 1.0 over HTTP with a real token: what certification checks, and what it leaves to us."""

import pytest

from tests.forum import asked
from tests.ui.hostile_json import HOSTILE

ONE, MANY = "/access/v1/evaluation", "/access/v1/evaluations"
QUESTION = asked("nurse", "ana")
PERMITTED, REFUSED = (True, "permitted"), (False, "refused")


def without(member, inner=None):
    if inner is None:
        return {name: value for name, value in QUESTION.items() if name != member}
    return {**QUESTION, member: {name: value for name, value in QUESTION[member].items() if name != inner}}


def test_a_nurse_is_permitted_and_a_doctor_refused(asker):
    assert asker.decides(QUESTION) == PERMITTED
    assert asker.decides(asked("doctor", "ana")) == REFUSED
    assert asker.decides(asked("pia", "ana")) == (True, "not_governed")


def test_an_answer_is_a_real_boolean_with_an_id_and_a_reason_and_nothing_more(asker):
    answer = asker.send(ONE, QUESTION)
    assert answer.json.keys() == {"decision", "context"}
    assert answer.json["decision"] is True
    assert answer.json["context"].keys() == {"id", "reason"}
    assert answer.content_type == "application/json"


@pytest.mark.parametrize(
    "more",
    [
        {"context": {"time": "2020-01-01T00:00:00Z", "hcp": True}},
        {"unknown": {"deep": [1, 2, {"x": None}]}},
        {"subject": {**QUESTION["subject"], "properties": {"role": "patient", "hcp_verified": False}}},
        {"subject": {**QUESTION["subject"], "more": 1}},
    ],
)
def test_what_we_do_not_know_changes_nothing(asker, more):
    assert asker.decides({**QUESTION, **more}) == PERMITTED
    assert asker.decides({**QUESTION, **more, "subject": {"type": "user", "id": "doctor"}}) == REFUSED


@pytest.mark.parametrize(
    "question",
    [
        *(without(member) for member in ("subject", "action", "resource")),
        *(without(member, "id") for member in ("subject", "resource")),
        *(without(member, "type") for member in ("subject", "resource")),
        without("action", "name"),
        {**QUESTION, "subject": "nurse"},
        {**QUESTION, "subject": None},
        {**QUESTION, "subject": {"type": "user", "id": ""}},
        {**QUESTION, "subject": {"type": "user", "id": 12}},
        {**QUESTION, "subject": {"type": "user", "id": "x" * 257}},
        {**QUESTION, "subject": {"type": "user", "id": "☂" * 86}},
        {**QUESTION, "action": {"name": 7}},
        {**QUESTION, "action": {"name": "view", "properties": {"initiated_by_patient": "yes"}}},
        {**QUESTION, "action": ["view"]},
        {**QUESTION, "resource": {"type": "post", "id": "p", "properties": []}},
        {**QUESTION, "resource": {"type": "post", "id": "p", "properties": {"author": {"id": "ana"}}}},
        {**QUESTION, "resource": {"type": "post", "id": "p", "properties": {"author": "ana", "community": "☂" * 86}}},
        {**QUESTION, "resource": {"type": "post", "id": "p", "properties": {"authors": [{"community": "c"}]}}},
        {**QUESTION, "resource": {"type": "post", "id": "p", "properties": {"authors": [{"account": "a"}] * 201}}},
        {**QUESTION, "resource": {"type": "post", "id": "p", "properties": {"recipients": ["a"] * 201}}},
        *(
            asked("nurse", "ana", created=time)
            for time in (
                "yesterday",
                1714557600,
                "2026-05-01",
                "2026-05-01T10:00:00",
                "1999-12-31T23:59:59Z",
                "2100-01-01T00:00:00Z",
                "9999-12-31T23:59:59-23:59",
                "0001-01-01T00:00:00+23:59",
                "2026-02-30T10:00:00Z",
                "2026-05-01T24:00:01Z",
                None,
            )
        ),
    ],
)
def test_a_question_that_misses_or_mistakes_something_is_a_bad_request(asker, question):
    answer = asker.send(ONE, question)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.json["type"] == "urn:governance:problem:bad_input"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/ld+json", ""])
@pytest.mark.parametrize("path", [ONE, MANY, "/v1/opt-outs/query"])
def test_another_content_type_is_a_bad_request(asker, path, kind):
    assert asker.send(path, b'{"accounts": ["ana"]}', **{"Content-Type": kind}).status_code == 400


def test_a_content_type_with_a_charset_is_fine(asker):
    sent = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert asker.send(ONE, QUESTION, **sent).status_code == 200


@pytest.mark.parametrize("path", [ONE, MANY])
def test_the_request_id_comes_back_on_every_answer(asker, path):
    for body, token in ((QUESTION, asker.headers["Authorization"]), ({}, asker.headers["Authorization"]), ({}, "no")):
        answer = asker.send(path, body, **{"X-Request-ID": "q-1", "Authorization": token})
        assert answer.headers["X-Request-ID"] == "q-1"
    assert "X-Request-ID" not in asker.send(path, QUESTION).headers


@pytest.mark.parametrize("path", [ONE, MANY])
def test_without_a_good_token_nothing_is_told(asker, path):
    for token in ("", "Bearer", "Bearer x", "Basic x", asker.headers["Authorization"][:-2]):
        answer = asker.send(path, QUESTION, Authorization=token)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_metadata_names_the_endpoints_by_the_configured_address(asker):
    answer = asker.client.get("/.well-known/authzen-configuration", headers={"Host": "evil.example"})
    base = "http://127.0.0.1:8080"
    assert answer.json == {
        "policy_decision_point": base,
        "access_evaluation_endpoint": base + ONE,
        "access_evaluations_endpoint": base + MANY,
    }


@pytest.mark.parametrize("body", [QUESTION, {**QUESTION, "evaluations": []}])
def test_no_evaluations_are_one_evaluation(asker, body):
    answer = asker.send(MANY, body)
    assert answer.json.keys() == {"decision", "context"}
    assert answer.json["decision"] is True


def decisions(answer):
    assert answer.status_code == 200, answer.text
    assert answer.json.keys() == {"evaluations"}
    return [one["decision"] for one in answer.json["evaluations"]]


def test_a_batch_keeps_its_order_and_length(asker):
    viewers = ["nurse", "doctor", "pia", "doctor", "nurse"]
    answer = asker.send(MANY, {"evaluations": [asked(viewer, "ana") for viewer in viewers]})
    assert decisions(answer) == [True, False, True, False, True]


def test_a_default_is_inherited_whole_or_not_at_all(asker):
    items = [{}, {"subject": {"type": "user", "id": "doctor"}}, {"resource": {"type": "post", "id": "p-2"}}]
    answer = asker.send(MANY, {**QUESTION, "evaluations": items})
    # The third has another resource, and so no author: refused whoever asks.
    assert decisions(answer) == [True, False, False]


def test_one_bad_item_is_refused_inside_a_good_page(asker):
    items = [{}, {"subject": {"type": "user"}}, {"action": {"name": 7}}, {"resource": None}, {}]
    answer = asker.send(MANY, {**QUESTION, "evaluations": items})
    assert decisions(answer) == [True, False, False, False, True]
    error = answer.json["evaluations"][1]["context"]["error"]
    assert error["status"] == 400
    assert "id" in error["message"]


@pytest.mark.parametrize(
    ("semantic", "expected"),
    [
        ("execute_all", [True, False, True, False]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ],
)
def test_a_batch_stops_where_it_was_told_to(asker, semantic, expected):
    items = [asked(viewer, "ana") for viewer in ("nurse", "doctor", "pia", "doctor")]
    options = {"evaluations_semantic": semantic, "unknown": 1}
    assert decisions(asker.send(MANY, {"evaluations": items, "options": options})) == expected


def test_a_batch_in_which_nothing_decides_goes_to_its_end(asker):
    items = [asked("doctor", "ana"), {}, asked("doctor", "ana")]
    answer = asker.send(MANY, {"evaluations": items, "options": {"evaluations_semantic": "permit_on_first_permit"}})
    assert decisions(answer) == [False, False, False]


@pytest.mark.parametrize(
    "body",
    [
        {"evaluations": {}},
        {"evaluations": None},
        {"evaluations": "all"},
        {"evaluations": [1]},
        {"evaluations": [None]},
        {"evaluations": [[]]},
        {"evaluations": [{}] * 501},
        {"evaluations": [{}], "options": []},
        {"evaluations": [{}], "options": None},
        {"evaluations": [{}], "options": {"evaluations_semantic": "all"}},
        {"evaluations": [{}], "options": {"evaluations_semantic": ["execute_all"]}},
        {"evaluations": [{}], "options": {"evaluations_semantic": None}},
        {"evaluations": []},
    ],
)
def test_a_batch_of_no_good_form_is_a_bad_request(asker, body):
    assert asker.send(MANY, body).status_code == 400


def test_five_hundred_evaluations_are_answered(asker):
    assert decisions(asker.send(MANY, {**QUESTION, "evaluations": [{}] * 500})) == [True] * 500


def test_the_largest_body_of_strangers_is_answered(asker):
    quoted = [{"account": f"{number:x}"} for number in range(200)]
    items = [{"resource": {"type": "post", "id": "p", "properties": {"authors": quoted}}}] * 50
    assert decisions(asker.send(MANY, {**QUESTION, "evaluations": items})) == [False] * 50


@pytest.mark.parametrize("path", [ONE, MANY, "/v1/opt-outs/query"])
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_is_a_bad_request(asker, path, body):
    answer = asker.send(path, body)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_changes_no_community(asker, body):
    assert asker.send("/v1/communities/c", body, method="PUT").status_code == 400


def test_a_body_over_256_kib_is_refused_unread(asker):
    answer = asker.send(ONE, b'{"x": "' + b"a" * 256 * 1024 + b'"}')
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")


def test_the_same_question_gets_the_same_answer(asker):
    assert {asker.decides(QUESTION) for _ in range(5)} == {PERMITTED}


@pytest.mark.parametrize(("questions", "status"), [(99, 200), (100, 400)])
def test_one_call_may_not_ask_about_more_than_others_can_wait_for(asker, questions, status):
    quoted = {"type": "post", "id": "p", "properties": {"authors": [{"account": "a"}] * 200}}
    body = {**QUESTION, "resource": quoted, "evaluations": [{}] * questions}
    assert asker.send(MANY, body).status_code == status
