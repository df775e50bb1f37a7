"""A community becomes stricter at once and looser after 14 days, each thing for itself."""

from datetime import datetime

import pytest

from governance.decision.facts import Setting
from governance.decision.vocabulary import Ages, Instant, Posture
from governance.effective.models import find_revision
from governance.effective.present import in_force
from governance.effective.service import Register
from governance.pdp.communities import NOTICE, ToldTooLateError
from governance.pdp.digests import Digests
from governance.ui.clock import to_datetime
from tests.forum import DAY, START

PEER_ONLY, INFORMED, HCP_PRESENT = Posture
MIXED, ADULTS = Ages


@pytest.fixture
def history(forum):
    def history(community="c"):
        return list(found(forum, community)[community].history)

    return history


def found(forum, *names):
    """Which of these communities of a forum are in force, by the forum's own ids."""
    forum.session.flush()
    known = {Digests(forum.keyring, forum.id).community(name): name for name in names}
    communities = in_force(forum.session, forum.keyring, forum.id).places(known).communities
    return {known[digest]: it for digest, it in communities.items()}


def strictest(forum):
    forum.session.flush()
    return in_force(forum.session, forum.keyring, forum.id).places(())[1]


def test_the_first_setting_holds_at_once(forum, history):
    setting = forum.opens("c", HCP_PRESENT, ADULTS)
    assert history() == [setting] == [(START, HCP_PRESENT, ADULTS)]


def test_at_first_a_platform_may_say_since_when_members_were_told(forum, history):
    assert forum.opens("c", HCP_PRESENT, ADULTS, told=START - DAY).since == START - DAY
    assert history() == [(START - DAY, HCP_PRESENT, ADULTS)]


@pytest.mark.parametrize("told", [START + 1, START - DAY])
def test_later_no_past_may_be_stated_and_never_a_future(forum, told):
    if told < START:
        forum.opens("c", INFORMED, ADULTS)
    with pytest.raises(ToldTooLateError, match="first registration"):
        forum.opens("c", HCP_PRESENT, ADULTS, told=told)


def test_stricter_holds_at_once(forum, history):
    forum.opens("c", HCP_PRESENT, ADULTS)
    forum.later(days=1)
    setting = forum.opens("c", PEER_ONLY, MIXED)
    assert setting == (START + DAY, PEER_ONLY, MIXED)
    assert history() == [(START, HCP_PRESENT, ADULTS), setting]


@pytest.mark.parametrize(("posture", "ages"), [(HCP_PRESENT, MIXED), (INFORMED, ADULTS), (HCP_PRESENT, ADULTS)])
def test_looser_holds_after_notice(forum, history, posture, ages):
    forum.opens("c", INFORMED, MIXED)
    forum.later(days=1)
    assert forum.opens("c", posture, ages) == (START + DAY + NOTICE, posture, ages)
    assert history()[0] == (START, INFORMED, MIXED)


def test_of_a_mixed_change_the_stricter_part_does_not_wait(forum, history):
    forum.opens("c", INFORMED, MIXED)
    forum.later(days=1)
    forum.opens("c", PEER_ONLY, ADULTS)
    assert history()[1:] == [(START + DAY, PEER_ONLY, MIXED), (START + DAY + NOTICE, PEER_ONLY, ADULTS)]


def test_what_was_announced_and_is_withdrawn_never_begins(forum, history):
    forum.opens("c", INFORMED, ADULTS)
    forum.opens("c", HCP_PRESENT, ADULTS)
    forum.later(days=7)
    forum.opens("c", INFORMED, ADULTS)
    assert history() == [(START, INFORMED, ADULTS)]


def test_another_announcement_replaces_the_first_and_waits_its_own_time(forum, history):
    forum.opens("c", PEER_ONLY, ADULTS)
    forum.opens("c", HCP_PRESENT, ADULTS)
    forum.later(days=7)
    forum.opens("c", INFORMED, ADULTS)
    assert history()[1:] == [(START + 7 * DAY + NOTICE, INFORMED, ADULTS)]


def test_saying_the_same_again_neither_delays_nor_repeats(forum, history):
    forum.opens("c", INFORMED, ADULTS)
    for _ in range(3):
        forum.later(days=1)
        forum.opens("c", HCP_PRESENT, ADULTS)
    assert history() == [(START, INFORMED, ADULTS), (START + DAY + NOTICE, HCP_PRESENT, ADULTS)]
    forum.later(days=20)
    forum.opens("c", HCP_PRESENT, ADULTS)
    assert len(history()) == 2


def test_the_history_is_in_order_whatever_is_said(forum, history):
    for day, (posture, ages) in enumerate([(p, a) for p in Posture for a in Ages] * 3):
        forum.now = Instant(START + day * 5 * DAY)
        forum.opens("c", posture, ages)
        times = [setting.since for setting in history()]
        assert times == sorted(set(times))


def test_a_post_is_judged_by_what_was_announced_when_it_was_written(forum):
    forum.registers("doctor", "doctor")
    forum.opens("c", INFORMED, ADULTS)
    forum.opens("c", HCP_PRESENT, ADULTS)
    forum.later(days=15)
    assert not forum.permits("doctor", "stranger", created="2026-05-10T00:00:00Z")
    assert forum.permits("doctor", "stranger", created="2026-05-18T10:00:00Z")


def test_a_platform_is_never_looser_than_the_default_or_than_its_strictest(forum):
    forum.opens("a", HCP_PRESENT, ADULTS)
    assert strictest(forum) == (INFORMED, MIXED)
    forum.opens("b", PEER_ONLY, ADULTS)
    forum.opens("b", HCP_PRESENT, ADULTS)
    assert strictest(forum) == (PEER_ONLY, MIXED)


def test_an_open_community_opens_none_that_nobody_told_us_of(forum):
    forum.registers("doctor", "doctor")
    forum.opens("open", HCP_PRESENT, ADULTS)
    assert forum.permits("doctor", "stranger", community="open", created="2026-05-04T10:00:00Z")
    assert not forum.permits("doctor", "stranger", community="untold", created="2026-05-04T10:00:00Z")
    assert not forum.permits("doctor", "stranger", community="not sent", created="2026-05-04T10:00:00Z")


def test_moderators_are_named_anew_each_time(forum):
    forum.opens("c", moderators=["mo", "mo", "al"])
    forum.opens("c", moderators=["al"])
    assert found(forum, "c")["c"].moderators == {forum.key("al")}


@pytest.mark.parametrize(("one", "other"), [("a", "a/"), ("a/b", "a"), ("a//b", "a/b"), ("A", "a"), ("é", "e\u0301")])
def test_ids_that_look_alike_are_two_communities(forum, one, other):
    forum.opens(one, PEER_ONLY)
    forum.opens(other, HCP_PRESENT)
    both = found(forum, one, other)
    assert [both[name].history[0].posture for name in (one, other)] == [PEER_ONLY, HCP_PRESENT]


def test_no_id_reaches_into_another_platform(forum, session, keyring):
    """The platform's part of a key has one length, so no id can stand for another platform's."""
    other = type(forum)(session, keyring, "other")
    forum.opens(f"/{other.id}/c", HCP_PRESENT)
    forum.opens(f"{other.id}/c", HCP_PRESENT)
    assert found(other, "c", f"{other.id}/c") == {}
    assert Register(session, keyring, START).said("community", f"{other.id}/c", "pdp") == {}


def put(caller, community, **said):
    return caller.send(f"/v1/communities/{community}", {"posture": "peer_only", **said}, method="PUT")


def test_over_http_the_answer_says_since_when(caller, people):
    first = put(caller, "new", posture="informed", ages="adults", moderators=["nurse"])
    looser = put(caller, "new", posture="hcp_present", ages="adults")
    since = first.json["since"]
    assert first.json == {
        "posture": "informed",
        "ages": "adults",
        "since": since,
        "mode": "enforce",
        "mode_since": since,
    }
    waits = datetime.fromisoformat(looser.json["since"]) - datetime.fromisoformat(first.json["since"])
    assert waits.days == 14
    assert to_datetime(people.now) < datetime.fromisoformat(first.json["since"])


def test_over_http_a_past_is_stated_once(caller):
    first = put(caller, "old", posture="hcp_present", told_since="2020-01-01T00:00:00Z")
    assert first.json["since"] == "2020-01-01T00:00:00Z"
    assert put(caller, "old", told_since="2019-01-01T00:00:00Z").status_code == 400
    assert put(caller, "other", told_since="2020-01-01T00:00:00").status_code == 400


IDS = {
    "a%2Fb": "a/b",
    "a/b": "a/b",
    "a//b": "a//b",
    "a/": "a/",
    "%2e%2e": "..",
    "a%20b": "a b",
    "%C3%A9": "é",
    "e%CC%81": "e\u0301",
    "a%3Fb%23c": "a?b#c",
    "%25": "%",
    "x" * 256: "x" * 256,
}


@pytest.mark.parametrize(("sent", "meant"), IDS.items())
def test_an_id_in_an_address_means_the_id_in_a_question(caller, people, sent, meant):
    answer = put(caller, sent)
    assert answer.status_code == 200, answer.text
    assert found(people, meant)[meant].history[-1] == Setting(
        found(people, meant)[meant].history[-1].since, PEER_ONLY, MIXED
    )


@pytest.mark.parametrize("sent", ["%00", "a%00b", "%ff", "%ed%a0%80", "%EF%BF%BD", "x" * 257, "%E2%98%82" * 86])
def test_an_id_that_could_be_mistaken_is_a_bad_request(caller, sent):
    answer = put(caller, sent)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


@pytest.mark.parametrize("sent", ["", "/x"])
def test_no_id_is_no_community(caller, sent):
    assert put(caller, sent).status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {"posture": "open"},
        {"posture": None},
        {"posture": ["peer_only"]},
        {"ages": "all"},
        {"moderators": "nurse"},
        {"moderators": [""]},
        {"moderators": ["x" * 257]},
        {"moderators": ["x"] * 1001},
        {"postures": "informed"},
        {"audience": "everybody"},
        {"mode": "watch"},
        {"mode": None},
    ],
)
def test_a_setting_of_no_good_form_changes_nothing(caller, people, said):
    assert put(caller, "c", **said).status_code == 400
    assert len(found(people, "c")["c"].history) == 1


def test_another_platforms_community_of_the_same_name_is_another(caller, other_caller, people):
    put(other_caller, "c", posture="hcp_present", ages="adults")
    assert caller.decides(
        {
            "subject": {"type": "user", "id": "doctor"},
            "action": {"name": "view"},
            "resource": {"type": "post", "id": "p", "properties": {"author": "stranger", "community": "c"}},
        }
    ) == (False, "refused")
    assert len(found(people, "c")["c"].history) == 1


def test_a_community_like_the_others_is_one_revision(caller, people):
    def revision_after(community):
        answer = caller.send(f"/v1/communities/{community}", {"posture": "informed"}, method="PUT")
        assert answer.status_code == 200
        revision = find_revision(people.session, people.id)
        people.session.rollback()
        return revision

    # The first one of mixed ages may make the forum's strictest another.
    first = revision_after("one")
    assert [revision_after("two"), revision_after("three")] == [first + 1, first + 2]
