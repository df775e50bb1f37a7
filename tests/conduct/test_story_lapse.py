"""S4: a fee paid late. The file of Monday says so, and from then on until somebody has looked again she is refused."""

import pytest

from governance.conduct.capacities import Scope, choose_capacity
from governance.decision.vocabulary import Capacity, Instant, Reason, Status
from tests.conduct.people import checks, document, in_good_standing, seen
from tests.conduct.register_files import delivers, line
from tests.forum import CLOSED, DAY, SEEN

pytestmark = pytest.mark.usefixtures("both")
NIA = "Nia Ward"


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read, and whoever is here as a patient; Nia is a nurse on Friday's file."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    forum.nia = in_good_standing(forum, "nia", name=NIA)
    checks(forum, forum.nia, seen(name=NIA))
    forum.later(days=4)
    delivers(forum, line(name=NIA))
    return forum


def reads(forum):
    return forum.decides("nia", "ana").reason


def test_a_lapse_from_monday_to_the_new_look(forum):
    assert reads(forum) is Reason.PERMITTED
    forum.later(days=3)
    delivers(forum, line(name=NIA, status="lapsed"))
    assert reads(forum) is Reason.HCP_NOT_ELIGIBLE
    forum.later(days=1)
    delivers(forum, line(name=NIA))
    assert (reads(forum), document(forum, forum.nia).status) == (Reason.HCP_NOT_ELIGIBLE, Status.LAPSED)
    forum.later(hours=1)
    checks(forum, forum.nia, seen(name=NIA))
    assert reads(forum) is Reason.PERMITTED


def test_as_a_patient_she_stays_while_it_has_lapsed(forum):
    scope = Scope(str(forum.id))
    choose_capacity(forum.session, forum.keyring, forum.nia, scope, Capacity.PEER, now=forum.now, begins=forum.now)
    forum.later(days=3)
    delivers(forum, line(name=NIA, status="lapsed"))
    # Whatever her register says: what Ana said of professionals is what binds her here.
    assert reads(forum) is not Reason.HCP_NOT_ELIGIBLE


def test_a_file_of_five_days_ago_says_nothing_any_more(forum):
    forum.now = Instant(forum.now + 5 * DAY - 1)
    assert reads(forum) is Reason.PERMITTED
    forum.now = Instant(forum.now + 1)
    assert reads(forum) is Reason.HCP_NOT_ELIGIBLE
