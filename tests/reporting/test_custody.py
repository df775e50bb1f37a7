"""Who made a report opens for a custodian alone, and for an officer once another person released it."""

import pytest

from governance.errors import BadInputError
from governance.identity.permissions import Role
from governance.ledger.models import LedgerEntry
from governance.reporting.custody import service as custody
from governance.reporting.custody.sealing import custody_is_open
from governance.reporting.errors import (
    AnsweredError,
    CustodyClosedError,
    NoSuchReportError,
    NoSuchRequestError,
    OwnRequestError,
)
from tests.reporting.office import Office

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def office(forum):
    return Office(forum).opens()


@pytest.fixture
def filed(office):
    return office.files(identity="Ana Green")


def asks(office, filed, name="olu", reason="the court asks"):
    return custody.ask(office.work, filed.report_id, office.vaults[name], reason)


def did(office):
    found = office.session.query(LedgerEntry).order_by(LedgerEntry.number)
    return [
        name
        for row in found
        for name in ("asked", "released", "refused", "read")
        if f"identity_{name}".encode() in row.document
    ]


def test_an_officer_reads_no_name_before_it_was_released(office, filed):
    with pytest.raises(NoSuchReportError):
        custody.identity(office.work, filed.report_id, office.vaults["olu"])
    request = asks(office, filed)
    with pytest.raises(NoSuchReportError):
        custody.identity(office.work, filed.report_id, office.vaults["olu"])
    custody.release(office.work, request, office.vaults["cy"], "an order of the court")
    assert custody.identity(office.work, filed.report_id, office.vaults["olu"]).name == "Ana Green"
    with pytest.raises(NoSuchReportError):
        custody.identity(office.work, filed.report_id, office.vaults["oda"])
    assert did(office) == ["asked", "released", "read"]


def test_a_custodian_reads_the_reason_and_not_the_report(office, filed):
    asks(office, filed, reason="the court asks")
    (found,) = custody.waiting(office.session, office.keyring, office.vaults["cy"])
    assert (found.reason, found.state) == ("the court asks", custody.State.ASKED)
    with pytest.raises(NoSuchReportError):
        custody.ask(office.work, filed.report_id, office.vaults["cy"], "curious")


def test_who_asks_both_answers_neither(forum):
    """Small forums combine roles; what needs two people still needs two."""
    office = Office(forum)
    both = office.joins("olu", Role.OFFICER, Role.CUSTODIAN)
    office.joins("oda")
    office.joins("cy", Role.CUSTODIAN)
    filed = office.files(identity="Ana")
    request = asks(office, filed)
    assert custody.waiting(office.session, office.keyring, both) == ()
    for answer in (custody.release, custody.refuse):
        with pytest.raises(OwnRequestError):
            answer(office.work, request, both, "yes")
    custody.release(office.work, request, office.vaults["cy"], "yes")


def test_a_refusal_keeps_it_closed_and_says_why(office, filed):
    request = asks(office, filed)
    custody.refuse(office.work, request, office.vaults["cy"], "no court asked")
    with pytest.raises(NoSuchReportError):
        custody.identity(office.work, filed.report_id, office.vaults["olu"])
    (found,) = custody.requests_of(office.session, office.keyring, filed.report_id, office.vaults["olu"])
    assert (found.state, found.answer) == (custody.State.REFUSED, "no court asked")
    with pytest.raises(AnsweredError):
        custody.release(office.work, request, office.vaults["cy"], "yes")
    assert did(office) == ["asked", "refused"]
    asks(office, filed)


def test_one_request_waits_at_a_time_and_needs_a_reason(office, filed):
    with pytest.raises(BadInputError):
        asks(office, filed, reason="  ")
    asks(office, filed)
    with pytest.raises(AnsweredError):
        asks(office, filed, name="oda")


def test_a_custodian_who_came_later_can_answer_nothing_older(office, filed):
    request = asks(office, filed)
    late = office.joins("late", Role.CUSTODIAN)
    assert custody.waiting(office.session, office.keyring, late) == ()
    with pytest.raises(NoSuchRequestError):
        custody.release(office.work, request, late, "yes")


def test_an_anonymous_report_has_no_name_to_ask_for(office):
    filed = office.files()
    with pytest.raises(NoSuchReportError):
        asks(office, filed)


def test_without_a_custodian_no_name_is_taken(forum):
    office = Office(forum)
    office.joins("olu")
    office.joins("oda")
    assert not custody_is_open(office.session)
    with pytest.raises(CustodyClosedError):
        office.files(identity="Ana")
    office.files()
