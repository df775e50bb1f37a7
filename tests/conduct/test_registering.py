"""Who says that they are a professional is governed at once, and permitted nothing by it."""

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from governance.conduct.models import HcpAccount, HcpRecord, SaidRegistration
from governance.conduct.service import hcp_of, own_words
from governance.decision.vocabulary import Reason
from governance.effective.roster import professionals_on
from governance.errors import BadInputError, NotFoundError
from tests.conduct.people import PIN, accepts, checks, document, in_good_standing, says
from tests.forum import CLOSED, SEEN

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    return forum


def told(decision):
    return decision.permit, decision.reason


def test_registering_closes_at_once_and_opens_nothing(forum):
    assert told(forum.decides("nora", "ana")) == (True, Reason.NOT_GOVERNED)
    hcp = says(forum, "nora")
    assert told(forum.decides("nora", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)
    accepts(forum, hcp)
    assert told(forum.decides("nora", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)


def test_words_found_on_the_register_and_rules_accepted_permit(forum):
    in_good_standing(forum)
    assert told(forum.decides("nora", "ana")) == (True, Reason.PERMITTED)


def test_without_the_rules_a_match_permits_nothing(forum):
    hcp = says(forum, "nora")
    checks(forum, hcp)
    assert told(forum.decides("nora", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)


def test_what_was_said_is_sealed_and_opens_for_those_with_the_keys(forum):
    hcp = says(forum, "nora")
    forum.session.flush()
    tables = ("hcp", "registration", "effective_row", "effective_fragment", "ledger_entry")
    dump = str([tuple(row) for t in tables for row in forum.session.execute(sa.text(f"SELECT * FROM {t}"))])  # noqa: S608
    assert str(hcp) in dump or hcp.hex in dump
    assert PIN not in dump
    assert "Quill" not in dump
    words = own_words(forum.session, forum.keyring, hcp)
    assert (words.register, words.number, words.profession, words.name) == ("gb-nmc", PIN, "nurse", "Nora Quill")


def test_a_name_that_nobody_checked_is_on_no_list_of_patients(forum):
    hcp = says(forum, "nora")
    with capture_logs() as alarms:
        assert professionals_on(forum.session, forum.keyring, forum.id, forum.now) == []
    assert alarms == []
    checks(forum, hcp)
    assert [one.name for one in professionals_on(forum.session, forum.keyring, forum.id, forum.now)] == ["Nora Quill"]


def test_a_number_of_somebody_else_is_taken_down_without_a_word(forum):
    first, second = in_good_standing(forum), says(forum, "twin")
    assert first != second
    digests = {row.number_digest for row in forum.session.query(SaidRegistration)}
    assert len(digests) == 1
    assert told(forum.decides("twin", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)


def test_said_again_it_waits_again_and_takes_nothing_away(forum):
    hcp = in_good_standing(forum)
    assert says(forum, "nora", number="98Z7654Y", profession="midwife") == hcp
    assert forum.session.query(HcpRecord).one().waiting_since == forum.now
    assert forum.session.query(HcpAccount).count() == 1
    assert forum.permits("nora", "ana")


def test_a_profession_once_claimed_stays_claimed_and_only_the_found_one_is_verified(forum):
    hcp = in_good_standing(forum)
    says(forum, "nora", number="98Z7654Y", profession="midwife")
    claims = {claim.name: claim.verified for claim in document(forum, hcp).claims}
    assert claims["nurse"][0] == forum.now
    assert claims["midwife"][0] == claims["midwife"][1]


@pytest.mark.parametrize("said", [{"name": "  "}, {"name": "x" * 201}, {"profession": "Nurse"}])
def test_what_cannot_stand_on_a_badge_is_refused(forum, said):
    with pytest.raises(BadInputError):
        says(forum, "nora", **said)


def test_who_never_registered_has_no_record(forum):
    with pytest.raises(NotFoundError):
        hcp_of(forum.session, forum.account("ana").id)
