"""A replica of a real service: what it learns, by when, what it shows meanwhile, and what it tells back."""

import json
from datetime import UTC, datetime

import pytest

from governance.decision.vocabulary import Action, Posture
from governance.optout.choices import Choices, Named
from governance.pep.questions import Resource, Words
from tests.forum import ANSWERED, CLOSED, SEEN

MANY_PAGES = 20
WRITTEN = datetime(2026, 5, 1, 10, tzinfo=UTC)


def post(author="ana", post_id="1", **more):
    place = {"community": "c", "thread": "t", "post": post_id, "created": WRITTEN, "edited": None}
    return Resource("post", post_id, (Words(author, **{**place, **more}),))


def sees(replica, viewer, author="ana"):
    return replica.evaluate(viewer, Action.VIEW, post(author)).permit


def test_it_decides_as_the_service_does(here):
    replica, _ = here.replica()
    replica.follower.step()
    assert replica.follower.trouble == ""
    for viewer, seen, why in (
        ("nurse", True, "permitted"),
        ("doctor", False, "refused"),
        ("pia", True, "not_governed"),
        ("ana", True, "not_governed"),
    ):
        answer = replica.evaluate(viewer, Action.VIEW, post())
        assert (answer.permit, answer.reason) == (seen, why), viewer
        assert here.forum.decides(viewer, "ana").reason == why


def test_nothing_is_decided_before_the_first_bundle_was_caught_up_with(here):
    replica, _ = here.replica()
    assert not sees(replica, "pia")
    here.liar.lies["/v1/changes"] = cut
    replica.follower.step()
    assert not sees(replica, "pia")


def test_a_no_reaches_it_with_the_next_question(here):
    replica, _ = here.replica()
    replica.follower.step()
    assert sees(replica, "nurse")
    here.forum.hides("ana")
    here.commit()
    replica.follower.step()
    assert not sees(replica, "nurse")
    assert sees(replica, "pia")


def test_a_new_professional_is_governed_with_the_next_question(here):
    replica, _ = here.replica()
    replica.follower.step()
    assert sees(replica, "pia")
    here.forum.declares("pia")
    here.commit()
    replica.follower.step()
    assert replica.evaluate("pia", Action.VIEW, post()).reason == "hcp_not_eligible"


def test_a_community_that_closes_reaches_it(here):
    replica, _ = here.replica()
    replica.follower.step()
    here.forum.opens("c", Posture.PEER_ONLY)
    here.commit()
    replica.follower.step()
    assert not sees(replica, "nurse")


def test_asking_says_what_was_applied(here):
    replica, _ = here.replica()
    replica.follower.step()
    here.forum.hides("ana")
    here.commit()
    replica.follower.step()
    replica.follower.step()
    revision = replica.health()["revision"]
    assert f".{revision}&nonce=" in here.liar.asked[-1]


def test_beyond_the_lease_professionals_are_refused_and_members_served(here):
    replica, hands = here.replica()
    replica.follower.step()
    here.liar.gone = True
    hands.steady += 4.9
    replica.follower.step()
    assert (sees(replica, "nurse"), sees(replica, "pia")) == (True, True)
    hands.steady += 0.1
    assert (sees(replica, "nurse"), sees(replica, "pia")) == (False, True)
    assert replica.follower.trouble == "unreachable"
    here.liar.gone = False
    replica.follower.step()
    assert sees(replica, "nurse")


def test_what_a_member_was_refused_by_name_stays_refused_while_the_service_is_away(here):
    wanted = Choices(ANSWERED, CLOSED, named=frozenset({Named(here.forum.key("pia"), CLOSED)}))
    here.forum.wants("ana", wanted)
    here.commit()
    replica, hands = here.replica()
    replica.follower.step()
    here.liar.gone = True
    for _ in range(10):
        hands.steady += 60
        replica.follower.step()
        assert (sees(replica, "pia"), sees(replica, "joe")) == (False, True)


def test_what_professionals_saw_is_told_once(here):
    replica, _ = here.replica()
    replica.follower.step()
    things = [post(post_id=str(number)) for number in range(3)]
    replica.evaluate_page("nurse", Action.VIEW, things)
    replica.evaluate_page("doctor", Action.VIEW, things)
    replica.evaluate_page("pia", Action.VIEW, things)
    replica.follower.step()
    (told,) = [json.loads(body) for path, body in here.liar.bodies if path == "/v1/exposures"]
    assert {(one["viewer"], one["author"], one["post"]) for one in told["exposures"]} == {
        ("nurse", "ana", number) for number in "012"
    }
    assert {one["revision"] for one in told["exposures"]} == {replica.health()["revision"]}
    replica.follower.step()
    assert len([path for path, _ in here.liar.bodies if path == "/v1/exposures"]) == 1


def test_what_could_not_be_told_is_told_later_under_the_same_key(here):
    replica, _ = here.replica()
    replica.follower.step()
    replica.evaluate("nurse", Action.VIEW, post())
    keys = []
    here.liar.lies["/v1/exposures"] = cut
    batch = replica.exposures.batch()
    replica.follower.step()
    keys.append(replica.exposures.batch().key)
    del here.liar.lies["/v1/exposures"]
    replica.follower.step()
    assert keys == [batch.key]
    assert replica.exposures.batch() is None


def cut(_answer, _earlier):
    """End the connection."""


def test_the_ids_of_governed_accounts_are_listed(here):
    replica, _ = here.replica()
    replica.follower.step()
    listed = replica.governed()
    assert (listed["accounts"], listed["complete"]) == (["doctor", "nurse"], True)


def test_an_id_that_nobody_signed_is_not_listed(here):
    replica, _ = here.replica()

    def another(answer, _):
        answer.body = answer.body.replace(b'"nurse"', b'"pia"')
        return answer

    here.liar.lies["/v1/hcps"] = another
    replica.follower.step()
    listed = replica.governed()
    assert (listed["accounts"], listed["complete"]) == (["doctor"], False)


def test_a_list_without_an_end_is_left_and_the_rest_goes_on(here):
    replica, _ = here.replica()

    pages = iter(range(MANY_PAGES))

    def goes_on(answer, _):
        # As many pages as would have filled the machine, in a test that has to end.
        body = {"accounts": ["x" * 200] * 1000, "next": next(map(str, pages), None), "complete": True}
        answer.status, answer.body = "200 OK", json.dumps(body).encode()
        answer.header("Content-Type", "application/json")
        return answer

    here.liar.lies["/v1/hcps"] = goes_on
    replica.follower.step()
    assert 1 < sum(asked.startswith("/v1/hcps?") for asked in here.liar.asked) < MANY_PAGES
    assert replica.governed()["complete"] is False
    assert (replica.follower.trouble, sees(replica, "nurse"), sees(replica, "doctor")) == ("", True, False)


@pytest.mark.parametrize(("viewer", "hidden", "rest"), [("nurse", ["bea"], "hide"), ("pia", [], "show")])
def test_a_list_of_authors_says_what_stands_for_all_others(here, viewer, hidden, rest):
    here.forum.acknowledges("bea")
    here.forum.chooses("bea", SEEN, CLOSED)
    here.commit()
    replica, _ = here.replica()
    replica.follower.step()
    assert replica.hidden_authors("pia")["rest"] == "ask"
    replica._roster.see(["ana", "bea"])
    listed = replica.hidden_authors(viewer)
    assert (listed["hidden"], listed["rest"]) == (hidden, rest)


def test_a_restored_service_is_another_epoch(here, monkeypatch):
    """Nothing counts from the moment at which the service says so until its new bundle is here."""
    replica, hands = here.replica()
    replica.follower.step()
    monkeypatch.setattr("governance.feed.service.epoch_of", lambda *_: "another")
    hands.steady += 3
    replica.follower.step()
    assert (replica.follower.trouble, sees(replica, "nurse"), sees(replica, "pia")) == ("other_epoch", False, True)
    replica.follower.step()
    assert (replica.evaluator.state.epoch, sees(replica, "nurse")) == ("another", True)
