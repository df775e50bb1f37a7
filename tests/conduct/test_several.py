"""Several registrations of one person: no one of them makes up for another, and each can be left alone."""

import itertools
from datetime import timedelta

import pytest

from governance.conduct.errors import NotMatchedError, NumberTakenError, RecordChangedError
from governance.conduct.findings import case_file, done_to
from governance.conduct.held import live, together
from governance.conduct.models import HeldRegistration, SaidRegistration
from governance.conduct.more.service import more_of
from governance.conduct.proofs.models import ControlProof
from governance.decision.facts import Hcp
from governance.decision.gate import passes_gate
from governance.decision.provisions import Interval
from governance.decision.vocabulary import Action, Assurance, Capacity, Instant, Status
from governance.pdp.api import conduct_in_force
from governance.policy.current import policies
from governance.ui.clock import to_datetime
from tests.conduct.people import PIN, accepts, checks, document, in_good_standing, says, seen, state, verifying
from tests.forum import CLOSED, DAY, SEEN

pytestmark = pytest.mark.usefixtures("both")

HCPC = policies().registers.registers["gb-hcpc"]
DIET = "DT012345"


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read; Nora is a nurse in good standing, and says she is a dietitian too."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    forum.nora = in_good_standing(forum)
    forum.later(hours=1)
    says(forum, "nora", register=HCPC, number=DIET, profession="dietitian")
    return forum


def diet(forum, status=Status.GOOD, **more):
    checks(forum, forum.nora, seen(status=status, number=DIET, **more), register=HCPC)


def claims(forum):
    return {
        claim.name: claim.verified[0] <= forum.now < claim.verified[1] for claim in document(forum, forum.nora).claims
    }


def of(forum, register):
    said = {row.register: row.id for row in SaidRegistration.current(forum.session, forum.nora)}
    return case_file(forum.session, forum.keyring, forum.nora, said[register]).last


def test_a_registration_that_was_only_said_opens_and_closes_nothing(forum):
    assert forum.permits("nora", "ana")
    assert claims(forum) == {"nurse": True, "dietitian": False}
    assert case_file(forum.session, forum.keyring, forum.nora).words.register == "gb-hcpc"


@pytest.mark.slow
def test_both_count_once_both_were_found(forum):
    diet(forum)
    assert claims(forum) == {"nurse": True, "dietitian": True}
    assert forum.permits("nora", "ana")


@pytest.mark.slow
def test_who_was_not_found_on_the_second_stays_what_the_first_says(forum):
    checks(forum, forum.nora, seen(Assurance.A0, Status.UNKNOWN), register=HCPC)
    assert forum.permits("nora", "ana")
    assert claims(forum) == {"nurse": True, "dietitian": False}


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.LAPSED, Status.REMOVED])
def test_what_one_register_says_binds_the_whole_person(forum, status):
    diet(forum, status)
    assert not forum.permits("nora", "ana")


def test_leaving_one_register_leaves_the_other_standing(forum):
    diet(forum)
    diet_lapsed(forum)
    assert not forum.permits("nora", "ana")
    verifying(forum).leave(forum.nora, evidence="their letter", reason="you left", last=of(forum, "gb-hcpc"))
    assert forum.permits("nora", "ana")
    assert claims(forum) == {"nurse": True, "dietitian": False}
    assert done_to(forum.session, forum.keyring, forum.nora)[0].act == "left"


def diet_lapsed(forum):
    verifying(forum).mark(forum.nora, Status.LAPSED, evidence="e", reason="r", last=of(forum, "gb-hcpc"))


@pytest.mark.slow
def test_the_last_registration_is_not_left_but_ended(forum):
    with pytest.raises(NotMatchedError, match="all they hold"):
        verifying(forum).leave(forum.nora, evidence="e", reason="r", last=of(forum, "gb-nmc"))


@pytest.mark.slow
def test_the_oldest_look_counts_for_all(forum):
    forum.later(days=60)
    diet(forum)
    forum.later(days=29)
    assert forum.permits("nora", "ana")
    forum.later(days=2)
    assert not forum.permits("nora", "ana")
    assert case_file(forum.session, forum.keyring, forum.nora).words.register == "gb-nmc"


@pytest.mark.slow
def test_one_press_marks_one_of_them_and_a_command_all(forum):
    diet(forum)
    diet_lapsed(forum)
    assert {row.register: row.status for row in live(forum.session, forum.nora)} == {
        "gb-nmc": "good",
        "gb-hcpc": "lapsed",
    }
    worse = {"evidence": "e", "reason": "r", "last": state(forum, forum.nora)}
    verifying(forum).mark(forum.nora, Status.SUSPENDED, everywhere=True, **worse)
    assert {row.status for row in live(forum.session, forum.nora)} == {"suspended"}


@pytest.mark.slow
def test_a_number_of_another_record_stays_taken_whatever_its_profession(forum):
    omar = says(forum, "omar", profession="midwife")
    with pytest.raises(NumberTakenError):
        checks(forum, omar)


@pytest.mark.slow
def test_one_number_may_stand_for_two_professions(forum):
    says(forum, "nora", profession="midwife")
    checks(forum, forum.nora)
    assert forum.session.query(HeldRegistration).one().professions == "nurse midwife"
    assert claims(forum) == {"nurse": True, "midwife": True, "dietitian": False}


@pytest.mark.slow
def test_a_corrected_number_takes_the_place_of_the_mistyped_one(forum):
    says(forum, "nora", number="98Z7654Y")
    checks(forum, forum.nora, seen(number="98Z7654Y"))
    ended = {row.number_digest: row.ended is not None for row in forum.session.query(HeldRegistration)}
    assert sorted(ended.values()) == [False, True]
    assert forum.permits("nora", "ana")


@pytest.mark.parametrize("status", [Status.REMOVED, pytest.param(Status.RESTRICTED, marks=pytest.mark.slow)])
def test_another_number_on_the_same_register_sheds_nothing(forum, status):
    verifying(forum).mark(forum.nora, status, evidence="e", reason="r", last=of(forum, "gb-nmc"))
    forum.later(hours=1)
    says(forum, "nora", number="98Z7654Y")
    checks(forum, forum.nora, seen(number="98Z7654Y"))
    assert document(forum, forum.nora).status is status
    shown = {
        one.number: one.said_id for one in more_of(forum.session, forum.keyring, forum.nora, forum.now).registrations
    }
    last = case_file(forum.session, forum.keyring, forum.nora, shown[PIN]).last
    verifying(forum).leave(forum.nora, evidence="their letter", reason="a number typed wrong", last=last)
    assert document(forum, forum.nora).status is Status.GOOD


@pytest.mark.slow
def test_what_was_replaced_by_newer_words_is_not_marked(forum):
    opened = of(forum, "gb-hcpc")
    forum.later(hours=1)
    says(forum, "nora", register=HCPC, number="DT999999", profession="dietitian")
    found = seen(number=DIET)
    with pytest.raises(RecordChangedError):
        verifying(forum).check(forum.nora, found, HCPC, until=Instant(forum.now + DAY), last=opened)


@pytest.mark.slow
def test_a_look_counts_no_longer_than_the_registration(forum):
    last_day = forum_day(forum, 10)
    diet(forum, renews=last_day)
    row = next(row for row in live(forum.session, forum.nora) if row.register == "gb-hcpc")
    assert row.checked_until == row.renews < forum.now + 11 * DAY
    forum.later(days=11)
    assert not forum.permits("nora", "ana")


def forum_day(forum, days):
    return (to_datetime(forum.now) + timedelta(days=days)).date()


@pytest.mark.slow
def test_a4_without_a_recorded_proof_is_none(forum):
    with pytest.raises(NotMatchedError, match="A4"):
        diet(forum, proof="")
    proofs = {proof.number_digest for proof in ControlProof.of_hcp(forum.session, forum.nora)}
    assert len(proofs) == 1
    diet(forum)
    assert len(ControlProof.of_hcp(forum.session, forum.nora)) == 2


@pytest.mark.parametrize("mark", [Assurance.A1, Assurance.A2])
@pytest.mark.slow
def test_who_is_vouched_for_is_written_down_and_may_do_nothing(forum, mark):
    omar = says(forum, "omar", number="98Z7654Y", name="Omar Vale")
    accepts(forum, omar)
    checks(forum, omar, seen(mark, Status.UNKNOWN, number="98Z7654Y"))
    assert document(forum, omar).assurance is mark
    assert not forum.permits("omar", "ana")
    assert document(forum, omar).badge == b""


def rows():
    for status, assurance, until in itertools.product(Status, (0, 3, 4), (4, 6)):
        yield HeldRegistration(status=status.value, assurance=assurance, checked_until=until)


def test_a_further_registration_never_opens_anything():
    conduct, all_rows = conduct_in_force(), list(rows())

    def may(found):
        hcp = Hcp(
            status=found.status,
            assurance=found.assurance,
            checked_until=found.checked_until,
            attested=Interval(Instant(0), Instant(10)),
        )
        return {one for one in Action if passes_gate(hcp, one, Capacity.PROFESSIONAL, conduct, Instant(5))}

    alone = [may(together([row])) for row in all_rows]
    for (one, first), (other, second) in itertools.combinations(zip(all_rows, alone, strict=True), 2):
        assert may(together([one, other])) <= first & second
