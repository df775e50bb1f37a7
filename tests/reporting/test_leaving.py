"""Whoever leaves reads nothing any more; what nobody else could read is kept for whoever has their printed key."""

import pytest

from governance.reporting.errors import NoSuchReportError
from governance.reporting.keeping import service
from governance.reporting.keeping.models import ReportSeal
from governance.reporting.vaults import sharing
from governance.reporting.vaults.leaving import Left, leave
from governance.reporting.vaults.models import Vault
from governance.reporting.vaults.service import open_by_recovery
from tests.reporting.office import Office

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def office(forum):
    return Office(forum).opens()


def seals_to(office, name):
    return ReportSeal.to_staff(office.session, office.vaults[name].staff_id)


def test_who_leaves_loses_every_seal_and_the_vault(office):
    filed = office.files(identity="Ana")
    assert seals_to(office, "oda")
    assert leave(office.work, office.vaults["oda"].staff_id) == Left(1, 0)
    assert not seals_to(office, "oda")
    assert office.session.get(Vault, office.vaults["oda"].staff_id) is None
    with pytest.raises(NoSuchReportError):
        service.open_report(office.work, filed.report_id, office.vaults["oda"])
    assert service.open_report(office.work, filed.report_id, office.vaults["olu"]).body.what


def test_what_nobody_else_reads_is_not_lost(office):
    first = office.files("one")
    leave(office.work, office.vaults["oda"].staff_id)
    left = leave(office.work, office.vaults["olu"].staff_id)
    assert left == Left(0, 1)
    late = office.joins("late")
    opened = open_by_recovery(office.session, office.keyring, office.vaults["olu"].staff_id, office.recovery["olu"])
    assert sharing.hand_over(office.work, opened, office.reader("late"), sharing.nobody_recused) == 1
    assert leave(office.work, opened.staff_id) == Left(1, 0)
    assert service.open_report(office.work, first.report_id, late).body.what == "one"
    assert office.session.get(Vault, opened.staff_id) is None


def test_said_to_be_lost_it_is(office):
    """The control: this is what is otherwise refused."""
    office.files()
    for name in ("oda", "olu"):
        leave(office.work, office.vaults[name].staff_id, lose=True)
    assert not seals_to(office, "olu")
    assert set(sharing.thin(office.session).values()) == {0}


def test_a_name_that_one_custodian_alone_holds_is_kept_too(office):
    office.files(identity="Ana")
    assert leave(office.work, office.vaults["cy"].staff_id) == Left(0, 1)


def test_what_too_few_can_read_is_seen_and_shared_but_never_with_whom_it_is_about(office):
    filed = office.files()
    service.revoke(office.work, filed.report_id, office.vaults["oda"].staff_id)
    assert sharing.thin(office.session) == {filed.report_id: 1}
    late = office.joins("late")

    def recused(_session, report_id):
        return frozenset({office.vaults["oda"].staff_id}) if report_id == filed.report_id else frozenset()

    assert sharing.top_up(office.work, office.vaults["olu"], recused) == 0
    assert service.readers(office.session, filed.report_id) == {office.vaults["olu"].staff_id, late.staff_id}
    assert sharing.thin(office.session) == {}
    assert sharing.top_up(office.work, office.vaults["olu"], sharing.nobody_recused) == 0


def test_a_hand_over_leaves_out_what_somebody_must_not_read(office):
    office.files("one")
    second = office.files("two")
    late = office.joins("late")

    def recused(_session, report_id):
        return frozenset({late.staff_id}) if report_id == second.report_id else frozenset()

    assert sharing.hand_over(office.work, office.vaults["olu"], office.reader("late"), recused) == 1
    with pytest.raises(NoSuchReportError):
        service.open_report(office.work, second.report_id, late)


def test_with_nobody_to_share_with_it_stays_counted(office):
    filed = office.files()
    service.revoke(office.work, filed.report_id, office.vaults["oda"].staff_id)

    def recused(_session, _report_id):
        return frozenset({office.vaults["oda"].staff_id})

    assert sharing.top_up(office.work, office.vaults["olu"], recused) == 1
