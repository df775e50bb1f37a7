"""What takes two transactions: first somebody is protected, then the case is told of it, sealed.

INVARIANT: the two are never one. What is in force and why it was wanted must not be written by one hand at one time.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from flask import current_app
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.effective.models import Measure
from governance.identity.models import Platform
from governance.policy.current import conduct_in_force, policies
from governance.reporting.cases import members, proposals
from governance.reporting.cases.errors import NoSuchAccountError, NotSaidError
from governance.reporting.cases.events import What
from governance.reporting.cases.models import Case, CaseReport
from governance.reporting.cases.opening import keep_case
from governance.reporting.cases.proposals import Kind, Proposed
from governance.reporting.cases.sealing import key_of
from governance.reporting.cases.service import CaseWork
from governance.reporting.keeping.brought import brought
from governance.reporting.keeping.service import key_for, opened_with
from governance.reporting.protection.records import known_of
from governance.reporting.protection.service import RECHECK, People, Protecting, Protection, find_people
from governance.reporting.retention.service import delete_early
from governance.reporting.vaults.keys import OpenVault
from governance.reporting.work import Work
from governance.ui.house import house
from governance.ui.problems import register_status

ASKED: Final = members.PEOPLE
"""What the form of protecting asks for."""


for _code, _status in {
    "no_such_case": HTTPStatus.NOT_FOUND,
    "no_such_case_move": HTTPStatus.CONFLICT,
    "needs_second": HTTPStatus.FORBIDDEN,
    "not_fresh_officer": HTTPStatus.FORBIDDEN,
    "officer_tied": HTTPStatus.FORBIDDEN,
    "not_said": HTTPStatus.UNPROCESSABLE_ENTITY,
    "no_such_account": HTTPStatus.UNPROCESSABLE_ENTITY,
    "not_agreed": HTTPStatus.CONFLICT,
    "own_measure": HTTPStatus.FORBIDDEN,
}.items():
    register_status(_code, _status)


class Answered(NamedTuple):
    """What a second officer says to a proposal."""

    proposal_id: UUID
    yes: bool
    words: str


def forums(session: Session) -> Sequence[Platform]:
    """Return the forums, for a report that named none."""
    return [one for one in Platform.all_by_name(session) if one.ended is None]


def protect(vault: OpenVault, case_id: UUID, sent: Mapping[str, Any], at: Instant) -> None:
    """Protect somebody, and write into the case what was done and what our records say of the two.

    Raises `NoSuchCaseError`, `NoSuchAccountError`, `NotAgreedError`, `NotSaidError`.
    """
    what = _what(sent)
    people, calendar = _people(vault, case_id, sent)
    with transaction() as session:
        measure = _take(_work(session, at), vault.staff_id, what, people, (str(sent.get("thread", "")), calendar))
        taken = "" if measure is None else str(measure.id)
    with transaction() as session:
        at_work = CaseWork(_work(session, at), policies().desk, case_id, vault)
        if at_work.case.platform_id is None:
            at_work.case.platform_id = people.platform_id
            keep_case(at_work.work, at_work.case)
        at_work.say(What.PROTECTED, "", {"how": what.value, "measure": taken})
        if at_work.case.assigned is None:
            at_work.claim()
        _copy(at_work, people)
        members.name_people(at_work, {name: str(sent.get(name, "")) for name in ASKED})


def answer(vault: OpenVault, case_id: UUID, answered: Answered, at: Instant) -> None:
    """Answer a proposal; what it asks for is done after the answer is written down, by the second officer.

    Raises what `proposals.answer` does.
    """
    yes = answered.yes
    with transaction() as session:
        at_work = CaseWork(_work(session, at), policies().desk, case_id, vault)
        row_by = {row.id: row.by for row, _ in proposals.waiting(at_work)}
        wanted = proposals.answer(at_work, answered.proposal_id, yes=yes, words=answered.words)
        if yes and wanted.kind is Kind.CLOSE:
            at_work.close_now()
        if yes and wanted.kind is Kind.MISUSE:
            at_work.decide("misuse", wanted.words, second=True)
        if yes and wanted.kind is Kind.DELETE:
            delete_early(at_work, wanted, row_by[answered.proposal_id], policies().retention)
    if yes and wanted.kind is Kind.WIDE_BLOCK:
        _block_everywhere(vault, case_id, (row_by[answered.proposal_id], wanted), at)


def _block_everywhere(vault: OpenVault, case_id: UUID, proposed: tuple[UUID, Proposed], at: Instant) -> None:
    proposed_by, wanted = proposed
    people, _ = _people(vault, case_id, wanted.facts)
    if people.hcp_id is None:
        raise NoSuchAccountError("nobody registered this account; mark it as a professional's instead")
    with transaction() as session:
        protecting = Protecting(_work(session, at), policies().desk, vault.staff_id)
        taken = str(protecting.block_everywhere(people.hcp_id, proposed_by).id)
    with transaction() as session:
        at_work = CaseWork(_work(session, at), policies().desk, case_id, vault)
        at_work.say(What.PROTECTED, "", {"how": Kind.WIDE_BLOCK.value, "measure": taken})


def _take(work: Work, officer: UUID, what: Protection, people: People, more: tuple[str, str]) -> Measure | None:
    protecting = Protecting(work, policies().desk, officer)
    if what is Protection.PAIR:
        return protecting.block_pair(people)
    if what is Protection.EMERGENCY:
        return protecting.view_in_emergency(people, *more)
    if what is Protection.MARK:
        protecting.mark(people)
    else:
        # The professional and the verifier read this: it says no more than that somebody asked.
        protecting.recheck(people, current_app.extensions[RECHECK], "Somebody asked us to look again.")
    return None


def _copy(at_work: CaseWork, people: People) -> None:
    """Copy what our own records know; where the forum showed what was refused, count the case under that too."""
    # As it was before this very press: whether the rule was kept is asked of that.
    before = Instant(at_work.work.now - 1)
    known = known_of(at_work.work.session, at_work.work.keyring, people, conduct_in_force(), before)
    if known is None:
        return
    at_work.copied(msgspec.json.encode(known).decode(), {"sha256": known.digest})
    if known.shown_although_refused:
        at_work.also("platform_failure")


def _people(vault: OpenVault, case_id: UUID, sent: Mapping[str, Any]) -> tuple[People, str]:
    with reading() as session:
        key_of(session, house().keyring, case_id, vault)
        case = session.get_one(Case, case_id)
        platform_id = case.platform_id or _forum(session, str(sent.get("forum", "")))
        patient, hcp = (str(sent.get(name, "")).strip() for name in ("patient", "hcp"))
        known = _brought(session, case, vault)
        return find_people(session, house().keyring, platform_id, known.get(patient, patient), hcp), case.calendar


def _brought(session: Session, case: Case, vault: OpenVault) -> dict[str, str]:
    """Return the accounts that a case's reports brought along, by what officers see of them."""
    found: dict[str, str] = {}
    for one in CaseReport.of_case(session, case.id) if case.platform_id else ():
        opened = opened_with(session, key_for(session, house().keyring, one.report_id, vault))
        if opened.header.platform_id is not None:
            found |= brought(house().keyring, opened.header.platform_id, opened.body.more)
    return found


def _forum(session: Session, said: str) -> UUID:
    for one in forums(session):
        if str(one.id) == said:
            return one.id
    raise NotSaidError("say on which forum the two are")


def _what(sent: Mapping[str, Any]) -> Protection:
    try:
        return Protection(str(sent.get("what", "")))
    except ValueError:
        raise NotSaidError("pick what to do") from None


def _work(session: Session, at: Instant) -> Work:
    return Work(session, house().keyring, at)
