"""Seals: who can open a report, given and taken away. No seal says more than for whom it is."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.sealing import SealBroken, bound_to, seal, unseal
from governance.ledger.rows import forget
from governance.reporting.errors import NoSuchReportError
from governance.reporting.keeping.models import ReportSeal
from governance.reporting.work import Work


class For(StrEnum):
    """For what kind of reader a seal is."""

    OFFICER = "officer"
    CUSTODIAN = "custodian"
    REPORTER = "reporter"


Place = tuple[UUID, str, For, str]
"""Of which report, what it opens, for which kind of reader, for whom."""


def give(work: Work, place: Place, public: bytes, inner: bytes) -> None:
    """Seal a key to somebody; who has it already gets it anew."""
    report_id, opens, kind, recipient = place
    row = work.session.get(ReportSeal, place) or ReportSeal(
        report_id=report_id, opens=opens, kind=kind.value, recipient=recipient
    )
    row.sealed_key = seal(public, inner, info_of(place))
    work.keep(row, report_id)


def take(session: Session, place: Place, private: bytes) -> bytes:
    """Return what was sealed to somebody. Raises `NoSuchReportError` where nothing was, or it does not open."""
    row = session.get(ReportSeal, place)
    if row is None:
        raise NoSuchReportError
    return opened(place, private, row.sealed_key)


def opened(place: Place, private: bytes, sealed: bytes) -> bytes:
    """Open one seal. Raises `NoSuchReportError`."""
    try:
        return unseal(private, sealed, info_of(place))
    except SealBroken:
        raise NoSuchReportError from None


def take_away(work: Work, place: Place) -> bool:
    """Delete a seal; false if there is none."""
    row = work.session.get(ReportSeal, place)
    if row is None:
        return False
    forget(work.session, work.keyring, row)
    work.session.flush()
    return True


def info_of(place: Place) -> bytes:
    """Return what a seal is bound to."""
    report_id, opens, kind, recipient = place
    return bound_to("report", str(report_id), opens, kind, recipient)
