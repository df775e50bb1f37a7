"""Two accounts of one professional become one record: what binds one binds both."""

import pytest

from governance.conduct.badge.service import NameWish, withhold_name
from governance.conduct.capacities import Scope, choose_capacity
from governance.conduct.errors import NotMatchedError, OwnRecordError
from governance.conduct.findings import Verifier, done_to
from governance.conduct.models import HcpAccount, HcpRecord
from governance.conduct.one_person import OnePerson
from governance.decision.vocabulary import Capacity, Instant, Reason
from governance.effective.measures import Measures
from governance.effective.roster import professionals_on
from governance.effective.service import Register
from governance.ui.clock import to_datetime
from tests.conduct.officers import officer, sanctions, wanted
from tests.conduct.people import VERA, document, in_good_standing, says, state, verifying
from tests.forum import ANSWERED, CLOSED, DAY, SEEN

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read; Nora is one, and has a second account."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    forum.nora, forum.twin = in_good_standing(forum), says(forum, "twin", profession="midwife")
    return forum


def joins(forum, hcp, verifier=VERA, proof="both signed in on one call"):
    act = OnePerson(forum.session, forum.keyring, verifying(forum, verifier), forum.now)
    return act.join(hcp, proof=proof, evidence="a call", reason="both are yours", last=state(forum, hcp))


def reason(forum, viewer):
    return forum.decides(viewer, "ana").reason


def test_both_accounts_stand_as_the_matched_record_does(forum):
    assert reason(forum, "twin") is Reason.HCP_NOT_ELIGIBLE
    assert joins(forum, forum.twin) == forum.nora
    assert (reason(forum, "nora"), reason(forum, "twin")) == (Reason.PERMITTED, Reason.PERMITTED)
    assert document(forum, forum.nora).accounts == {forum.key("nora"), forum.key("twin")}


def test_a_measure_binds_both(forum):
    joins(forum, forum.twin)
    Measures(forum.session, forum.keyring, forum.now).block_hcp(forum.nora, Instant(forum.now + DAY))
    assert (reason(forum, "nora"), reason(forum, "twin")) == (Reason.HCP_NOT_ELIGIBLE,) * 2


def test_claims_of_both_are_claims_of_the_one(forum):
    joins(forum, forum.twin)
    assert {claim.name for claim in document(forum, forum.nora).claims} == {"nurse", "midwife"}


def test_patients_see_both_accounts_under_the_one_badge(forum):
    joins(forum, forum.twin)
    found = professionals_on(forum.session, forum.keyring, forum.id, forum.now)
    assert {(one.name, one.profession) for one in found} == {("Nora Quill", "nurse")}
    assert {one.key for one in found} == {forum.key("nora"), forum.key("twin")}


def test_a_permit_by_name_stays_with_the_account_it_names(forum):
    forum.acknowledges("bo")
    forum.chooses("bo", ANSWERED, CLOSED, team=["nora"])
    joins(forum, forum.twin)
    assert forum.permits("nora", "bo")
    assert not forum.permits("twin", "bo")


def test_the_second_record_ends_and_its_history_stays(forum):
    joins(forum, forum.twin)
    record = forum.session.get(HcpRecord, forum.twin)
    assert record.ended == forum.now
    assert [done.act for done in done_to(forum.session, forum.keyring, forum.twin)] == ["joined"]
    assert done_to(forum.session, forum.keyring, forum.nora)[0].act in {"tied", "check"}
    assert {row.hcp_id for row in forum.session.query(HcpAccount)} == {forum.nora}


@pytest.mark.parametrize("room", ["measures", "reporting"])
def test_no_measure_and_no_case_gets_lost_on_the_way(forum, room):
    register = Register(forum.session, forum.keyring, forum.now)
    span = [(int(forum.now), int(forum.now) + DAY)]
    register.put("hcp", str(forum.twin), room, {"blocks" if room == "measures" else "cases": span})
    with pytest.raises(NotMatchedError, match="stands on this record"):
        joins(forum, forum.twin)


def test_only_a_number_that_was_matched_ties(forum):
    other = says(forum, "other", number="98Z7654Y")
    for hcp in (other, forum.nora):
        with pytest.raises(NotMatchedError, match="no other record"):
            joins(forum, hcp)


def test_without_proof_nobody_is_tied(forum):
    with pytest.raises(NotMatchedError, match="one person"):
        joins(forum, forum.twin, proof=" ")
    assert reason(forum, "twin") is Reason.HCP_NOT_ELIGIBLE


def test_nobody_ties_an_account_to_their_own_record(forum):
    with pytest.raises(OwnRecordError):
        joins(forum, forum.twin, verifier=Verifier("n", "", "Nora Quill"))


def test_a_place_as_a_patient_is_not_taken_along(forum):
    held = [(Capacity.PEER, str(forum.id), None, int(forum.now), int(forum.now) + DAY)]
    register = Register(forum.session, forum.keyring, forum.now)
    register.put(
        "hcp",
        str(forum.twin),
        "conduct",
        {**register.said("hcp", str(forum.twin), "conduct"), "capacities": held},
    )
    joins(forum, forum.twin)
    assert document(forum, forum.nora).capacities == ()


def as_patient(forum, hcp, capacity=Capacity.PEER):
    scope, at = Scope(str(forum.id)), forum.now
    choose_capacity(forum.session, forum.keyring, hcp, scope, capacity, now=at, begins=at)


def test_what_they_wrote_as_a_patient_opens_to_no_professional(forum):
    as_patient(forum, forum.nora, Capacity.PROFESSIONAL)
    as_patient(forum, forum.twin)
    in_good_standing(forum, "omar", number="98Z7654Y", found="98Z7654Y")
    forum.later(days=2)
    words = {"created": to_datetime(Instant(forum.now - DAY)).isoformat()}
    assert not forum.permits("omar", "twin", **words)
    joins(forum, forum.twin)
    assert not forum.permits("omar", "twin", **words)
    assert {one[0]: one[-1] <= forum.now for one in document(forum, forum.nora).capacities}[Capacity.PEER]


def test_a_name_that_was_withheld_stays_so(forum):
    withhold_name(forum.session, forum.keyring, forum.twin, NameWish(forum.id, withheld=True), forum.now)
    joins(forum, forum.twin)
    assert document(forum, forum.nora).name_withheld == {str(forum.id)}


def test_no_warning_and_no_appeal_gets_lost_on_the_way(forum):
    olu = officer(forum)
    warned = sanctions(forum).take(forum.twin, wanted("warn"), olu)
    with pytest.raises(NotMatchedError, match="stands on this record"):
        joins(forum, forum.twin)
    sanctions(forum).lift(warned.id, olu, "taken on the other record")
    assert joins(forum, forum.twin) == forum.nora


def test_no_report_gets_lost_on_the_way(forum):
    other = in_good_standing(forum, "other", number="98Z7654Y", found="98Z7654Y")
    says(forum, "other", profession="midwife")
    verifying(forum).doubt(other, "somebody else signs as her", days=2)
    with pytest.raises(NotMatchedError, match="reported"):
        joins(forum, other)
