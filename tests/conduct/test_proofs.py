"""A4 is A3 and a recorded proof of control: a code, what a verifier saw; neither alone opens anything."""

from datetime import timedelta

import pytest

from governance.conduct.errors import NotMatchedError
from governance.conduct.findings import done_to
from governance.conduct.models import SaidRegistration
from governance.conduct.proofs.models import ControlProof
from governance.conduct.proofs.proving import follow, prove_by_code
from governance.conduct.proofs.service import (
    MOST_TRIES,
    Act,
    ProofKind,
    detail_of,
    is_awaited,
    note_seen,
    note_vouched,
    send_code,
)
from governance.decision.vocabulary import Assurance, Reason
from governance.ledger.outbox.models import Job
from tests.conduct.people import VERA, accepts, checks, document, ends, says, seen
from tests.forum import CLOSED, DAY, IN_TOUCH

pytestmark = pytest.mark.usefixtures("both")

AT_WORK = "nora@hillview.example"


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read and answer; Nora was found on the register (A3), and no more."""
    forum.acknowledges("ana")
    forum.chooses("ana", IN_TOUCH, IN_TOUCH, team=["nora"])
    forum.nora = says(forum, "nora")
    accepts(forum, forum.nora)
    checks(forum, forum.nora, seen(Assurance.A3))
    return forum


def said(forum, hcp=None):
    return SaidRegistration.latest(forum.session, hcp or forum.nora)


def sends(forum, kind=ProofKind.POST, to="Hillview, 1 High Street", days=14):
    act = Act(VERA.id, forum.now)
    return send_code(forum.session, forum.keyring, said(forum), (kind, to), act, lasts=timedelta(days=days))


def types(forum, code):
    return prove_by_code(forum.session, forum.keyring, forum.nora, code, forum.now)


def writes(forum):
    return forum.decides("nora", "ana", "message", wrote_first=True).reason


def test_the_code_makes_a3_into_a4(forum):
    assert writes(forum) is Reason.HCP_NOT_ELIGIBLE
    code = sends(forum)
    assert types(forum, f" {code.lower().replace('-', ' ')} ")
    assert document(forum, forum.nora).assurance is Assurance.A4
    assert writes(forum) is Reason.PERMITTED
    assert done_to(forum.session, forum.keyring, forum.nora)[0].act == "proven"


@pytest.mark.slow
def test_a_code_by_mail_is_in_the_mail_alone(forum):
    assert sends(forum, ProofKind.MAIL, AT_WORK) == ""
    job = forum.session.query(Job).filter_by(kind="mail").one()
    assert AT_WORK.encode() not in job.sealed_payload
    assert is_awaited(forum.session, forum.nora, forum.now)


@pytest.mark.parametrize("wrong", ["", "00000-00000", "' OR 1", "é" * 500])
@pytest.mark.slow
def test_a_wrong_code_proves_nothing(forum, wrong):
    sends(forum)
    assert not types(forum, wrong)
    assert document(forum, forum.nora).assurance is Assurance.A3


def test_after_five_wrong_ones_the_right_one_is_too_late(forum):
    code = sends(forum)
    for _ in range(MOST_TRIES):
        types(forum, "00000-00000")
    assert not types(forum, code)
    assert not is_awaited(forum.session, forum.nora, forum.now)


@pytest.mark.slow
def test_a_code_ends_with_its_days(forum):
    code = sends(forum)
    forum.later(days=14)
    assert not types(forum, code)


@pytest.mark.slow
def test_a_newer_code_ends_the_older_one_and_none_works_twice(forum):
    old = sends(forum)
    forum.later(hours=1)
    new = sends(forum)
    assert not types(forum, old)
    assert types(forum, new)
    assert not types(forum, new)


def test_no_proof_and_no_code_outlives_the_end_of_a_registration(forum):
    types(forum, sends(forum))
    code = sends(forum)
    ends(forum, forum.nora)
    assert not types(forum, code)
    forum.later(hours=1)
    says(forum, "nora")
    with pytest.raises(NotMatchedError, match="A4"):
        checks(forum, forum.nora, seen(proof=""))
    assert document(forum, forum.nora).assurance is Assurance.A0


@pytest.mark.slow
def test_a_code_of_somebody_else_proves_nothing(forum):
    code = sends(forum)
    omar = says(forum, "omar", number="98Z7654Y", name="Omar Vale")
    assert not prove_by_code(forum.session, forum.keyring, omar, code, forum.now)


@pytest.mark.slow
def test_what_a_verifier_saw_counts_at_once(forum):
    proof = note_seen(forum.session, forum.keyring, said(forum), "passport by video", Act(VERA.id, forum.now))
    follow(forum.session, forum.keyring, proof, VERA, forum.now)
    assert document(forum, forum.nora).assurance is Assurance.A4
    assert detail_of(forum.session, forum.keyring, proof) == "passport by video"


def test_a_proof_without_a_match_on_the_register_opens_nothing(forum):
    omar = says(forum, "omar", number="98Z7654Y", name="Omar Vale")
    accepts(forum, omar)
    proof = note_vouched(forum.session, forum.keyring, said(forum, omar), "https://id.example", Act("self", forum.now))
    follow(forum.session, forum.keyring, proof, VERA, forum.now)
    assert document(forum, omar).assurance is Assurance.A0
    checks(forum, omar, seen(number="98Z7654Y", name="Omar Vale", proof=""))
    assert document(forum, omar).assurance is Assurance.A4


@pytest.mark.slow
def test_a_proof_of_one_number_is_none_of_another(forum):
    note_seen(forum.session, forum.keyring, said(forum), "passport", Act(VERA.id, forum.now))
    says(forum, "nora", number="98Z7654Y")
    with pytest.raises(NotMatchedError, match="A4"):
        checks(forum, forum.nora, seen(number="98Z7654Y", proof=""))


@pytest.mark.parametrize(
    ("kind", "to"), [(ProofKind.MAIL, "no address"), (ProofKind.POST, " "), (ProofKind.PROVIDER, "x")]
)
@pytest.mark.slow
def test_a_code_needs_somewhere_to_go(forum, kind, to):
    with pytest.raises(NotMatchedError):
        sends(forum, kind, to)


@pytest.mark.slow
def test_every_proof_stays(forum):
    sends(forum)
    forum.later(days=1)
    types(forum, sends(forum))
    assert [one.proven is not None for one in ControlProof.of_hcp(forum.session, forum.nora)] == [True, False]


@pytest.mark.slow
def test_a_stale_look_is_not_refreshed_by_a_proof(forum):
    code = sends(forum, days=200)
    forum.later(days=91)
    assert types(forum, code)
    assert document(forum, forum.nora).checked_until < forum.now
    assert writes(forum) is Reason.HCP_NOT_ELIGIBLE


@pytest.mark.slow
def test_what_was_proven_lasts_through_the_next_look(forum):
    types(forum, sends(forum))
    forum.later(days=30)
    checks(forum, forum.nora, seen(Assurance.A4, proof=""))
    assert document(forum, forum.nora).checked_until == forum.now + 90 * DAY
    assert CLOSED
