"""Officers at their desk, below HTTP: cases of filed reports, in the hands of somebody whose vault is open."""

from governance.decision.vocabulary import Instant
from governance.policy.current import policies
from governance.reporting.cases.models import Case, CaseReport
from governance.reporting.cases.opening import open_cases
from governance.reporting.cases.service import CaseWork, Triage
from governance.reporting.clocks.models import CaseClock
from tests.reporting.office import Office

HOUR = 3600 * 1_000_000
DAY = 24 * HOUR


class Desk(Office):
    """An office that works on cases."""

    @property
    def policy(self):
        return policies().desk

    def receives(self, what="he wrote to me again", **said):
        """A report comes in and has its case; return the case's id and what was filed."""
        filed = self.files(what, **said)
        open_cases(self.work, self.policy)
        return self.session.get(CaseReport, filed.report_id).case_id, filed

    def at_work(self, case_id, name="olu"):
        self.session.flush()
        return CaseWork(self.work, self.policy, case_id, self.vaults[name])

    def case(self, case_id):
        return self.session.get(Case, case_id)

    def clocks(self, case_id):
        return {row.name: row for row in CaseClock.of_case(self.session, case_id) if row.stopped is None}

    def whats(self, case_id, name="olu"):
        return [event.what.value for event in self.at_work(case_id, name).history()]

    def waits(self, microseconds):
        self.forum.now = Instant(self.forum.now + microseconds)

    def staff_id(self, name):
        return self.vaults[name].staff_id


def triage(kind="boundary", severity="S3", reason="two messages after she said no", **said):
    usual = {"harm_body": "none", "harm_mind": "moderate"}
    return Triage(kind=kind, severity=severity, reason=reason, **{**usual, **said})
