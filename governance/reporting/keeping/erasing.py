"""The end of a report: its rows go, and our part of its key, so that no copy of it opens any more, whoever kept one."""

from uuid import UUID

import msgspec

from governance.crypto.data_keys import DataKeys, owner_of
from governance.db.base import Base
from governance.ledger.personal import KeyGone
from governance.ledger.rows import forget
from governance.ledger.service import journal
from governance.reporting.custody.models import IdentityRequest, ReporterIdentity
from governance.reporting.errors import NoSuchReportError
from governance.reporting.keeping.models import TEXT, Report, ReportMessage, ReportSeal
from governance.reporting.work import Work


def erase_report(work: Work, report_id: UUID, by: UUID | None = None) -> None:
    """Delete a report with its messages, its name and its seals. What other rooms hold of it goes before, by them.

    Raises `NoSuchReportError`.
    """
    row = Report.locked(work.session, report_id)
    if row is None:
        raise NoSuchReportError
    work.note(report_id, "erased", by)
    for one in (*ReportMessage.of(work.session, report_id), *ReportSeal.of(work.session, report_id)):
        forget(work.session, work.keyring, one)
    _forget_identity(work, report_id)
    work.session.flush()
    forget(work.session, work.keyring, row)
    work.session.flush()
    owner = owner_of("report", report_id)
    DataKeys(work.session, work.keyring).destroy(owner)
    journal(work.session, work.keyring, msgspec.json.encode(KeyGone(owner)))


def erase_identity(work: Work, report_id: UUID, by: UUID | None = None) -> bool:
    """Delete who made a report, and everything that was asked about it, before the report goes; false if nobody said.

    Copies of it in backups open for custodians alone, until the report itself is erased.
    """
    if work.session.get(ReporterIdentity, report_id) is None:
        return False
    work.note(report_id, "identity_erased", by)
    for seal in ReportSeal.of(work.session, report_id):
        if seal.opens != TEXT:
            forget(work.session, work.keyring, seal)
    _forget_identity(work, report_id)
    work.session.flush()
    return True


def _forget_identity(work: Work, report_id: UUID) -> None:
    found: list[Base] = [*IdentityRequest.of_report(work.session, report_id)]
    identity = work.session.get(ReporterIdentity, report_id)
    for row in (*found, *(() if identity is None else (identity,))):
        forget(work.session, work.keyring, row)
