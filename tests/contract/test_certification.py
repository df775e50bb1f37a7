"""OpenID AuthZEN certification: the checks of its levels Basic, Batch and Discovery, over HTTP and with a token.

The certification's own world stands behind the doors that forums use: only the evaluator is another one.
"""

from dataclasses import replace

import pytest

from governance.crypto.keys import Keyring
from governance.identity.sessions import csrf
from governance.pdp.doors import open_authzen
from governance.ui.api import Blueprint
from tests.conftest import running, session_of, settings_in
from tests.contract.certification import Certification
from tests.contract.server import Line, serving, token
from tests.forum import Forum

TENANT = "/t/conformance"
ONE, MANY = f"{TENANT}/access/v1/evaluation", f"{TENANT}/access/v1/evaluations"
METADATA = f"/.well-known/authzen-configuration{TENANT}"


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """A caller with a token, and our service with one more pair of doors."""
    settings = replace(settings_in(tmp_path_factory.mktemp("certified")), public_url="https://consent.example")
    with running(settings) as app, session_of(app) as session:
        doors = Blueprint("certification", __name__)
        open_authzen(doors, Certification(), TENANT)
        csrf.exempt(app, doors)
        app.register_blueprint(doors)
        forum = Forum(session, Keyring(settings.keys))
        session.commit()
        with serving(app) as base:
            yield Line(base, token(base, forum.credentials, "decisions:evaluate"))


def asks(who, name, record="record-1", **has):
    """A question; `subject_has`, `action_has` and `record_has` are the properties it sends."""
    subject, action, resource = {"type": "user", "id": who}, {"name": name}, {"type": "record", "id": record}
    for entity, whose in ((subject, "subject_has"), (action, "action_has"), (resource, "record_has")):
        if whose in has:
            entity["properties"] = has[whose]
    return {"subject": subject, "action": action, "resource": resource}


ALICE_READS = asks("alice", "read")
ARCHIVED, ADMIN = {"status": "archived"}, {"role": "admin"}
RULES = {
    "1 alice reads": (ALICE_READS, True),
    "2 alice writes": (asks("alice", "write"), True),
    "3 bob reads": (asks("bob", "read"), True),
    "4 bob does not write": (asks("bob", "write"), False),
    "5 nobody but an admin writes what is archived": (asks("alice", "write", record_has=ARCHIVED), False),
    "5 of any record": (asks("alice", "write", "record-7", record_has=ARCHIVED), False),
    "6 an admin writes what is archived": (asks("bob", "write", subject_has=ADMIN, record_has=ARCHIVED), True),
    "7 alice deletes softly": (asks("alice", "delete", action_has={"soft": True}), True),
    "8 and not otherwise": (asks("alice", "delete", action_has={"soft": False}), False),
    "4 with the role said": (asks("bob", "write", subject_has=ADMIN), False),
    "6 by what is stored": (asks("bob", "write", "record-2"), True),
}
PERMITTED = [name for name, (_, expected) in RULES.items() if expected]


def decided(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()["decision"]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_decides(line, rule):
    question, expected = RULES[rule]
    assert decided(line.post(ONE, question)) is expected


@pytest.mark.parametrize("rule", RULES)
def test_a_context_changes_nothing(line, rule):
    question, expected = RULES[rule]
    context = {"time": "2026-11-20T09:20:00Z", "ip": "192.0.2.1", "deep": {"list": [1, None]}}
    assert decided(line.post(ONE, {**question, "context": context})) is expected


@pytest.mark.parametrize("rule", RULES)
def test_properties_and_members_that_no_rule_knows_change_nothing(line, rule):
    question, expected = RULES[rule]
    more = {
        member: {**question[member], "properties": {**question[member].get("properties", {}), "department": "Sales"}}
        for member in ("subject", "action", "resource")
    }
    assert decided(line.post(ONE, {**question, **more, "unknown": {"a": [1]}})) is expected


def test_the_same_question_gets_the_same_answer(line):
    assert [decided(line.post(ONE, ALICE_READS)) for _ in range(3)] == [True] * 3


def without(member, inner=None):
    if inner is None:
        return {name: value for name, value in ALICE_READS.items() if name != member}
    return {**ALICE_READS, member: {name: value for name, value in ALICE_READS[member].items() if name != inner}}


MISSING = [("subject",), ("action",), ("resource",)]
MISSING += [("subject", "type"), ("subject", "id"), ("action", "name"), ("resource", "type"), ("resource", "id")]


@pytest.mark.parametrize("path", MISSING, ids=".".join)
def test_a_missing_member_is_a_bad_request(line, path):
    assert line.post(ONE, without(*path)).status_code == 400


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"not json", b"[]", b'"x"', b"null", {**ALICE_READS, "subject": "alice"}, asks("alice", 7)],
)
def test_a_body_of_no_good_form_is_a_bad_request(line, body):
    headers = {"Content-Type": "application/json"} if isinstance(body, bytes) else {}
    assert line.post(ONE, body, **headers).status_code == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", None])
@pytest.mark.parametrize("path", [ONE, MANY])
def test_another_content_type_is_400_and_never_415_or_422(line, path, kind):
    body = b'{"subject": {"type": "user", "id": "alice"}}'
    assert line.post(path, body, **{"Content-Type": kind}).status_code == 400


@pytest.mark.parametrize("path", [ONE, MANY])
def test_the_request_id_comes_back_on_answers_and_on_every_kind_of_error(line, path):
    sent = {"X-Request-ID": "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"}
    answers = {
        200: line.post(path, ALICE_READS, **sent),
        400: line.post(path, {}, **sent),
        401: line.post(path, ALICE_READS, **sent, Authorization="Bearer x"),
        404: line.post(f"{path}/none", ALICE_READS, **sent),
        405: line.get(path, **sent),
        413: line.post(path, b"x" * 300_000, **sent, **{"Content-Type": "application/json"}),
    }
    for status, answer in answers.items():
        assert (answer.status_code, answer.headers["X-Request-ID"]) == (status, sent["X-Request-ID"])


def test_without_a_request_id_none_is_needed(line):
    assert "X-Request-ID" not in line.post(ONE, ALICE_READS).headers


def batch(line, body):
    answer = line.post(MANY, body)
    assert answer.status_code == 200, answer.text
    return [one["decision"] for one in answer.json()["evaluations"]]


def test_answers_come_in_the_order_and_number_asked(line):
    assert batch(line, {"evaluations": [question for question, _ in RULES.values()]}) == [
        expected for _, expected in RULES.values()
    ]


def test_a_default_serves_the_items_that_leave_it_out(line):
    items = [{}, {"action": {"name": "write"}}, {"subject": {"type": "user", "id": "carol"}}, {}]
    assert batch(line, {**ALICE_READS, "evaluations": items}) == [True, True, False, True]


def test_a_default_is_taken_whole_and_never_merged(line):
    """The default resource is archived; an item's own resource inherits nothing of that."""
    default = asks("alice", "write", record_has=ARCHIVED)
    own = {"resource": {"type": "record", "id": "record-1"}}
    assert batch(line, {**default, "evaluations": [{}, own]}) == [False, True]
    bad = {"subject": {"id": "alice"}}
    assert batch(line, {**ALICE_READS, "evaluations": [bad, {}]}) == [False, True]


def test_a_bad_item_is_false_alone(line):
    bad = [{"subject": {"type": "user"}}, {"resource": {"id": "record-1"}}, {"action": {}}, {"subject": "alice"}]
    answer = line.post(MANY, {**ALICE_READS, "evaluations": [{}, *bad, {}]})
    assert [one["decision"] for one in answer.json()["evaluations"]] == [True, False, False, False, False, True]
    for one in answer.json()["evaluations"][1:5]:
        assert one["context"]["error"]["status"] == 400
        assert isinstance(one["context"]["error"]["message"], str)


SEMANTICS = {
    None: [True, False, True],
    "execute_all": [True, False, True],
    "deny_on_first_deny": [True, False],
    "permit_on_first_permit": [True],
}


@pytest.mark.parametrize("semantic", SEMANTICS)
def test_the_three_semantics(line, semantic):
    items = [RULES[name][0] for name in ("1 alice reads", "4 bob does not write", "3 bob reads")]
    options = {} if semantic is None else {"options": {"evaluations_semantic": semantic, "more": 1}}
    assert batch(line, {"evaluations": items, **options}) == SEMANTICS[semantic]


@pytest.mark.parametrize("semantic", ["deny_on_first_deny", "permit_on_first_permit"])
def test_a_bad_item_counts_as_a_refusal_where_a_batch_stops(line, semantic):
    body = {**ALICE_READS, "evaluations": [{"subject": {}}, {}], "options": {"evaluations_semantic": semantic}}
    assert batch(line, body) == ([False] if semantic == "deny_on_first_deny" else [False, True])


@pytest.mark.parametrize("more", [{}, {"evaluations": []}])
@pytest.mark.parametrize("rule", RULES)
def test_without_evaluations_it_is_one_evaluation(line, rule, more):
    question, expected = RULES[rule]
    answer = line.post(MANY, {**question, **more})
    assert decided(answer) is expected
    assert "evaluations" not in answer.json()


@pytest.mark.parametrize("body", [{"evaluations": 1}, {"evaluations": [1]}, {"evaluations": []}, {}])
def test_a_batch_of_no_good_form_is_a_bad_request(line, body):
    assert line.post(MANY, body).status_code == 400


def test_the_metadata_is_where_the_identifier_says_and_names_this_decision_point(line):
    answer = line.get(METADATA)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json()["policy_decision_point"] == f"https://consent.example{TENANT}"


def test_every_address_in_it_is_https_without_query_or_fragment_and_none_is_empty(line):
    for name, value in line.get(METADATA).json().items():
        assert value.startswith("https://consent.example/"), name
        assert not set(value) & set("?#")


def test_the_addresses_in_it_are_the_ones_that_answer(line):
    found = line.get(METADATA).json()
    for name in ("access_evaluation_endpoint", "access_evaluations_endpoint"):
        path = found[name].removeprefix("https://consent.example")
        assert decided(line.post(path, ALICE_READS)) is True


def test_it_is_built_from_the_settings_and_never_from_the_request(line):
    told = line.get(METADATA, Host="evil.example", **{"X-Forwarded-Host": "evil.example"})
    assert "evil" not in told.text


def test_our_own_doors_stand_beside_it_and_are_the_same_code(line):
    """The certification's world is not ours: alice reads no record here, and the shape of the answer is the same."""
    answer = line.post("/access/v1/evaluation", ALICE_READS)
    assert decided(answer) is False
    assert line.get("/.well-known/authzen-configuration").json()["policy_decision_point"] == "https://consent.example"
