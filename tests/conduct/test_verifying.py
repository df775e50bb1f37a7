"""A verifier marks what the register says; what was not seen bears no mark, and nobody marks their own."""

import pytest

from governance.conduct.errors import (
    BadNumberError,
    NotMatchedError,
    NotRegisteredError,
    NumberTakenError,
    OwnRecordError,
    RecordChangedError,
)
from governance.conduct.findings import Verifier, done_to
from governance.conduct.models import HcpRecord
from governance.conduct.service import is_name
from governance.crypto.blind_index import subject_digest
from governance.db.base import new_id
from governance.decision.vocabulary import Assurance, Reason, Status
from governance.errors import BadInputError
from governance.identity.models import SignIn
from governance.ledger.models import LedgerEntry
from tests.conduct.people import (
    NPI,
    accepts,
    checks,
    document,
    ends,
    in_good_standing,
    marks,
    says,
    seen,
    state,
    verifying,
)
from tests.forum import CLOSED, DAY, SEEN

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    return forum


def reason(forum, viewer="nora"):
    return forum.decides(viewer, "ana").reason


def acts(forum):
    entries = forum.session.query(LedgerEntry).filter_by(kind="conduct").order_by(LedgerEntry.number)
    return [entry.document.decode() for entry in entries]


def test_a_look_is_kept_with_its_evidence_and_its_day(forum):
    hcp = in_good_standing(forum)
    done = done_to(forum.session, forum.keyring, hcp)[0]
    assert (done.act, done.by, done.assurance, done.status) == ("check", "vera", Assurance.A4, Status.GOOD)
    assert (done.findings.evidence, done.checked_until) == ("looked up today", forum.now + 90 * DAY)


def test_every_act_is_in_the_ledger_without_a_name(forum):
    hcp = in_good_standing(forum)
    marks(forum, hcp, Status.LAPSED)
    ends(forum, hcp)
    said = acts(forum)
    for act in ("apply", "accept", "check", "status", "end"):
        assert any(f'"act":"{act}"' in entry for entry in said), act
    assert str(hcp) not in "".join(said)


@pytest.mark.parametrize("status", [Status.LAPSED, Status.SUSPENDED, Status.REMOVED, Status.UNKNOWN])
def test_a_worse_status_refuses(forum, status):
    hcp = in_good_standing(forum)
    assert reason(forum) is Reason.PERMITTED
    marks(forum, hcp, status)
    assert reason(forum) is Reason.HCP_NOT_ELIGIBLE


def test_a_restriction_leaves_what_happens_in_the_open(forum):
    hcp = in_good_standing(forum)
    marks(forum, hcp, Status.RESTRICTED)
    assert reason(forum) is Reason.PERMITTED
    assert forum.decides("nora", "ana", "quote").reason is Reason.HCP_NOT_ELIGIBLE


@pytest.mark.parametrize("status", [Status.GOOD, Status.STALE])
def test_a_good_status_cannot_be_set_alone(forum, status):
    hcp = in_good_standing(forum)
    marks(forum, hcp, Status.SUSPENDED)
    with pytest.raises(NotMatchedError):
        marks(forum, hcp, status)


def test_a_suspension_is_not_softened_without_a_whole_look(forum):
    hcp = in_good_standing(forum)
    marks(forum, hcp, Status.SUSPENDED)
    with pytest.raises(NotMatchedError):
        marks(forum, hcp, Status.RESTRICTED)
    checks(forum, hcp, seen(status=Status.RESTRICTED))
    assert reason(forum) is Reason.PERMITTED


def test_a_check_grows_stale_by_itself(forum):
    in_good_standing(forum)
    forum.later(days=90, seconds=-1)
    assert reason(forum) is Reason.PERMITTED
    forum.later(seconds=1)
    assert reason(forum) is Reason.HCP_NOT_ELIGIBLE


def test_an_acceptance_lapses_by_itself(forum):
    hcp = in_good_standing(forum)
    accepts(forum, hcp, days=7)
    forum.later(days=7)
    assert reason(forum) is Reason.HCP_NOT_ELIGIBLE


def test_who_is_not_found_is_known_no_better_than_before(forum):
    hcp = in_good_standing(forum)
    checks(forum, hcp, seen(Assurance.A0, Status.UNKNOWN))
    assert reason(forum) is Reason.HCP_NOT_ELIGIBLE
    assert document(forum, hcp).assurance is Assurance.A0


@pytest.mark.parametrize(
    "lacks",
    [
        {"name": " "},
        {"number": "98Z7654Y"},
        {"evidence": ""},
        {"reason": ""},
        {"proof": ""},
        {"status": Status.UNKNOWN},
        {"status": Status.STALE},
        {"assurance": Assurance.A2},
    ],
)
def test_what_was_not_seen_bears_no_mark(forum, lacks):
    hcp = says(forum, "nora")
    with pytest.raises(NotMatchedError):
        checks(forum, hcp, seen(**lacks))
    assert document(forum, hcp).assurance is Assurance.A0


def test_a_mistyped_number_is_explained_to_the_verifier_too(forum):
    hcp = says(forum, "nora")
    with pytest.raises(BadNumberError, match="must be a letter"):
        checks(forum, hcp, seen(number="1203456B"))


def test_a_register_without_licences_needs_one_seen_elsewhere(forum):
    hcp = says(forum, "nora", number="1234567893", register=NPI)
    with pytest.raises(NotMatchedError, match="no licences"):
        checks(forum, hcp, seen(number="1234567893"), register=NPI)
    checks(forum, hcp, seen(number="1234567893", licence="state board of Ohio"), register=NPI)
    assert document(forum, hcp).assurance is Assurance.A4


def test_one_number_is_matched_with_one_record_alone(forum):
    in_good_standing(forum)
    twin = says(forum, "twin")
    accepts(forum, twin)
    with pytest.raises(NumberTakenError):
        checks(forum, twin)
    assert reason(forum, "twin") is Reason.HCP_NOT_ELIGIBLE


def test_the_number_stays_taken_when_its_record_ends(forum):
    ends(forum, in_good_standing(forum))
    with pytest.raises(NumberTakenError):
        checks(forum, says(forum, "twin"))


def test_nobody_marks_a_record_that_their_own_sign_in_opens(forum):
    hcp = says(forum, "nora")
    digest = subject_digest(forum.keyring, "https://staff.example", "nora-1")
    forum.session.add(SignIn(subject_digest=digest, account_id=forum.account("nora").id, created=forum.now))
    forum.session.flush()
    with pytest.raises(OwnRecordError):
        checks(forum, hcp, verifier=Verifier("n", digest))


def test_nobody_marks_a_record_in_their_own_name(forum):
    hcp = says(forum, "nora")
    with pytest.raises(OwnRecordError):
        checks(forum, hcp, verifier=Verifier("n", "", "nora  QUILL"))


@pytest.mark.parametrize("other", ["said before", "found now"])
def test_a_name_told_otherwise_does_not_make_it_somebody_elses(forum, other):
    hcp = says(forum, "nora", name="N. Quill")
    vera = Verifier("n", "", "Nora-Quill")
    if other == "said before":
        checks(forum, hcp)
        forum.later(hours=1)
        says(forum, "nora", name="N. Quill")
    with pytest.raises(OwnRecordError):
        checks(forum, hcp, seen(name="N. Quill" if other == "said before" else "Nora Quill"), verifier=vera)


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\u202e", "\u2066", "\u2028", "\ufffe", "\ud800"])
def test_no_name_turns_a_badges_words_around_or_breaks_its_picture(forum, sign):
    with pytest.raises(NotMatchedError):
        checks(forum, says(forum, "nora"), seen(name=f"Nora{sign} Quill"))


def test_nobody_registers_under_such_a_name(forum):
    with pytest.raises(BadInputError):
        says(forum, "nora", name="Nora \u202e Quill")


def test_names_of_every_script_are_names():
    assert all(map(is_name, ("Nora Quill", "نورا کو\u200cهن", "María-José Ñ. O’Dwyer", "क्\u200dष", "李娜")))  # noqa: RUF001


def test_a_record_that_changed_since_it_was_opened_is_not_marked(forum):
    hcp = says(forum, "nora")
    opened = state(forum, hcp)
    says(forum, "nora", number="98Z7654Y")
    with pytest.raises(RecordChangedError):
        verifying(forum).end(hcp, evidence="e", reason="r", last=opened)


def test_an_ended_registration_governs_on_and_permits_nothing(forum):
    hcp = in_good_standing(forum)
    ends(forum, hcp)
    assert reason(forum) is Reason.HCP_NOT_ELIGIBLE
    forum.session.flush()
    assert HcpRecord.to_look_at(forum.session, forum.now + 200 * DAY, 10) == []


def test_who_waits_longest_comes_first_and_then_what_grows_old(forum):
    good = in_good_standing(forum)
    forum.later(hours=1)
    first = says(forum, "first", number="11A1111A")
    forum.later(hours=1)
    second = says(forum, "second", number="22A2222A")
    forum.session.flush()
    listed = [record.id for record in HcpRecord.to_look_at(forum.session, forum.now + 100 * DAY, 10)]
    assert listed == [first, second, good]
    assert [record.id for record in HcpRecord.to_look_at(forum.session, forum.now, 10)] == [first, second]


def test_an_unknown_record_is_told_as_such(forum):
    with pytest.raises(NotRegisteredError):
        verifying(forum).end(new_id(), evidence="e", reason="r", last="")
