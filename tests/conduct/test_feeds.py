"""A register's file: worse counts at once, the same goes on, better waits; nothing of it makes anybody good."""

import pytest

from governance.conduct.errors import BadFileError
from governance.conduct.feeds.applying import _refuse_if_cut_short
from governance.conduct.findings import done_to
from governance.conduct.models import HcpRecord, RegisterCheck
from governance.conduct.restored import stand_again
from governance.decision.vocabulary import Assurance, Status
from governance.effective.service import Register
from governance.policy.current import policies
from tests.conduct.people import NPI, accepts, checks, document, in_good_standing, marks, says, seen, verifying
from tests.conduct.register_files import delivers, held, line
from tests.forum import CLOSED, DAY, SEEN

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read; Nora is a nurse in good standing, and a day has gone by."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    forum.nora = in_good_standing(forum)
    forum.later(days=1)
    return forum


def waits(forum):
    return forum.session.get(HcpRecord, forum.nora).waiting_since is not None


def last_act(forum):
    return done_to(forum.session, forum.keyring, forum.nora)[0].act


def test_the_same_goes_on_for_five_days_from_what_the_file_speaks_of(forum):
    tally = delivers(forum, line(), line("98Z7654Y", "Somebody Else"), as_of=forum.now - 3600)
    assert (tally.lines, tally.ours, dict(tally.did)) == (2, 1, {"kept": 1})
    assert held(forum).checked_until == forum.now - 3600 + 5 * DAY
    assert (held(forum).method, held(forum).assurance) == ("feed", Assurance.A4)
    assert not waits(forum)
    forum.later(days=5)
    assert not forum.permits("nora", "ana")


def test_who_was_reported_is_refused_until_somebody_looks_whatever_the_file_says(forum):
    verifying(forum).doubt(forum.nora, "somebody else signs as her", days=2)
    for _ in range(2):
        forum.later(days=1)
        delivers(forum, line())
    assert not forum.permits("nora", "ana")
    checks(forum, forum.nora)
    assert forum.permits("nora", "ana")
    forum.later(days=1)
    delivers(forum, line())
    assert held(forum).checked_until == forum.now + 5 * DAY


@pytest.mark.slow
def test_a_file_that_comes_again_lets_a_stale_look_count_again(forum):
    delivers(forum, line())
    forum.later(days=6)
    assert not forum.permits("nora", "ana")
    delivers(forum, line())
    assert forum.permits("nora", "ana")


@pytest.mark.parametrize("status", ["lapsed", "suspended", "removed"])
def test_what_is_worse_refuses_at_once_and_somebody_looks(forum, status):
    delivers(forum, line(status=status))
    assert not forum.permits("nora", "ana")
    assert (document(forum, forum.nora).status, waits(forum), last_act(forum)) == (status, True, "feed_worse")


def test_a_renamed_person_never_passes(forum):
    delivers(forum, line(name="Nora Vale"))
    assert not forum.permits("nora", "ana")
    assert (last_act(forum), waits(forum)) == ("feed_renamed", True)
    delivers(forum, line(name="Nora Vale"), as_of=forum.now + 1)
    assert not forum.permits("nora", "ana")


@pytest.mark.parametrize("name", ["nora quill", "NORA  QUILL", "Nora-Quill", " Nora Quill "])
@pytest.mark.slow
def test_a_name_is_compared_without_its_capitals_and_hyphens(forum, name):
    assert dict(delivers(forum, line(name=name)).did) == {"kept": 1}


def test_a_lapse_is_not_undone_by_a_file(forum):
    delivers(forum, line(status="lapsed"))
    delivers(forum, line(), as_of=forum.now + 1)
    assert (document(forum, forum.nora).status, waits(forum)) == (Status.LAPSED, True)
    forum.later(hours=1)
    checks(forum, forum.nora)
    assert forum.permits("nora", "ana")


@pytest.mark.slow
def test_a_restriction_is_not_lifted_by_a_file(forum):
    marks(forum, forum.nora, Status.RESTRICTED)
    delivers(forum, line(), as_of=forum.now + 1)
    assert (document(forum, forum.nora).status, waits(forum)) == (Status.RESTRICTED, True)


@pytest.mark.slow
def test_what_is_told_every_day_is_written_down_once(forum):
    for days in range(3):
        delivers(forum, line(status="lapsed"), as_of=forum.now + days)
    assert forum.session.query(RegisterCheck).filter_by(act="feed_worse").count() == 1


@pytest.mark.parametrize("status", ["good", "lapsed"])
@pytest.mark.slow
def test_an_older_file_says_nothing_about_now(forum, status):
    before = held(forum).checked_until
    tally = delivers(forum, line(status=status), as_of=forum.now - 2 * DAY)
    assert dict(tally.did) == {"older": 1}
    assert (held(forum).checked_until, held(forum).status) == (before, Status.GOOD)


@pytest.mark.slow
def test_who_is_not_in_a_complete_file_is_not_on_the_register(forum):
    delivers(forum, line("98Z7654Y", "Somebody Else"))
    assert forum.permits("nora", "ana")
    delivers(forum, line("98Z7654Y", "Somebody Else"), complete=True, as_of=forum.now + 1)
    assert not forum.permits("nora", "ana")
    assert last_act(forum) == "feed_gone"


def test_a_file_that_lost_most_of_its_lines_shuts_nobody_out():
    _refuse_if_cut_short(gone=10, listed=0)
    _refuse_if_cut_short(gone=100, listed=100)
    with pytest.raises(BadFileError, match="is it whole"):
        _refuse_if_cut_short(gone=101, listed=100)


@pytest.mark.slow
def test_what_a_restore_closed_no_file_opens_again(forum):
    register = Register(forum.session, forum.keyring, forum.now)
    said = register.said("hcp", str(forum.nora), "conduct")
    register.put("hcp", str(forum.nora), "conduct", {**said, "status": "suspended", "checked_until": int(forum.now)})
    stand_again(forum.session, forum.keyring, forum.nora, forum.now)
    delivers(forum, line(), as_of=forum.now + 1)
    assert (document(forum, forum.nora).status, waits(forum)) == (Status.SUSPENDED, True)


@pytest.mark.slow
def test_a_registration_ends_with_its_last_day(forum):
    delivers(forum, line(renews="2026-05-06"))
    assert held(forum).checked_until == held(forum).renews < forum.now + 2 * DAY


@pytest.mark.slow
def test_a_file_makes_nobody_good_whom_no_person_found(forum):
    omar = says(forum, "omar", number="98Z7654Y", name="Omar Vale")
    accepts(forum, omar)
    assert delivers(forum, line("98Z7654Y", "Omar Vale")).ours == 0
    assert not forum.permits("omar", "ana")


@pytest.mark.slow
def test_a_register_without_licences_makes_no_look_last_longer(forum):
    hcp = says(forum, "omar", register=NPI, number="1234567893", name="Omar Vale", profession="doctor")
    found = seen(number="1234567893", name="Omar Vale", licence="state board of Ohio")
    checks(forum, hcp, found, register=NPI)
    before = held(forum, hcp).checked_until
    forum.later(days=80)
    delivers(forum, line("1234567893", "Omar Vale"), register=NPI)
    assert (held(forum, hcp).checked_until, held(forum, hcp).method) == (before, "manual")
    delivers(forum, line("1234567893", "Omar Vale", "lapsed"), register=NPI, as_of=forum.now + 1)
    assert held(forum, hcp).status == Status.LAPSED


@pytest.mark.slow
def test_a_report_has_somebody_look_at_once_and_ends_the_last_look_soon(forum):
    days = policies().registers.report_days
    verifying(forum).doubt(forum.nora, "a patient says it is somebody else", days=days)
    assert (waits(forum), held(forum).checked_until) == (True, forum.now + days * DAY)
    assert forum.permits("nora", "ana")
    forum.later(days=days)
    assert not forum.permits("nora", "ana")
    checks(forum, forum.nora)
    assert (forum.permits("nora", "ana"), waits(forum)) == (True, False)
