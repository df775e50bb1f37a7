"""Use cases of an officer in a case that is open before them: what the table of states allows, and what it needs."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from governance.crypto.data_keys import owner_of
from governance.decision.vocabulary import Instant
from governance.ledger.rows import keep
from governance.policy.views.desk import HARMS, SEVERITIES, DeskPolicy
from governance.reporting.cases import events
from governance.reporting.cases.errors import (
    NoSuchCaseError,
    NoSuchCaseMoveError,
    NotFreshOfficerError,
    NotSaidError,
)
from governance.reporting.cases.events import Event, What
from governance.reporting.cases.models import Case, CaseEvent, CaseMember, CaseReport
from governance.reporting.cases.opening import keep_case, timed
from governance.reporting.cases.sealing import CaseKey, key_of
from governance.reporting.cases.states import OVER, Act, By, Needs, State, move
from governance.reporting.clocks.models import CaseClock
from governance.reporting.clocks.service import Clocks
from governance.reporting.keeping.messages import write_message
from governance.reporting.keeping.service import key_for
from governance.reporting.vaults.keys import OpenVault
from governance.reporting.work import Work
from governance.sentences import Sentence

SERIOUS: Final = "S3"
MISUSE: Final = "misuse"
LONGEST: Final = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """How serious an officer thinks a case is, and under which laws it runs."""

    kind: str
    severity: str
    harm_body: str
    harm_mind: str
    reason: str
    regimes: frozenset[str] = frozenset()
    calendar: str = ""


class CaseWork:
    """One case, locked, in the hands of a member whose vault is open."""

    def __init__(self, work: Work, desk: DeskPolicy, case_id: UUID, vault: OpenVault) -> None:
        """Take a case in hand. Raises `NoSuchCaseError` for whoever is not in it."""
        case = Case.locked(work.session, case_id)
        if case is None:
            raise NoSuchCaseError
        self.work, self.desk, self.vault, self.case = work, desk, vault, case
        self.key: CaseKey = key_of(work.session, work.keyring, case_id, vault)

    @property
    def officer(self) -> UUID:
        """Return who works on it."""
        return self.vault.staff_id

    def claim(self) -> None:
        """Take the case on, so that others see that somebody does."""
        self.case.assigned = self.officer
        self._keep()
        self.say(What.CLAIMED)

    def acknowledge(self, text: str) -> None:
        """Tell the reporter that a person has read it. Raises what `_moved` does."""
        self._moved(Act.ACKNOWLEDGE)
        self.case.acknowledged = self.work.today
        self._keep()
        self.write(text, "acknowledge")

    def triage(self, wanted: Triage) -> None:
        """Set how serious it is. Lowering needs a reason, and below what the rules ask one that says why."""
        self._check(wanted)
        before = self.case.severity
        self._moved(Act.TRIAGE, wanted.reason)
        case = self.case
        if wanted.kind != case.kind:
            case.also, case.kind = sorted({*case.also, case.kind} - {wanted.kind}), wanted.kind
        case.severity, case.harm_body, case.harm_mind = wanted.severity, wanted.harm_body, wanted.harm_mind
        case.regimes = sorted({*case.regimes, *wanted.regimes})
        case.calendar = wanted.calendar or case.calendar
        self._keep()
        facts = {"before": before, "severity": wanted.severity, "body": wanted.harm_body, "mind": wanted.harm_mind}
        self.say(What.SEVERITY, wanted.reason, {**facts, "kind": wanted.kind})
        self._clocks().hurry()
        self._clocks().catch_up(self._marks())

    def investigate(self) -> None:
        """Begin to find out what happened."""
        self._moved(Act.INVESTIGATE)

    def refer(self, to: str, ground: str, shared: str, *, agreed: bool) -> None:
        """Write down who outside was told, on what ground, what was shared, and whether the reporter agreed."""
        if to not in self.desk.referred_to or ground not in self.desk.grounds:
            raise NotSaidError("say who was told and on what ground; pick one of each")
        self._moved(Act.REFER, shared, {"to": to, "ground": ground, "agreed": "yes" if agreed else "no"})

    def decide(self, outcome: str, reasons: str, rule: str = "", *, second: bool = False) -> None:
        """Decide what the case comes to, with reasons and the rule that is cited."""
        if outcome not in self.desk.outcomes:
            raise NotSaidError("pick what the case comes to")
        if outcome == MISUSE and not second:
            raise NoSuchCaseMoveError("nobody says alone that a report was made to hurt somebody; propose it")
        self._moved(Act.DECIDE, reasons, {"outcome": outcome, "rule": rule})
        self.case.outcome, self.case.decided, self.case.outcome_told = outcome, self.work.today, False
        self._keep()

    def tell_outcome(self, text: str) -> None:
        """Tell the reporter what came of it."""
        self._moved(Act.TELL_OUTCOME)
        self.case.outcome_told = True
        self._keep()
        self.write(text, "outcome")
        self._clocks().end_updates()

    def remedy(self, what: str) -> None:
        """Write down what was put right."""
        self._moved(Act.REMEDY, what)

    def close(self) -> None:
        """Close the case; one that is serious through a proposal that a second officer answers."""
        if self.case.severity >= SERIOUS:
            raise NoSuchCaseMoveError("from S3 on a second officer closes a case; propose it to them")
        self.close_now()

    def close_now(self) -> None:
        """Close the case; for `close` and for an answered proposal alone. The outcome is always told before."""
        if not self.case.outcome_told:
            raise NoSuchCaseMoveError("tell the reporter what came of it first, then close the case")
        self._moved(Act.CLOSE)
        self.case.closed, self.case.holds_log = self.work.today, False
        self._keep()
        self._clocks().stop_all()

    def answer_appeal(self, *, overturn: bool, reasons: str) -> None:
        """Answer an appeal, by somebody who did nothing to the case before."""
        self._moved(Act.OVERTURN if overturn else Act.UPHOLD, reasons)
        if overturn:
            self.case.appeal_changed, self.case.outcome_told = True, False
            self._keep()
        self.write(reasons, "outcome")

    def reopen(self, reason: str) -> None:
        """Take a case up again, as where somebody is made to pay for having reported."""
        self._moved(Act.REOPEN, reason)
        self.case.closed = None
        self._keep()
        self._clocks().mark("filed")

    def pause(self, cause: str, reason: str) -> None:
        """Let the clocks stand still for a named cause."""
        self._clocks().pause(cause)
        self.say(What.PAUSED, _written(reason), {"cause": cause})

    def resume(self) -> None:
        """Let the clocks go on."""
        self._clocks().resume()
        self.say(What.RESUMED)

    def note(self, words: str) -> None:
        """Write something down for those who work on the case."""
        self.say(What.NOTE, _written(words))

    def write(self, text: str, letter: str = "") -> None:
        """Write to whoever reported, on every report of the case; each sees it in their own dialogue."""
        for one in CaseReport.of_case(self.work.session, self.case.id):
            key = key_for(self.work.session, self.work.keyring, one.report_id, self.vault)
            write_message(self.work, key, "officer", text, staff_id=self.officer)
        self.say(What.LETTER, text, {"letter": letter})
        if letter != "acknowledge":
            self._clocks().mark("told")

    def also(self, kind: str) -> None:
        """Count the case under one more type."""
        if kind not in {self.case.kind, *self.case.also}:
            self.case.also = sorted({*self.case.also, kind})
            self._keep()
            self._clocks().catch_up(self._marks())

    def copied(self, words: str, facts: dict[str, str]) -> None:
        """Keep what our own records say in the case: from then on nothing outside has to be kept for it."""
        self.say(What.RECORDS, words, facts)
        self.case.holds_log = False
        self._keep()

    def merged(self, reason: str, into: UUID) -> None:
        """End a case whose reports went into another one."""
        self._moved(Act.MERGE, reason, {"into": str(into)})
        self.case.holds_log, self.case.merged_into = False, into
        self._keep()
        self._clocks().stop_all()

    def say(self, what: What, words: str = "", facts: dict[str, str] | None = None) -> CaseEvent:
        """Add an event by this officer, who has a part in the case from now on, unless they only read."""
        if what is not What.READ:
            self._acted()
        said = {name: value for name, value in (facts or {}).items() if value}
        event = Event(what=what, at=self.work.now, by=str(self.officer), words=words, facts=said)
        return events.add(self.work, self.case, event)

    def history(self) -> tuple[Event, ...]:
        """Return everything that was done to the case."""
        return events.history(self.work.session, self.work.keyring, self.key)

    def _moved(self, act: Act, words: str = "", facts: dict[str, str] | None = None) -> None:
        """Do what the table allows. Raises `NoSuchCaseMoveError`, `NotFreshOfficerError`, `NotSaidError`."""
        line = move(State(self.case.state), act)
        if line.by is By.FRESH_OFFICER and self._member().acted:
            raise NotFreshOfficerError("somebody who did nothing to this case before answers the appeal")
        said = _written(words) if line.needs in {Needs.REASON, Needs.OUTCOME} else words
        self.case.state = line.to.value
        self._keep()
        self.say(What.MOVED, said, {"act": act.value, **(facts or {})})
        if line.mark:
            self._clocks().mark(line.mark)
        if line.to in OVER:
            self.case.assigned = self.case.assigned or self.officer

    def _marks(self) -> dict[str, Instant]:
        """Return what has been marked so far, for clocks that begin later than they should have."""
        clocks = CaseClock.of_case(self.work.session, self.case.id)
        filed = min((row.started for row in clocks if row.stopped is None), default=self.case.filed)
        marks = {"filed": Instant(filed)}
        for mark, day in (("acknowledged", self.case.acknowledged), ("decided", self.case.decided)):
            if day is not None:
                marks[mark] = Instant(day)
        return marks

    def _check(self, wanted: Triage) -> None:
        known = wanted.severity in SEVERITIES and {wanted.harm_body, wanted.harm_mind} <= {*HARMS}
        if not known or not wanted.regimes <= self.desk.regimes.keys():
            raise NotSaidError("pick how serious it is, and the harm to body and mind")
        if wanted.calendar and wanted.calendar not in self.desk.calendars:
            raise NotSaidError("pick a calendar from the list")
        _written(wanted.reason)

    def _clocks(self) -> Clocks:
        return Clocks(self.work, self.desk, timed(self.case))

    def _acted(self) -> None:
        member = self._member()
        if not member.acted:
            member.acted = True
            keep(self.work.session, self.work.keyring, member, of=owner_of("case", self.case.id))

    def _member(self) -> CaseMember:
        return self.work.session.get_one(CaseMember, (self.case.id, self.officer))

    def _keep(self) -> None:
        keep_case(self.work, self.case)


def _written(words: str) -> str:
    """Return words as they are kept. Raises `NotSaidError` for none, or for too many."""
    said = words.strip()
    if not 0 < len(said) <= LONGEST:
        raise NotSaidError(Sentence("write 1 to %(most)s letters", {"most": LONGEST}))
    return said
