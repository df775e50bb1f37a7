"""`refused` has the same bytes whatever its cause, and takes like work: a platform learns that it is one, no more."""

import re
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from governance.crypto.keys import Keyring
from governance.db.extension import db, reading
from governance.decision.verdicts import Step
from governance.decision.vocabulary import Action
from governance.effective.erasure import erase
from governance.effective.kept import InForceReader
from governance.effective.layers import Layers, Party, platform_party, refuse_all, refuse_one
from governance.effective.measures import Measures
from governance.optout.choices import Choices, Named
from governance.pdp import answers
from governance.pdp.in_force import keep_in_force
from governance.pdp.messages import question_of
from governance.ui.clock import to_datetime
from tests.conftest import running, session_of, settings_in
from tests.forum import ANSWERED, CLOSED, SEEN, Forum, an_hour_ago, asked, with_people
from tests.pdp.conftest import Caller

WRITTEN = to_datetime(an_hour_ago() + 1_800_000_000).isoformat()
"""Since the communities were registered: judged by them, not by the strictest of the platform."""


def asks(viewer, author, action="view", **said):
    return asked(viewer, author, action, **{"created": WRITTEN, **said})


ONE, MANY = "/access/v1/evaluation", "/access/v1/evaluations"
WHAT_MAY_DIFFER = re.compile(rb'"id":"[0-9a-f-]{36}"')
COUNTERS = {"RateLimit", "Date"}

CAUSES = {
    "closed to others": (asks("doctor", "ana"), Step.PROVISIONS),
    "an extra that is off": (asks("nurse", "ana", "research"), Step.PROVISIONS),
    "an extra of the other group": (asks("doctor", "by name", "quote"), Step.BLOCK),
    "refused by name": (asks("doctor", "by name"), Step.BLOCK),
    "beyond a yes by name": (asks("nurse", "by name", "reply"), Step.BLOCK),
    "an extra for who has a yes by name": (asks("nurse", "by name", "quote"), Step.BLOCK),
    "the patient has not written first": (asks("nurse", "touch", "message"), Step.PROVISIONS),
    "sent away": (asks("doctor", "sent away"), Step.PROVISIONS),
    "hidden": (asks("doctor", "hidden"), Step.HOLD_OR_LAYER),
    "a guardian": (asks("doctor", "guarded"), Step.HOLD_OR_LAYER),
    "the forum, about all": (asks("doctor", "kept"), Step.HOLD_OR_LAYER),
    "the forum, about one": (asks("doctor", "kept from one"), Step.HOLD_OR_LAYER),
    "an officer": (asks("doctor", "blocked"), Step.BLOCK),
    "erased": (asks("doctor", "erased"), Step.ERASED),
    "a community of peers": (asks("doctor", "ana", community="peers"), Step.COMMUNITY),
    "a child": (asks("doctor", "child", "find", community="mixed"), Step.AGE),
    "no moderator": (asks("doctor", "ana", "moderate"), Step.MODERATION),
    "nobody we know": (asks("doctor", "never seen"), Step.NOTHING_PERMITS),
    "no choice yet": (asks("doctor", "silent"), Step.NOTHING_PERMITS),
    "a community we do not know": (asks("doctor", "never seen", community="elsewhere"), Step.COMMUNITY),
    "a row of another hand": (asks("doctor", "broken"), Step.BROKEN),
    "no author": (asks("doctor", "not sent"), Step.BROKEN),
    "no action of ours": (asks("doctor", "ana", "stare"), Step.BROKEN),
    "a member whom an officer blocked": (asks("pia", "blocked"), Step.BLOCK),
}
NEVER_REFUSE = {Step.OWN_WORDS, Step.NOT_GOVERNED, Step.EMERGENCY, Step.PEER, Step.OPEN_COMMUNITY}
TELLS_ITS_NAME = {Step.GATE}
"""The one refusal with another reason; it is about the professional alone."""


def with_every_cause(forum):
    people = with_people(forum)
    for name in ("touch", "sent away"):
        people.acknowledges(name)
    people.chooses("touch", "in_touch", CLOSED, team=["nurse"])
    people.chooses("sent away", ANSWERED, CLOSED, team=["doctor"])
    chooses_by_name(people)
    people.later(minutes=1)
    people.chooses("sent away", ANSWERED, CLOSED)
    people.hides("hidden")
    over(people, "guarded").add(Party("guardian"), refuse_all(Party("guardian")))
    own = platform_party(people.id)
    over(people, "kept").add(own, refuse_all(own))
    over(people, "kept from one").add(own, refuse_one(own, people.key("doctor")))
    for who in ("doctor", "pia"):
        Measures(people.session, people.keyring, people.now).block_pair(
            people.patient("blocked").id, people.key(who), people.now + 2**50
        )
    soon = people.now + 3_000_000_000
    erase(people.session, people.keyring, people.patient("erased").id, people.now, final_at=soon)
    people.opens("peers", "peer_only")
    people.opens("mixed", ages="mixed")
    people.patient("child", adult=False)
    people.patient("silent")
    broken = str(people.patient("broken").id)
    people.session.flush()
    people.session.connection().exec_driver_sql("UPDATE effective_row SET mac = x'' WHERE subject = ?", (broken,))
    people.session.commit()
    return people


def chooses_by_name(people):
    said = frozenset({Named(people.key("doctor"), CLOSED), Named(people.key("nurse"), SEEN)})
    people.acknowledges("by name")
    people.wants("by name", Choices(ANSWERED, ANSWERED, named=said, others_extras=frozenset({Action.QUOTE})))


def over(people, name):
    return Layers(people.session, people.keyring, people.patient(name).id, people.now)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    settings = settings_in(tmp_path_factory.mktemp("refused"))
    with running(settings) as app, session_of(app) as session:
        people = with_every_cause(Forum(session, Keyring(settings.keys), at=an_hour_ago()))
        yield people, Caller(app, people.credentials), app


@pytest.fixture
def caller(world):
    return world[1]


def bare(answer):
    """The whole answer but for its ids, times and counters."""
    assert answer.status_code == 200, answer.text
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in COUNTERS)
    return headers, WHAT_MAY_DIFFER.sub(b"", answer.data)


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_refuses_where_it_is_said_to(world, cause):
    question, step = CAUSES[cause]
    people = world[0]
    people.session.rollback()
    [answer] = people.desk().answer([question_of(question)], an_hour_ago() + 3600 * 1_000_000)
    assert (answer.decision.permit, answer.decision.reason) == (False, "refused")
    assert answer.decision.verdict.step is step


def test_no_step_of_the_decision_that_can_refuse_is_left_out():
    """A step that is added later must be added here."""
    assert {step for _, step in CAUSES.values()} == set(Step) - NEVER_REFUSE - TELLS_ITS_NAME


def test_every_refusal_has_the_same_bytes(caller):
    answers = {str(bare(caller.send(ONE, question))): cause for cause, (question, _) in CAUSES.items()}
    assert len(answers) == 1, answers


def test_an_answer_that_told_more_would_be_seen(caller, monkeypatch):
    """The control: with the step beside the reason, the same comparison finds many answers."""
    real = answers._told
    telling = lambda made, answer: {**real(made, answer), "step": answer.decision.verdict.step}  # noqa: E731 - one line
    monkeypatch.setattr(answers, "_told", telling)
    assert len({str(bare(caller.send(ONE, question))) for question, _ in CAUSES.values()}) > 5


causes = st.lists(st.sampled_from(sorted(CAUSES)), min_size=1, max_size=8)
extras = st.dictionaries(st.sampled_from(["flagged", "sender", "recipients"]), st.none(), max_size=3)
VALUES = {"flagged": False, "sender": "bea", "recipients": ["bea", "cleo"]}


@given(causes, extras)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_a_page_too_and_whatever_else_is_sent(caller, names, extra):
    items = []
    for name in names:
        question, _ = CAUSES[name]
        said = question["resource"]["properties"]
        more = {member: VALUES[member] for member in extra}
        items.append({**question, "resource": {**question["resource"], "properties": {**said, **more}}})
    answer = caller.send(MANY, {"evaluations": items})
    first, *_ = decisions = [WHAT_MAY_DIFFER.sub(b"", part) for part in parts(answer.data)]
    assert decisions == [first] * len(names)
    assert b'"refused"' in first


def parts(body):
    inner = body.strip().removeprefix(b'{"evaluations":[').removesuffix(b"]}")
    return [b"{" + part for part in inner.split(b"{", 1)[1].split(b",{")]


SAME_KIND = [name for name, (question, _) in CAUSES.items() if question["resource"]["properties"].get("author")]


def test_every_refusal_about_an_author_takes_the_same_statements(world, caller):
    """No clock: the number and text of what the database is asked, which is where the time goes."""
    with world[2].app_context():
        engine = db.engine
    said, asking = [], threading.current_thread()

    def listen(_connection, _cursor, statement, *_):
        # The log's own thread writes when it likes.
        if threading.current_thread() is asking:
            said.append(re.sub(r"\((\?, )*\?\)", "(?)", statement))

    # What a process keeps of its clients and keys is read with the first question of all.
    caller.send(ONE, CAUSES[SAME_KIND[0]][0])
    # Kept in memory, an answer takes no statement at all, whatever it is.
    keep_in_force(world[2], InForceReader(reading, world[0].keyring, None))
    event.listen(engine, "before_cursor_execute", listen)
    taken = {}
    for name in SAME_KIND:
        question, _ = CAUSES[name]
        if question["action"]["name"] == "stare":
            continue
        said.clear()
        caller.send(ONE, question)
        taken[name] = tuple(said)
    event.remove(engine, "before_cursor_execute", listen)
    assert len(set(taken.values())) == 1, taken
    assert all(taken.values())
