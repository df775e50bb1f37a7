"""One case as its page shows it: opened for a member, and written down that they read it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.identity.staff.models import StaffMember
from governance.identity.staff.service import staff_name
from governance.policy.views.desk import DeskPolicy
from governance.reporting.cases import members, proposals
from governance.reporting.cases.events import Event, What
from governance.reporting.cases.models import Case, CaseHearing, CaseMember, CaseReport, Proposal
from governance.reporting.cases.proposals import Proposed
from governance.reporting.cases.service import CaseWork
from governance.reporting.cases.states import Act, State
from governance.reporting.clocks.models import CaseClock
from governance.reporting.custody.sealing import has_identity
from governance.reporting.evidence.service import Picture, pictures_of
from governance.reporting.keeping.messages import Message, messages
from governance.reporting.keeping.service import Opened, open_report
from governance.reporting.protection.records import Known
from governance.reporting.retention.models import CaseHold
from governance.reporting.vaults.keys import OpenVault
from governance.reporting.work import Work

_BROUGHT: Final = {"patient": ("patient",), "hcp": ("hcp_account", "hcp")}
"""Under which names reports bring people along; an account as its forum names it before a digest of it."""
_BLOCKS: Final = frozenset({"pair", "wide_block"})
_AGAIN: Final = 3600 * 1_000_000
"""Who reads a case all morning is written down once an hour."""


@dataclass(frozen=True, slots=True)
class ShownReport:
    """One report of a case."""

    opened: Opened
    messages: tuple[Message, ...]
    pictures: tuple[Picture, ...]
    is_named: bool
    """Whether a custodian keeps who made it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that a case's page, and the forms behind it, need."""

    case: Case
    officer: UUID
    desk: DeskPolicy
    reports: tuple[ShownReport, ...]
    history: tuple[Event, ...]
    clocks: tuple[CaseClock, ...]
    waiting: tuple[tuple[Proposal, Proposed], ...]
    members: tuple[UUID, ...]
    candidates: tuple[UUID, ...]
    hearings: tuple[CaseHearing, ...]
    others: tuple[Case, ...]
    names: dict[str, str]
    acted: bool
    is_held: bool

    @property
    def people(self) -> dict[str, str]:
        """Return whom the case is about: as an officer wrote it down, else as the report brought it along."""
        said = members.people_of(self.history)
        brought = [one.opened.body.more for one in self.reports]
        for name, keys in _BROUGHT.items():
            found = next((more[key] for more in brought for key in keys if more.get(key)), "")
            said.setdefault(name, found)
        return {name: said.get(name, "") for name in members.PEOPLE}

    @property
    def known(self) -> Known | None:
        """Return what our own records said when they were copied last."""
        for event in reversed(self.history):
            if event.what is What.RECORDS:
                return msgspec.json.decode(event.words.encode(), type=Known)
        return None

    @property
    def appeal(self) -> Event | None:
        """Return who asks for another look, and why, while nobody answered."""
        asked = [one for one in self.history if one.what is What.MOVED and one.facts.get("act") == Act.APPEAL]
        return asked[-1] if asked and self.case.state == State.APPEALED else None

    @property
    def statements(self) -> tuple[Event, ...]:
        """Return what professionals who are heard say."""
        return tuple(event for event in self.history if event.what is What.STATEMENT)

    @property
    def is_protected(self) -> bool:
        """Say whether a professional was kept away in this case already; another look at one keeps nobody away."""
        return any(event.what is What.PROTECTED and event.facts.get("how") in _BLOCKS for event in self.history)


def show(work: Work, desk: DeskPolicy, case_id: UUID, vault: OpenVault) -> Shown:
    """Return a case for a member, and write down that they read it. Commit before anything of it is shown.

    Raises `NoSuchCaseError`.
    """
    at_work = CaseWork(work, desk, case_id, vault)
    links = CaseReport.of_case(work.session, case_id)
    reports = tuple(_report(work, one.report_id, vault) for one in links)
    history = at_work.history()
    if not _read_lately(history, vault.staff_id, work.now):
        at_work.say(What.READ)
        history = at_work.history()
    rows = CaseMember.of_case(work.session, case_id)
    return Shown(
        case=at_work.case,
        officer=vault.staff_id,
        desk=desk,
        reports=reports,
        history=history,
        clocks=tuple(CaseClock.of_case(work.session, case_id)),
        waiting=tuple(proposals.waiting(at_work)),
        members=tuple(row.officer_id for row in rows if row.ended is None),
        candidates=tuple(members.candidates(at_work)),
        hearings=tuple(CaseHearing.of_case(work.session, case_id)),
        others=tuple(one for one in Case.of_member(work.session, vault.staff_id) if one.id != case_id),
        names=names_of_staff(work.session, work.keyring),
        acted=next((row.acted for row in rows if row.officer_id == vault.staff_id), False),
        is_held=CaseHold.standing(work.session, case_id) is not None,
    )


def names_of_staff(session: Session, keyring: Keyring) -> dict[str, str]:
    """Return what members of staff are called, by their ids."""
    return {str(one.id): staff_name(session, keyring, one) for one in StaffMember.all_oldest_first(session)}


def _report(work: Work, report_id: UUID, vault: OpenVault) -> ShownReport:
    opened = open_report(work, report_id, vault)
    told = messages(work.session, report_id, opened.key)
    return ShownReport(
        opened, told, tuple(pictures_of(work.session, opened.key)), has_identity(work.session, report_id)
    )


def _read_lately(history: tuple[Event, ...], officer: UUID, now: Instant) -> bool:
    mine = (event for event in history if event.by == str(officer))
    return any(now - event.at < _AGAIN for event in mine)
