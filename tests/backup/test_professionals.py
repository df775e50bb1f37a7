"""A professional whose standing ended since the backup is not permitted again, not even once staff lift the block."""

from uuid import UUID

import pytest

from governance.backup.errors import JournalMissingError
from governance.conduct import service as conduct
from governance.conduct.errors import AlreadyRegisteredError, NumberTakenError
from governance.conduct.models import HcpRecord
from governance.crypto.data_keys import owner_of
from governance.decision.vocabulary import Instant, Level, Status
from governance.effective.measures import Measures
from governance.effective.models import GovernedAccount, Measure
from governance.effective.service import Register
from governance.ledger import key_copies, rows
from tests.conduct.people import accepts, checks, in_good_standing
from tests.forum import DAY

pytestmark = pytest.mark.slow

BADGE_ROOM = "conduct"
LATER = 90 * DAY


def hcp_of(forum, name):
    return forum.session.get(GovernedAccount, forum.key(name)).hcp


def says(house, name, **changed):
    """What a verifier or officer will enter; no page does it yet."""
    with house.forum() as forum:
        register, subject = Register(forum.session, forum.keyring, Instant(forum.now)), hcp_of(forum, name)
        said = register.said("hcp", subject, BADGE_ROOM)
        register.put("hcp", subject, BADGE_ROOM, {**said, **changed})


def lifts_every_block(house):
    with house.forum() as forum:
        for measure in Measure.standing(forum.session, forum.now):
            Measures(forum.session, forum.keyring, Instant(forum.now)).lift(measure.id)


def ended(house, name, member):
    with house.forum() as forum:
        register = Register(forum.session, forum.keyring, Instant(forum.now))
        return register.said("hcp", hcp_of(forum, name), BADGE_ROOM)[member], forum.now


def is_suspended(house):
    says(house, "dan", status=Status.SUSPENDED)


def lapses(house):
    _, now = ended(house, "dan", "attested")
    says(house, "dan", attested=(0, now))


def is_checked_no_more(house):
    says(house, "dan", checked_until=house.now)


def loses_assurance(house):
    says(house, "dan", assurance=2)


def is_blocked(house):
    with house.forum() as forum:
        until = Instant(forum.now + LATER)
        Measures(forum.session, forum.keyring, Instant(forum.now)).block_hcp(UUID(hcp_of(forum, "dan")), until)


@pytest.mark.parametrize("end", [is_suspended, lapses, is_checked_no_more, loses_assurance])
def test_who_was_in_good_standing_at_the_backup_and_is_not_since(lived_in, empty, end):
    file = lived_in.backup()
    end(lived_in)
    assert not lived_in.permits("dan", "ana")
    lived_in.restore(file, to=empty)
    assert not lived_in.permits("dan", "ana")
    assert lived_in.permits("nia", "ana")
    lifts_every_block(lived_in)
    assert not lived_in.permits("dan", "ana")


def test_who_was_permitted_as_one_of_an_organisation_they_left_since(lived_in, empty):
    joined = {"who": "organisation", "name": "clinic", "verified": (0, lived_in.now + LATER)}
    claims, _ = ended(lived_in, "dan", "claims")
    says(lived_in, "dan", claims=[*claims, joined])
    with lived_in.forum() as forum:
        permits_the_clinic(forum)
    assert lived_in.permits("dan", "cid")
    file = lived_in.backup()
    says(lived_in, "dan", claims=[*claims, {**joined, "verified": (0, lived_in.now)}])
    assert not lived_in.permits("dan", "cid")
    lived_in.restore(file, to=empty)
    lifts_every_block(lived_in)
    assert not lived_in.permits("dan", "cid")


def permits_the_clinic(forum):
    said = {"who": "organisation", "name": "clinic", "actions": ["view"], "id": "clinic", "effect": "permit"}
    nobody = {"who": "others", "actions": ["view"], "id": "others", "effect": "refuse"}
    register = Register(forum.session, forum.keyring, Instant(forum.now))
    values = {"lines": [said, nobody], "care_team": [], "hold": False, "levels": (Level.CLOSED, Level.CLOSED)}
    register.put("patient", str(forum.patient("cid").id), "optout", values)


def test_who_was_here_as_a_patient_and_is_not_any_more(lived_in, empty):
    with lived_in.forum() as forum:
        platform = str(forum.id)
        forum.chooses("zoe")
    as_peer = ("peer", platform, None, 0, lived_in.now + LATER)
    says(lived_in, "dan", capacities=[as_peer])
    with lived_in.forum() as forum:
        welcomes_members(forum)
    assert lived_in.permits("dan", "zoe")
    file = lived_in.backup()
    says(lived_in, "dan", capacities=[(*as_peer[:-1], lived_in.now)])
    assert not lived_in.permits("dan", "zoe")
    lived_in.restore(file, to=empty)
    lifts_every_block(lived_in)
    assert not lived_in.permits("dan", "zoe")


def welcomes_members(forum):
    register = Register(forum.session, forum.keyring, Instant(forum.now))
    values = {"lines": [], "care_team": [], "hold": False, "levels": (Level.CLOSED, Level.CLOSED)}
    register.put("patient", str(forum.patient("zoe").id), "optout", {**values, "peers_welcome": True})


def comes_and_is_blocked(house):
    with house.forum() as forum:
        before = forum.registers("eve")
    with house.forum() as forum:
        until = Instant(forum.now + LATER)
        Measures(forum.session, forum.keyring, Instant(forum.now)).block_hcp(before, until)
    return before


def registers_again(house):
    with house.forum() as forum:
        return forum.registers("eve")


def test_who_registered_since_is_registered_and_their_block_stands(lived_in, empty):
    file = lived_in.backup()
    before = comes_and_is_blocked(lived_in)
    lived_in.restore(file, to=empty)
    with pytest.raises(AlreadyRegisteredError):
        registers_again(lived_in)
    assert not lived_in.permits("eve", "ana")
    lifts_every_block(lived_in)
    with lived_in.forum() as forum:
        record = forum.session.get(HcpRecord, before)
        # Nobody was there to open to: a verifier looks again.
        assert record.waiting_since
        assert Register(forum.session, forum.keyring, forum.now).document("hcp", str(before)).status == record.status
    assert not lived_in.permits("eve", "ana")


def test_a_look_at_the_register_and_an_acceptance_let_them_in_again(lived_in, empty):
    file = lived_in.backup()
    with lived_in.forum() as forum:
        hcp = in_good_standing(forum, "eve")
    lived_in.restore(file, to=empty)
    lifts_every_block(lived_in)
    assert not lived_in.permits("eve", "ana")
    with lived_in.forum() as forum:
        accepts(forum, hcp)
        checks(forum, hcp)
    assert lived_in.permits("eve", "ana")


def test_a_number_that_was_matched_since_is_nobody_elses(lived_in, empty):
    """Under another record, what binds the first would not bind them."""
    file = lived_in.backup()
    with lived_in.forum() as forum:
        in_good_standing(forum, "eve")
    lived_in.restore(file, to=empty)
    with lived_in.forum() as forum, pytest.raises(NumberTakenError):
        in_good_standing(forum, "eve's other account")


def test_without_their_key_nobody_may_decide_until_the_operator_says_so(lived_in, empty):
    """What is closed by it might have ended somebody's standing."""
    file = lived_in.backup()
    with lived_in.forum() as forum:
        hcp = in_good_standing(forum, "eve")
    lived_in.outside.forget_keys([key_copies._beginning(owner_of("hcp", hcp))])
    with pytest.raises(JournalMissingError):
        lived_in.restore(file, to=empty)


@pytest.fixture
def without_rows(monkeypatch):
    """The journal of an earlier version: what is in force is in it, rows are not."""
    monkeypatch.setattr(rows, "journal", lambda *_, **__: None)


@pytest.mark.usefixtures("without_rows")
def test_registered_again_they_are_who_they_were_and_the_block_stands(lived_in, empty):
    file = lived_in.backup()
    before = comes_and_is_blocked(lived_in)
    lived_in.restore(file, to=empty)
    assert registers_again(lived_in) == before
    assert not lived_in.permits("eve", "ana")
    with pytest.raises(AlreadyRegisteredError):
        registers_again(lived_in)
    lifts_every_block(lived_in)
    assert lived_in.permits("eve", "ana")


@pytest.mark.usefixtures("without_rows")
def test_without_its_row_the_number_would_be_theirs(lived_in, empty):
    """The control."""
    file = lived_in.backup()
    with lived_in.forum() as forum:
        in_good_standing(forum, "eve")
    lived_in.restore(file, to=empty)
    with lived_in.forum() as forum:
        assert in_good_standing(forum, "eve's other account")


@pytest.mark.usefixtures("without_rows")
def test_with_a_new_record_the_block_would_be_forgotten(lived_in, empty, monkeypatch):
    """The control."""
    file = lived_in.backup()
    comes_and_is_blocked(lived_in)
    lived_in.restore(file, to=empty)
    monkeypatch.setattr(conduct, "_bound_to", lambda *_: None)
    registers_again(lived_in)
    assert lived_in.permits("eve", "ana")


@pytest.mark.usefixtures("without_rows")
def test_every_account_and_claim_of_before_goes_on_binding(lived_in, empty):
    file = lived_in.backup()
    with lived_in.forum() as forum:
        forum.registers("eve", "doctor")
        other = forum.key("eve's other account")
    claims, _ = ended(lived_in, "eve", "claims")
    says(lived_in, "eve", accounts=["*", other], claims=[*claims, {"who": "organisation", "name": "clinic"}])
    lived_in.restore(file, to=empty)
    with lived_in.forum() as forum:
        forum.registers("eve", "nurse")
        register = Register(forum.session, forum.keyring, Instant(forum.now))
        document = register.document("hcp", hcp_of(forum, "eve"))
        assert document.accounts >= {forum.key("eve"), other}
    assert {(claim.who, claim.name) for claim in document.claims} == {
        ("profession", "doctor"),
        ("profession", "nurse"),
        ("organisation", "clinic"),
    }
