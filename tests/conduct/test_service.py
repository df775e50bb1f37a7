"""A verifier registers, and from then on the account is governed; a mark alone governs and permits nothing."""

import pytest
import sqlalchemy as sa

from governance.conduct.errors import AlreadyRegisteredError
from governance.conduct.models import Attestation, HcpAccount, HcpRecord
from governance.decision.vocabulary import Reason, Status
from governance.effective.roster import professionals_on
from governance.effective.service import Register
from tests.forum import CLOSED, DAY, SEEN

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    return forum


def told(decision):
    return decision.permit, decision.reason


def document(forum, hcp_id):
    return Register(forum.session, forum.keyring, forum.now).document("hcp", str(hcp_id))


def test_registering_governs_from_the_next_question_on(forum):
    assert told(forum.decides("nurse", "ana")) == (True, Reason.NOT_GOVERNED)
    forum.registers("nurse")
    assert told(forum.decides("nurse", "ana")) == (True, Reason.PERMITTED)
    assert not forum.permits("nurse", "ana", "reply")


def test_an_account_is_registered_once(forum):
    forum.registers("nurse")
    with pytest.raises(AlreadyRegisteredError):
        forum.registers("nurse", "doctor")


def test_what_was_found_is_in_force(forum):
    found = document(forum, forum.registers("nurse", "nurse", assurance=3))
    assert (found.status, found.assurance, found.checked_until) == (Status.GOOD, 3, forum.now + 60 * DAY)
    assert found.attested == (forum.now, forum.now + 60 * DAY)
    assert found.accounts == {forum.key("nurse")}
    assert [(claim.name, claim.verified) for claim in found.claims] == [("nurse", (forum.now, forum.now + 60 * DAY))]


def test_below_a3_a_profession_is_a_claim_and_not_verified(forum):
    found = document(forum, forum.registers("nurse", assurance=2))
    assert found.claims[0].verified[0] == found.claims[0].verified[1]


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.REMOVED, Status.UNKNOWN, Status.LAPSED])
def test_who_is_not_in_good_standing_is_not_eligible(forum, status):
    forum.registers("nurse", status=status)
    assert told(forum.decides("nurse", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)


@pytest.mark.parametrize("assurance", [0, 1, 2])
def test_who_is_not_matched_on_the_register_is_not_eligible(forum, assurance):
    forum.registers("nurse", assurance=assurance)
    assert told(forum.decides("nurse", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)


def test_without_acceptance_there_is_no_attestation(forum):
    forum.registers("nurse", attested=False)
    assert forum.session.query(Attestation).count() == 0
    assert told(forum.decides("nurse", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)


def test_a_mark_governs_and_a_later_registration_permits(forum):
    forum.declares("nurse")
    assert told(forum.decides("nurse", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)
    forum.registers("nurse")
    assert told(forum.decides("nurse", "ana")) == (True, Reason.PERMITTED)


def test_marking_twice_is_marking_once(forum):
    forum.declares("nurse")
    forum.declares("nurse")
    assert told(forum.decides("nurse", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)


def test_the_badge_is_sealed_everywhere(forum):
    forum.registers("nia-nightingale")
    forum.session.flush()
    tables = ("hcp", "effective_row", "effective_fragment", "account", "effective_account")
    rows = [row for table in tables for row in forum.session.execute(sa.text(f"SELECT * FROM {table}"))]  # noqa: S608
    assert rows
    assert "nightingale" not in str(rows).lower()


def test_the_roster_shows_badges_by_name(forum):
    for name, profession in (("zoe", "doctor"), ("abe", "nurse")):
        forum.registers(name, profession)
    forum.declares("claire")
    found = professionals_on(forum.session, forum.keyring, forum.id, forum.now)
    assert [(one.name, one.profession, one.key) for one in found] == [
        ("Abe", "nurse", forum.key("abe")),
        ("Zoe", "doctor", forum.key("zoe")),
    ]


def test_a_record_and_its_tie_are_written_once_each(forum):
    forum.registers("nurse")
    assert (forum.session.query(HcpRecord).count(), forum.session.query(HcpAccount).count()) == (1, 1)
