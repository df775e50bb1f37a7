"""What is read in one go is what the careful reading reads, or is left to it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import BadInputError
from governance.pdp import quick
from governance.pdp.batches import Semantic, items_of, semantic_of
from governance.pdp.messages import question_of
from governance.pdp.quick import read_many, read_one
from governance.ui.strict_json import load_object
from tests.forum import asked

USUAL = asked("nurse", "ana")
TWICE = b'{"subject":{"type":"u","id":"a"},"subject":{"type":"u","id":"b"},"action":{"name":"view"},"resource":%s}'
THING = b'{"type":"post","id":"p"}'


def carefully(body):
    """What the doors behind the fast path make of one evaluation, or None for an error."""
    try:
        return question_of(load_object(body))
    except BadInputError:
        return None


def carefully_many(body):
    try:
        sent = load_object(body)
        return [question_of(item) for item in items_of(sent)], semantic_of(sent)
    except BadInputError:
        return None


def text_of(value):
    """JSON in which an object is a list of pairs, so that a name may come twice."""
    if isinstance(value, tuple):
        return "{" + ",".join(f"{json.dumps(name)}:{text_of(member)}" for name, member in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text_of, value)) + "]"
    return value if isinstance(value, str) and value[:1] in '"\n ' else json.dumps(value)


texts = st.sampled_from(
    ["a", "view", "post", "user", "x" * 256, "x" * 257, "", "2026-05-01T10:00:00Z", "1999-01-01T00:00:00Z"]
)
raw = st.sampled_from(['"\\u0061"', '"\\ud800"', '"\\u0000"', '"\t"', '"\x01"', '"ä"', ' "a"', '\n"view"'])
atoms = st.one_of(texts, raw, st.none(), st.booleans(), st.integers(-2, 2**60), st.floats(allow_nan=True))
names = st.sampled_from(
    ["type", "id", "name", "properties", "author", "authors", "account", "community", "created", "edited"]
)
names |= st.sampled_from(["recipients", "flagged", "sender", "thread", "initiated_by_patient", "context", "role", ""])


def objects(members):
    return st.lists(st.tuples(names, members), max_size=3).map(tuple)


anything = st.recursive(atoms, lambda inner: st.one_of(objects(inner), st.lists(inner, max_size=3)), max_leaves=4)


def thing(*required):
    """Mostly an object with what it must have, in the midst of anything."""
    sure = st.tuples(*[st.tuples(st.just(name), texts) for name in required])
    more = st.one_of(st.just(()), st.tuples(st.tuples(st.just("properties"), objects(anything))), objects(anything))
    return st.builds(lambda one, other: one + other, sure, more)


parts = {"subject": thing("type", "id"), "action": thing("name"), "resource": thing("type", "id")}
extra = st.one_of(st.just(()), objects(anything))
questions = st.builds(
    lambda subject, action, resource, further: (
        ("subject", subject),
        ("action", action),
        ("resource", resource),
        *further,
    ),
    *parts.values(),
    extra,
)
options = st.sampled_from([(), (("options", (("evaluations_semantic", "deny_on_first_deny"),)),), (("options", ()),)])
options |= st.sampled_from([(("options", (("evaluations_semantic", "sometimes"),)),), (("options", None),)])
shared = st.one_of(st.just(()), st.builds(lambda subject: (("subject", subject),), parts["subject"]))
pages = st.builds(
    lambda items, said, with_all: (("evaluations", items), *said, *with_all),
    st.lists(st.one_of(questions, st.builds(lambda question: question[1:3], questions)), max_size=3),
    options,
    shared,
)


@given(questions)
def test_one_is_read_as_with_care(question):
    body = text_of(question).encode()
    assert read_one(body) in (None, carefully(body))


@given(pages)
def test_a_page_is_read_as_with_care(page):
    body = text_of(page).encode()
    assert read_many(body) in (None, carefully_many(body))


@pytest.mark.parametrize(
    "body", [json.dumps(USUAL), json.dumps(USUAL, indent=2), json.dumps(asked("n", "a", created="not sent"))]
)
def test_the_usual_question_is_read_at_once(body):
    assert read_one(body.encode()) == carefully(body.encode()) is not None


def test_the_usual_page_is_read_at_once():
    shared = {
        "subject": USUAL["subject"],
        "action": USUAL["action"],
        "evaluations": [{"resource": USUAL["resource"]}] * 3,
    }
    for page in (
        {"evaluations": [USUAL] * 3},
        shared,
        {**shared, "options": {"evaluations_semantic": "permit_on_first_permit"}},
    ):
        body = json.dumps(page).encode()
        assert read_many(body) == carefully_many(body) is not None
    assert read_many(body)[1] is Semantic.PERMIT_ON_FIRST_PERMIT


def beyond(depth):
    """A member that nobody knows, nested deeper than is read."""
    return json.dumps(USUAL)[:-1].encode() + b',"more":' + b"[" * depth + b"]" * depth + b"}"


LEFT = {
    "a member twice": TWICE % THING,
    "an unknown member": json.dumps({**USUAL, "context": {}}).encode(),
    "too deep": beyond(40),
    "an escape": json.dumps(asked("nurse", "\u00e4")).encode(),
    "another script": json.dumps(asked("nurse", "\u00e4"), ensure_ascii=False).encode(),
    "NUL": json.dumps(asked("nurse", "a\0")).encode(),
    "too long an id": json.dumps(asked("nurse", "a" * 257)).encode(),
    "long ago": json.dumps(asked("nurse", "ana", created="1999-01-01T00:00:00Z")).encode(),
    "no object": b"[]",
    "nothing": b"",
    "no JSON": b"{",
}


@pytest.mark.parametrize("body", LEFT.values(), ids=list(LEFT))
def test_the_unusual_is_left_to_the_careful_reading(body):
    assert read_one(body) is None
    assert read_many(b'{"evaluations":[' + body + b"]}") is None


def test_without_counting_quotes_a_member_sent_twice_would_pass(monkeypatch):
    """The control."""
    body = TWICE % THING
    assert carefully(body) is None
    monkeypatch.setattr(quick, "_encode", lambda _: body)
    assert quick.read_one(body).subject.id == "b"
