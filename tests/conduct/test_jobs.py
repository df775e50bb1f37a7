"""After a change of the rules that matters, the word given before counts for the days of grace and no longer."""

from dataclasses import replace

import pytest

from governance.conduct.jobs import shorten
from governance.conduct.service import Acceptance, accept
from governance.decision.vocabulary import Instant
from governance.policy.current import policies
from governance.policy.views.conduct import ConductPolicy
from governance.ui.clock import to_datetime
from tests.conduct.people import accepts, checks, ends, in_good_standing, says
from tests.forum import CLOSED, DAY, SEEN

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read; Nora accepted the rules in force."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    forum.nora = in_good_standing(forum)
    return forum


def published(forum, version):
    """The rules in a version that is in force from now on."""
    return ConductPolicy(replace(policies().conduct.record, version=version, effective=to_datetime(forum.now)))


def job(forum, policy):
    shorten(forum.session, forum.keyring, policy, forum.now)
    forum.session.flush()


def reads(forum):
    return forum.permits("nora", "ana")


def test_the_word_ends_with_the_days_of_grace(forum):
    job(forum, published(forum, "2.0.0"))
    forum.later(days=policies().conduct.grace_days_material, seconds=-1)
    assert reads(forum)
    forum.later(seconds=1)
    assert not reads(forum)


def test_a_word_that_ended_with_the_registration_is_not_given_back(forum):
    ends(forum, forum.nora)
    job(forum, published(forum, "2.0.0"))
    says(forum, "nora")
    checks(forum, forum.nora)
    assert not reads(forum)


def test_a_change_that_does_not_matter_ends_nothing(forum):
    job(forum, published(forum, "1.9.0"))
    forum.later(days=60)
    assert reads(forum)


def test_who_accepts_the_new_rules_is_left_alone(forum):
    policy = published(forum, "2.0.0")
    job(forum, policy)
    forum.later(days=1)
    accept(forum.session, forum.keyring, forum.nora, Acceptance("2.0.0", Instant(forum.now + 365 * DAY)), forum.now)
    job(forum, policy)
    forum.later(days=60)
    assert reads(forum)


def test_a_job_that_comes_late_ends_it_at_once(forum):
    policy = published(forum, "2.0.0")
    forum.later(days=40)
    assert reads(forum)
    job(forum, policy)
    assert not reads(forum)


def test_running_again_changes_nothing(forum):
    policy = published(forum, "2.0.0")
    job(forum, policy)
    accepts(forum, forum.nora, days=10)
    job(forum, policy)
    forum.later(days=10 - 1)
    assert reads(forum)
