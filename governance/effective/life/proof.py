"""Whether a forum's reports prove that nothing leaks, since when that is asked."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.effective.life.errors import NotProvenError
from governance.effective.life.models import Probe, ProbeReport
from governance.effective.life.reports import CLEAN


def proof_since(session: Session, platform_id: UUID, since: int) -> ProbeReport:
    """Return the last report, if it found nothing and was made after an instant. Raises `NotProvenError`."""
    report = ProbeReport.newest(session, platform_id)
    if report is None:
        raise NotProvenError("no report of the probe was sent yet; see `governance platform steps`")
    if report.result != CLEAN:
        raise NotProvenError(f"the last report of the probe says `{report.result}`, {report.leaks} leaks; walk again")
    if not is_of_probe(session, report):
        raise NotProvenError("another probe was noted since the last report, by which none counts; walk again")
    if report.made <= since:
        raise NotProvenError("the last report was made before the forum was suspended; have the probe walk again")
    return report


def is_of_probe(session: Session, report: ProbeReport) -> bool:
    """Say whether a report came since the present probe was noted.

    THREAT: a clean walk of a copy, or by a key that was stolen and is replaced, would go on proving something.
    """
    probe = session.get(Probe, report.platform_id)
    return probe is not None and report.taken >= probe.said
