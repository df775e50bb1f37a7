"""What was erased is nowhere, and no kept copy of it opens for anybody."""

import pytest
from sqlalchemy import func, select

from governance.crypto.data_keys import KeyGoneError
from governance.reporting.custody.models import IdentityRequest, ReporterIdentity
from governance.reporting.custody.service import ask
from governance.reporting.errors import NoSuchReportError
from governance.reporting.keeping import messages, reporters, service
from governance.reporting.keeping.erasing import erase_identity, erase_report
from governance.reporting.keeping.jobs import enter
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.models import Report, ReportMessage, ReportSeal
from tests.reporting.office import Office

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def office(forum):
    return Office(forum).opens()


def full(office):
    filed = office.files(identity="Ana")
    messages.write_message(office.work, filed.key, "reporter", "any news?")
    ask(office.work, filed.report_id, office.vaults["olu"], "the court asks")
    return filed


def counts(office):
    tables = (Report, ReportSeal, ReportMessage, ReporterIdentity, IdentityRequest)
    return [office.session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_an_erased_report_leaves_no_row_and_no_code(office):
    kept, filed = full(office), full(office)
    before = counts(office)
    erase_report(office.work, filed.report_id)
    assert counts(office) == [many // 2 for many in before]
    assert reporters.by_code(office.session, office.keyring, filed.code) is None
    with pytest.raises(NoSuchReportError):
        erase_report(office.work, filed.report_id)
    assert service.open_report(office.work, kept.report_id, office.vaults["olu"]).body.what


def test_a_copy_that_a_reader_kept_opens_no_more(office):
    """As in a backup: body and seal are there, and the passphrase; our part of the key is not."""
    filed = full(office)
    row = office.session.get(Report, filed.report_id)
    body, inner = row.sealed_body, filed.key.inner
    opened = ReportKey.opened(office.session, office.keyring, filed.report_id, inner)
    assert b"wrote" in opened.unseal(body, *service.BODY, str(filed.report_id))
    erase_report(office.work, filed.report_id)
    with pytest.raises(KeyGoneError):
        ReportKey.opened(office.session, office.keyring, filed.report_id, inner)


def test_the_name_goes_first_and_the_report_stays(office):
    filed = full(office)
    assert erase_identity(office.work, filed.report_id)
    assert not erase_identity(office.work, filed.report_id)
    assert counts(office)[3:] == [0, 0]
    assert service.open_report(office.work, filed.report_id, office.vaults["olu"]).body.what


def test_the_ledger_learns_of_reports_together_and_later(office):
    filed = [office.files() for _ in range(3)]
    assert enter(office.work) == 3
    assert enter(office.work) == 0
    assert all(office.session.get(Report, one.report_id).entered for one in filed)
