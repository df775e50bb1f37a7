"""Who made a report, sealed to custodians alone: officers, and the server, hold nothing that opens it."""

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.reporting.custody.models import ReporterIdentity
from governance.reporting.errors import CustodyClosedError, NoSuchReportError
from governance.reporting.keeping import seals
from governance.reporting.keeping.drafts import Identity
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.models import IDENTITY
from governance.reporting.keeping.seals import For
from governance.reporting.vaults.duty import custodians
from governance.reporting.work import Work

_IDENTITY: Final = ("reporter_identity", "sealed_identity")


def custody_is_open(session: Session) -> bool:
    """Say whether a name could be sealed now; where not, the form does not ask for one."""
    return bool(custodians(session))


def keep_identity(work: Work, report_id: UUID, identity: Identity) -> None:
    """Seal who made a report to every custodian, in the transaction that files it. Raises `CustodyClosedError`."""
    found = custodians(work.session)
    if not found:
        raise CustodyClosedError("nobody is here to keep your name apart; report without it, which you always can")
    key = ReportKey.new(work.session, work.keyring, report_id)
    sealed = key.seal(msgspec.json.encode(identity), *_IDENTITY, str(report_id))
    work.keep(ReporterIdentity(report_id=report_id, sealed_identity=sealed), report_id)
    for custodian in found:
        place = (report_id, IDENTITY, For.CUSTODIAN, str(custodian.staff_id))
        seals.give(work, place, custodian.public, key.inner)


def has_identity(session: Session, report_id: UUID) -> bool:
    """Say whether a report was made under a name."""
    return session.get(ReporterIdentity, report_id) is not None


def identity_with(session: Session, key: ReportKey) -> Identity:
    """Return who made a report, by the key to it. Raises `NoSuchReportError`."""
    row = session.get(ReporterIdentity, key.report_id)
    if row is None:
        raise NoSuchReportError
    return msgspec.json.decode(key.unseal(row.sealed_identity, *_IDENTITY, str(key.report_id)), type=Identity)
