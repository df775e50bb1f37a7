"""Under another id of their forum a professional is who they were: no sanction is shed, nobody inherits a record."""

import pytest

from governance.conduct.errors import NotRegisteredError, OwnRecordError
from governance.conduct.findings import Verifier
from governance.conduct.models import HcpAccount
from governance.conduct.service import hcp_of
from governance.decision.vocabulary import Instant, Reason
from governance.effective.measures import Measures
from governance.identity.models import SignIn
from governance.ledger.rows import keep
from tests.conduct.people import accepts, checks, document, in_good_standing, says, seen, state, verifying
from tests.conduct.test_one_person import joins
from tests.forum import CLOSED, DAY, SEEN
from tests.patients.two_forums import tells

pytestmark = pytest.mark.usefixtures("both")
PIN_2 = "98Z7654Y"
MOVES = pytest.mark.parametrize("move", ["renamed", "merged"])


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read; Nora is one."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    forum.nora = in_good_standing(forum)
    return forum


def whose(forum, name):
    return hcp_of(forum.session, forum.account(name).id)


def shuts_out(forum, hcp, days=30):
    Measures(forum.session, forum.keyring, forum.now).block_hcp(hcp, Instant(forum.now + days * DAY))


def in_standing_as(forum, name, number=PIN_2):
    hcp = says(forum, name, number=number)
    accepts(forum, hcp)
    checks(forum, hcp, seen(number=number))
    return hcp


@MOVES
def test_who_registers_anew_under_the_new_id_keeps_the_sanction(forum, move):
    shuts_out(forum, forum.nora)
    tells(forum, move, "nora", "nora2")
    assert in_standing_as(forum, "nora2") == forum.nora
    assert forum.decides("nora2", "ana").reason is Reason.HCP_NOT_ELIGIBLE


@MOVES
def test_they_see_their_standing_under_the_new_id(forum, move):
    tells(forum, move, "nora", "nora2")
    assert whose(forum, "nora2") == forum.nora
    assert forum.permits("nora2", "ana")


@pytest.mark.slow
def test_a_refusal_by_the_new_name_binds_every_account(forum):
    tells(forum, "renamed", "nora", "nora2")
    assert document(forum, forum.nora).accounts == {forum.key("nora"), forum.key("nora2")}


def test_merged_into_an_account_with_a_record_of_its_own_a_sanction_goes_along(forum):
    other = in_standing_as(forum, "nora2")
    assert forum.permits("nora2", "ana")
    shuts_out(forum, forum.nora)
    tells(forum, "merged", "nora", "nora2")
    assert forum.decides("nora2", "ana").reason is Reason.HCP_NOT_ELIGIBLE
    assert document(forum, forum.nora).accounts > document(forum, other).accounts


@pytest.mark.slow
def test_merged_no_measure_against_the_other_record_ends_sooner(forum):
    other = in_standing_as(forum, "nora2")
    shuts_out(forum, other, 60)
    shuts_out(forum, forum.nora, 30)
    tells(forum, "merged", "nora", "nora2")
    forum.later(days=31)
    assert not forum.permits("nora2", "ana")


@pytest.mark.slow
def test_merged_nobody_without_a_measure_changes_records(forum):
    other = in_standing_as(forum, "nora2")
    tells(forum, "merged", "nora", "nora2")
    assert whose(forum, "nora2") == other


def test_whoever_gets_an_account_anew_is_not_taken_for_who_had_it(forum):
    tells(forum, "recycled", "nora")
    with pytest.raises(NotRegisteredError):
        whose(forum, "nora")
    new = says(forum, "nora", number=PIN_2, name="Omar Vale")
    assert (new != forum.nora, whose(forum, "nora")) == (True, new)
    assert document(forum, new).accounts == {forum.key("nora")}


@pytest.mark.slow
def test_an_account_in_new_hands_is_tied_to_nobody_elses_record(forum):
    twin = says(forum, "twin")
    tells(forum, "recycled", "twin")
    joins(forum, twin)
    assert [one.key for one in HcpAccount.accounts_of(forum.session, forum.nora)] == [forum.key("nora")]
    assert not forum.permits("twin", "ana")


@MOVES
@pytest.mark.slow
def test_nobody_marks_their_own_record_under_a_new_id(forum, move):
    account = forum.account("nora")
    keep(forum.session, forum.keyring, SignIn(subject_digest="s" * 43, account_id=account.id, created=forum.now))
    tells(forum, move, "nora", "nora2")
    with pytest.raises(OwnRecordError):
        verifying(forum, Verifier("v", "s" * 43)).taken(forum.nora, state(forum, forum.nora))
