"""A capacity counts a day after it was declared; a case stops a start, a measure ends what runs."""

from datetime import timedelta

import pytest

from governance.conduct.capacities import Scope, choose_capacity, community_on, name_place, places
from governance.conduct.errors import UnknownCommunityError
from governance.crypto.blind_index import place_key
from governance.decision.vocabulary import Capacity, Instant, Posture, Reason, Status
from governance.effective.measures import Measures
from governance.effective.service import Register
from governance.policy.current import policies
from tests.conduct.people import document, ends, in_good_standing, marks, says
from tests.forum import ANSWERED, CLOSED, DAY

pytestmark = pytest.mark.usefixtures("both")

PEER, PROFESSIONAL = Capacity.PEER, Capacity.PROFESSIONAL
WAIT = policies().conduct.capacity_begins_after // timedelta(microseconds=1)


@pytest.fixture
def forum(forum):
    """Bo says nothing; `peers` is closed to professionals, `open` is open to them, for adults."""
    forum.opens("peers", Posture.PEER_ONLY)
    forum.opens("open", Posture.HCP_PRESENT)
    forum.patient("bo")
    return forum


@pytest.fixture
def nora(forum):
    return in_good_standing(forum)


def chooses(forum, hcp, capacity, scope=None):
    begins = Instant(forum.now + WAIT)
    where = scope or Scope(str(forum.id))
    choose_capacity(forum.session, forum.keyring, hcp, where, capacity, now=forum.now, begins=begins)


def in_community(forum, name):
    return community_on(forum.session, forum.keyring, forum.id, name)


def reads(forum, community="peers"):
    return forum.permits("nora", "bo", community=community, created="2026-05-04T10:00:00Z")


def shown(forum, hcp):
    return {place.name: place for place in places(forum.session, forum.keyring, hcp, forum.id, forum.now)}


def opens_case(forum, hcp):
    register = Register(forum.session, forum.keyring, forum.now)
    register.put("hcp", str(hcp), "reporting", {"cases": [(int(forum.now), int(forum.now) + 30 * DAY)]})


def test_a_place_as_a_patient_counts_after_a_day_and_not_before(forum, nora):
    chooses(forum, nora, PEER)
    assert not reads(forum)
    forum.later(hours=24, seconds=-1)
    assert not reads(forum)
    forum.later(seconds=1)
    assert reads(forum)


def test_who_is_not_checked_may_be_here_as_a_patient(forum):
    says(forum, "nora")
    nora = says(forum, "nora")
    chooses(forum, nora, PEER)
    forum.later(hours=24)
    assert reads(forum)
    assert forum.decides("nora", "bo", "quote", community="peers").reason is Reason.HCP_NOT_ELIGIBLE


@pytest.mark.parametrize(
    "end", [ends, lambda forum, hcp: marks(forum, hcp, Status.SUSPENDED)], ids=["ended", "suspended"]
)
def test_standing_lost_leaves_a_place_as_a_patient(forum, nora, end):
    chooses(forum, nora, PEER)
    forum.later(hours=24)
    end(forum, nora)
    assert reads(forum)


def test_back_to_professional_counts_at_once(forum, nora):
    chooses(forum, nora, PEER)
    forum.later(hours=25)
    assert reads(forum)
    chooses(forum, nora, PROFESSIONAL)
    assert not reads(forum)


def test_hopping_between_hats_costs_a_day_every_time(forum, nora):
    chooses(forum, nora, PEER)
    forum.later(hours=25)
    chooses(forum, nora, PROFESSIONAL)
    chooses(forum, nora, PEER)
    forum.later(hours=23)
    assert not reads(forum)
    forum.later(hours=1)
    assert reads(forum)


def test_asking_again_while_it_waits_begins_the_day_anew(forum, nora):
    chooses(forum, nora, PEER)
    forum.later(hours=12)
    chooses(forum, nora, PEER)
    forum.later(hours=12)
    assert not reads(forum)


def test_professional_chosen_while_it_waits_takes_it_back(forum, nora):
    chooses(forum, nora, PEER)
    chooses(forum, nora, PROFESSIONAL)
    forum.later(hours=48)
    assert not reads(forum)


def test_asking_for_what_runs_takes_back_what_waits(forum, nora):
    chooses(forum, nora, PROFESSIONAL)
    forum.later(hours=25)
    chooses(forum, nora, PEER)
    chooses(forum, nora, PROFESSIONAL)
    forum.later(hours=48)
    assert not reads(forum)


def test_a_place_in_one_community_is_none_in_another(forum, nora):
    forum.opens("others", Posture.PEER_ONLY)
    chooses(forum, nora, PEER, in_community(forum, "peers"))
    forum.later(hours=24)
    assert reads(forum)
    assert not reads(forum, "others")


def test_a_case_stops_a_start_and_goes_on_stopping_it(forum, nora):
    opens_case(forum, nora)
    chooses(forum, nora, PEER)
    forum.later(days=2)
    assert not reads(forum)
    assert shown(forum, nora)[""].stopped
    forum.later(days=60)
    assert not reads(forum)


def test_after_the_case_it_can_be_asked_for_anew(forum, nora):
    opens_case(forum, nora)
    chooses(forum, nora, PEER)
    forum.later(days=31)
    chooses(forum, nora, PEER)
    forum.later(days=1)
    assert reads(forum)


def test_a_case_that_opens_later_leaves_what_runs(forum, nora):
    chooses(forum, nora, PEER)
    forum.later(days=2)
    opens_case(forum, nora)
    assert reads(forum)


def test_a_measure_ends_what_runs_in_every_capacity(forum, nora):
    forum.acknowledges("bo")
    forum.chooses("bo", CLOSED, ANSWERED)
    chooses(forum, nora, PEER, in_community(forum, "peers"))
    forum.later(days=2)
    assert reads(forum)
    assert reads(forum, "open")
    Measures(forum.session, forum.keyring, forum.now).block_hcp(nora, Instant(forum.now + DAY))
    for community in ("peers", "open"):
        assert not reads(forum, community)
        assert forum.decides("nora", "bo", community=community).reason is Reason.HCP_NOT_ELIGIBLE


def test_the_page_shows_what_decisions_count(forum, nora):
    scope = in_community(forum, "peers")
    name_place(forum.session, forum.keyring, nora, scope, "peers")
    chooses(forum, nora, PEER, scope)
    found = shown(forum, nora)
    assert (found[""].now, found["peers"].now) == ({PROFESSIONAL}, {PROFESSIONAL})
    assert (found["peers"].next, found["peers"].begins) == (PEER, forum.now + DAY)
    forum.later(days=1)
    found = shown(forum, nora)
    assert (found[""].now, found["peers"].now, found["peers"].next) == ({PROFESSIONAL}, {PEER}, None)


def test_a_community_that_the_forum_never_named_is_refused(forum):
    with pytest.raises(UnknownCommunityError):
        in_community(forum, "peer")


def test_ended_capacities_stay_on_record(forum, nora):
    chooses(forum, nora, PEER)
    forum.later(days=2)
    chooses(forum, nora, PROFESSIONAL)
    held = document(forum, nora).capacities
    assert [(one[0], one[4] <= forum.now) for one in held] == [(PEER, True), (PROFESSIONAL, False)]
    assert place_key(forum.keyring, forum.id, "community", "peers") not in str(held)
