"""Questions of platforms become requests of the core, word for word; anything else is a bad input and no failure."""

from contextlib import suppress
from copy import deepcopy
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.decision.facts import Words
from governance.decision.vocabulary import NOT_SENT, Action
from governance.errors import BadInputError
from governance.pdp.batches import cut, items_of, semantic_of
from governance.pdp.messages import question_of, request_of
from governance.ui.clock import to_instant
from tests.forum import asked


class Legible:
    """Digests that can be read: accounts in capitals, places as they are."""

    platform = "platform"
    account = staticmethod(str.upper)
    community = thread = post = staticmethod(str)


def request(question, at=7):
    return request_of(question_of(question), Legible(), at)


def test_everything_that_was_sent_arrives():
    question = asked("nurse", "ana", "reply", flagged=True, sender="bea", recipients=["cat", "dan"], wrote_first=True)
    found = request(question)
    assert (found.viewer, found.action, found.at) == ("NURSE", Action.REPLY, 7)
    assert (found.sender, found.recipients) == ("BEA", {"CAT", "DAN"})
    assert (found.flagged, found.initiated_by_patient) == (True, True)
    (words,) = found.words
    assert (words.author, words.community, words.thread, words.post) == ("ANA", "c", "t", "p-1")
    assert words.edited is None


def test_what_was_not_sent_stays_not_sent():
    found = request({**asked("nurse", "ana"), "resource": {"type": "post", "id": "p", "properties": {"author": "ana"}}})
    assert found.words == (Words("ANA", post="p"),)
    assert found.recipients is found.flagged is found.initiated_by_patient is NOT_SENT


def test_a_quote_stands_for_itself_and_inherits_nothing():
    found = request(asked("nurse", "ana", authors=[{"account": "bea", "post": "p-0"}, {"account": "cat"}]))
    quoted = {words.author: words for words in found.words}
    assert quoted["BEA"] == Words("BEA", post="p-0")
    assert quoted["CAT"] == Words("CAT")
    assert quoted["ANA"].community == "c"


def test_a_person_is_their_own_author_and_a_thread_its_own_thread():
    user = {**asked("nurse", "x"), "resource": {"type": "user", "id": "ana"}}
    assert request(user).words == (Words("ANA"),)
    thread = {**asked("nurse", "x"), "resource": {"type": "thread", "id": "t", "properties": {"author": "ana"}}}
    assert request(thread).words == (Words("ANA", thread="t"),)


def test_a_letter_without_a_named_sender_is_its_authors():
    assert request(asked("nurse", "ana")).sender == "ANA"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-05-01T10:00:00Z", "2026-05-01T10:00:00+00:00"),
        ("2026-05-01T12:00:00+02:00", "2026-05-01T10:00:00+00:00"),
        ("2026-04-30T22:30:00-11:30", "2026-05-01T10:00:00+00:00"),
        ("2026-05-01T10:00:00.000001Z", "2026-05-01T10:00:00.000001+00:00"),
    ],
)
def test_a_time_means_the_same_instant_in_every_zone(written, meant):
    assert request(asked("n", "a", created=written)).words[0].created == to_instant(datetime.fromisoformat(meant))


def test_an_action_that_is_none_of_ours_is_no_request():
    assert request(asked("nurse", "ana", "stare")) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just("2026-05-01T10:00:00Z"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "type", "author"]), inner),
    max_leaves=4,
)
PLACES = [
    ("subject",),
    ("subject", "id"),
    ("action",),
    ("action", "name"),
    ("action", "properties"),
    ("resource",),
    ("resource", "type"),
    ("resource", "properties"),
    *(("resource", "properties", name) for name in ("author", "authors", "created", "edited", "recipients", "flagged")),
]


@given(st.sampled_from(PLACES), ANYTHING)
def test_anything_in_any_place_is_understood_or_a_bad_input(place, value):
    question = deepcopy(asked("nurse", "ana"))
    inner = question
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    with suppress(BadInputError):
        request(question)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["evaluations", "options", "subject"]), ANYTHING))
def test_any_batch_is_understood_or_a_bad_input(body):
    with suppress(BadInputError):
        items_of(body)
        semantic_of(body)


def test_a_message_never_repeats_a_value():
    with pytest.raises(BadInputError) as raised:
        question_of({**asked("nurse", "ana"), "subject": {"type": "user", "id": ["ana has diabetes"]}})
    assert "diabetes" not in str(raised.value)


def test_cutting_takes_no_more_than_it_needs():
    answers = iter([{"decision": True}, {"decision": False}, {"decision": True}])
    assert len(cut(answers, semantic_of({"options": {"evaluations_semantic": "deny_on_first_deny"}}))) == 2
    assert next(answers) == {"decision": True}
