"""Where a platform only observes, the kit lets through what the service lets through, and counts; flags are sent."""

import json

import pytest
from sqlalchemy import select

from governance.decision.vocabulary import Action
from governance.pep import Client, Resource, Words
from tests.pep.forum_models import FORUM, Post, filled_engine, viewed

POST = Resource("post", "p-1", (Words("ana", community="t1d"),))


def answered(script, *, decision, observed):
    script.body = json.dumps({"decision": decision, "context": {"reason": "refused", "observed": observed}}).encode()


@pytest.mark.parametrize("would_be", [True, False])
def test_what_is_only_observed_passes_and_says_what_it_would_have_been(client, script, would_be):
    answered(script, decision=True, observed=would_be)
    answer = client.evaluate("dan", Action.VIEW, POST)
    assert (answer.permit, answer.observed) == (True, would_be)


@pytest.mark.parametrize(
    ("decision", "observed"), [(False, True), (False, False), ("true", True), (1, True), (None, True)]
)
def test_an_observation_opens_nothing_by_itself(client, script, decision, observed):
    answered(script, decision=decision, observed=observed)
    assert not client.evaluate("dan", Action.VIEW, POST)


@pytest.mark.parametrize("observed", ["false", 0, None, []])
def test_an_odd_observation_is_none(client, script, observed):
    answered(script, decision=True, observed=observed)
    assert client.evaluate("dan", Action.VIEW, POST).observed is None


def test_a_page_that_is_only_observed_shows_all_and_counts_what_it_would_hide(service, script):
    def decided(observed):
        return {"decision": True, "context": {"reason": "refused", "observed": observed}}

    engine = filled_engine()
    script.body = json.dumps({"evaluations": [decided(number != 2) for number in range(7)]}).encode()
    with viewed(engine, Client(service[0], "forum", "s3cret", 5.0)) as session:
        session.consider(select(Post.id))
        assert (len(session.scalars(select(Post.id)).all()), session.passed) == (7, 1)
    engine.dispose()


def test_a_flag_is_sent_where_the_forum_has_one_and_left_out_where_not(client, script):
    for flagged in (True, False, None):
        client.evaluate("mo", Action.MODERATE, Resource("post", "p-1", POST.words, flagged))
    sent = [json.loads(body)["resource"]["properties"] for path, _, body in script.asked if "evaluation" in path]
    assert [properties.get("flagged", "not sent") for properties in sent] == [True, False, "not sent"]
    assert FORUM.content.flagged is None
