"""Who was erased since a backup is erased again, though nothing of what they chose opens any more."""

import pytest
from sqlalchemy import select

from governance.backup.errors import JournalMissingError
from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.models import WrappedKey
from governance.decision.vocabulary import Instant, Level
from governance.effective.erasure import erase
from governance.effective.service import Register
from governance.holdings import HOLDINGS
from governance.ledger import key_copies
from governance.optout.models import Directive
from governance.patients.erasing import service as erasing
from governance.patients.guardians.models import Guardianship
from governance.patients.guardians.service import terms_of
from governance.patients.models import Patient, PatientAccount
from tests.backup.test_restore import cut
from tests.patients.everything import rows_of
from tests.patients.everywhere import Everywhere
from tests.patients.test_holdings import STAY


def erases(house, name):
    """Erase somebody who refused Dan by a measure, which the tombstone keeps."""
    with house.forum() as forum:
        now = Instant(forum.now)
        erase(forum.session, forum.keyring, forum.patient(name).id, now, final_at=now)


def arrives(house, name, *, hides):
    """Come after the backup, be read by professionals, then perhaps no more."""
    with house.forum() as forum:
        forum.acknowledges(name)
        forum.chooses(name, Level.SEEN, Level.SEEN, ["nia"])
    if hides:
        with house.forum() as forum:
            forum.hides(name)
    with house.forum() as forum:
        return owner_of("patient", forum.patient(name).id)


@pytest.fixture
def open_community(lived_in):
    """Where whoever we know nothing of is read by professionals."""
    with lived_in.forum() as forum:
        forum.opens("open", posture="hcp_present", told=forum.now - 10**13)
    assert reads(lived_in, "nia", "nobody")
    return lived_in


def reads(house, viewer, author):
    return house.permits(viewer, author, community="open")


@pytest.mark.parametrize("name", ["ana", "zoe"], ids=["known to the backup", "who came after it"])
def test_an_erased_person_is_not_brought_back(open_community, empty, name):
    house, file = open_community, open_community.backup()
    if name == "zoe":
        arrives(house, name, hides=False)
    with house.forum() as forum:
        owner = owner_of("patient", forum.patient(name).id)
    erases(house, name)
    assert not reads(house, "nia", name)
    replayed = house.restore(file, to=empty)
    assert replayed["erasures"] == 1
    assert not reads(house, "nia", name)
    assert house.permits("nia", "bea")
    with house.forum() as forum, pytest.raises(KeyGoneError):
        DataKeys(forum.session, forum.keyring).known(owner)


def test_what_somebody_who_came_after_the_backup_refused_is_read_by_the_key_outside(open_community, empty):
    house, file = open_community, open_community.backup()
    arrives(house, "zoe", hides=True)
    house.restore(file, to=empty)
    assert not reads(house, "nia", "zoe")


def test_without_that_key_nobody_may_decide_until_the_operator_says_so(open_community, empty):
    """The control: what cannot be read might have closed something."""
    house, file = open_community, open_community.backup()
    owner = arrives(house, "zoe", hides=True)
    house.outside.forget_keys([key_copies._beginning(owner)])
    with pytest.raises(JournalMissingError):
        house.restore(file, to=empty)


@pytest.mark.parametrize("damage", [None, cut])
def test_an_erasure_just_before_the_backup_hides_no_cut_of_the_journal(open_community, empty, damage):
    """Its records lie behind what the backup says it has seen, and one of them opens no more."""
    erases(open_community, "ana")
    house, file = open_community, open_community.backup()
    with house.forum() as forum:
        forum.hides("bea")
    if damage is None:
        house.restore(file, to=empty)
        assert not reads(house, "nia", "bea")
        return
    damage(house)
    with pytest.raises(JournalMissingError):
        house.restore(file, to=empty)


def test_an_erasure_is_repeated_by_every_restore(open_community, empty, request):
    house, file = open_community, open_community.backup()
    erases(house, "ana")
    house.restore(file, to=empty)
    if empty is None:
        house.restore(file)
        assert not reads(house, "nia", "ana")
        return
    with request.getfixturevalue("postgres").lend(tables=False) as other:
        house.restore(file, to=other)
        assert not reads(house, "nia", "ana")
        house.close()


def test_keys_that_were_brought_back_are_not_copied_once_more(open_community, empty):
    house, file = open_community, open_community.backup()
    owner = arrives(house, "zoe", hides=True)
    house.restore(file, to=empty)
    copies = [body for body in house.outside.kept_keys() if owner.encode() in body]
    assert len(copies) == 1
    with house.session() as session:
        assert session.scalars(select(WrappedKey).where(WrappedKey.owner == owner)).one().wrapped


def test_an_erasure_that_took_every_row_takes_them_from_the_restored_database_too(open_community, empty):
    house, file = open_community, open_community.backup()
    with house.forum() as forum:
        patient = forum.patient("ana").id
        erasing.erase_whole(forum.session, forum.keyring, patient, Instant(forum.now), HOLDINGS)
    house.restore(file, to=empty)
    assert not reads(house, "nia", "ana")
    with house.session() as session:
        assert session.get(Patient, patient) is None
        assert not session.scalars(select(Directive).where(Directive.patient_id == patient)).all()
        assert not session.scalars(select(PatientAccount).where(PatientAccount.patient_id == patient)).all()


def test_what_all_rooms_hold_and_what_rests_goes_from_the_restored_database_too(open_community, empty):
    house = open_community
    with house.forum() as forum:
        there = Everywhere(forum, "ana")
        hers = [str(there.patient), *there.ids]
    file = house.backup()
    with house.forum() as forum:
        erasing.erase_whole(forum.session, forum.keyring, there.patient, Instant(forum.now), HOLDINGS)
    house.restore(file, to=empty)
    with house.session() as session:
        assert {table for table, row in rows_of(session) if any(one in repr(row) for one in hers)} <= STAY
        left = session.get_one(Guardianship, there.ward)
        terms = terms_of(DataKeys(session, house.keyring), left)
        assert (terms.name, terms.evidence, left.ended is None) == ("", "", False)


def test_who_came_back_since_the_backup_is_restored_as_who_they_are_now(open_community, empty):
    """Their new record holds the tombstone of the old one; a restore must not take it for an erasure."""
    house, file = open_community, open_community.backup()
    with house.forum() as forum:
        erasing.erase_whole(forum.session, forum.keyring, forum.patient("ana").id, Instant(forum.now), HOLDINGS)
    with house.forum() as forum:
        again = forum.patient("ana").id
        forum.hides("ana")
    house.restore(file, to=empty)
    assert not reads(house, "nia", "ana")
    with house.forum() as forum:
        register = Register(forum.session, forum.keyring, forum.now)
        document = register.document("patient", str(again))
        assert (document.hold, document.record, document.erased is None) == (True, True, False)
        assert register.patient_of(forum.key("ana")) == again
