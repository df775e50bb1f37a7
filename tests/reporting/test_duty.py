"""A report is taken only where two can read it, whose passphrase worked within 30 days."""

import pytest

from governance.decision.vocabulary import Instant
from governance.identity.permissions import Role
from governance.identity.staff.service import end_staff
from governance.reporting.errors import DutyClosedError
from governance.reporting.vaults import duty
from governance.reporting.vaults.service import note_worked
from governance.reporting.vaults.state import OF_NONE, standing
from tests.forum import DAY, Forum
from tests.reporting.office import Office


@pytest.fixture
def office(forum):
    return Office(forum).opens()


def ids(office, *names):
    return {office.vaults[name].staff_id for name in names}


def test_officers_with_a_vault_are_on_duty_and_custodians_are_not(office):
    assert office.group().staff_ids == ids(office, "olu", "oda")


def test_with_one_alone_it_is_closed_and_names_the_contact(forum):
    office = Office(forum)
    office.joins("olu")
    with pytest.raises(DutyClosedError) as refused:
        office.group()
    assert refused.value.contact is None
    duty.name_contact(office.work, "Ines Out", "ines@safe.example")
    with pytest.raises(DutyClosedError) as refused:
        office.group()
    assert refused.value.contact == ("Ines Out", "ines@safe.example")
    office.joins("oda")
    assert len(office.group().members) == 2


def test_after_30_days_a_passphrase_does_not_count(office):
    office.forum.now = Instant(office.forum.now + 30 * DAY)
    assert len(office.group().members) == 2
    office.forum.now = Instant(office.forum.now + DAY)
    with pytest.raises(DutyClosedError):
        office.group()
    for name in ("olu", "oda"):
        note_worked(office.work, office.vaults[name].staff_id)
    assert office.group().staff_ids == ids(office, "olu", "oda")


def test_who_ended_is_not_on_duty(office):
    end_staff(office.session, office.keyring, office.vaults["oda"].staff_id, now=office.forum.now)
    with pytest.raises(DutyClosedError):
        office.group()


def test_who_must_not_read_it_is_left_out(office):
    with pytest.raises(DutyClosedError):
        office.group(without=frozenset(ids(office, "oda")))
    office.joins("ola")
    assert office.group(without=frozenset(ids(office, "oda"))).staff_ids == ids(office, "olu", "ola")


def test_who_reads_one_forum_reads_no_other_one_and_none_about_no_forum(office):
    other = Forum(office.session, office.keyring, "other", at=office.forum.now)
    office.joins("ola")
    duty.narrow(office.work, office.vaults["ola"].staff_id, frozenset({other.id}))
    assert office.group(office.forum.id).staff_ids == ids(office, "olu", "oda")
    assert office.group(other.id).staff_ids == ids(office, "olu", "oda", "ola")
    assert office.group(None).staff_ids == ids(office, "olu", "oda")
    duty.narrow(office.work, office.vaults["ola"].staff_id, frozenset())
    assert office.group(None).staff_ids == ids(office, "olu", "oda", "ola")


def test_who_is_both_officer_and_custodian_is_both(forum):
    office = Office(forum)
    office.joins("olu", Role.OFFICER, Role.CUSTODIAN)
    office.joins("oda")
    assert office.group().staff_ids == ids(office, "olu", "oda")
    assert [one.staff_id for one in duty.custodians(office.session)] == [*ids(office, "olu")]


def test_how_every_forum_stands(office):
    found = {one.forum: (one.is_open, len(one.recent), one.most) for one in standing(office.session, office.forum.now)}
    assert found == {"forum": (True, 2, 2), OF_NONE: (True, 2, 2)}
    later = Instant(office.forum.now + 40 * DAY)
    assert {(one.is_open, one.most) for one in standing(office.session, later)} == {(False, 2)}
