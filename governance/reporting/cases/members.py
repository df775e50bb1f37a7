"""Who works on a case: assigned to somebody, merged with another case, handed outside where it is about one of us."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from governance.crypto.data_keys import owner_of
from governance.ledger.rows import keep
from governance.reporting.cases import ties
from governance.reporting.cases.errors import NotSaidError, TiedError
from governance.reporting.cases.events import Event, What
from governance.reporting.cases.models import CaseMember, CaseReport, Tie
from governance.reporting.cases.opening import keep_case, let_in
from governance.reporting.cases.service import CaseWork
from governance.reporting.cases.states import OVER, State
from governance.reporting.cases.ties import TieKind
from governance.reporting.keeping.drafts import Draft
from governance.reporting.keeping.service import key_for, opened_with, readers, reseal
from governance.reporting.vaults.duty import Reader, officers

_RECUSED: Final = "recused"
PEOPLE: Final = ("patient", "hcp", "thread", "name", "organisation")
"""What officers write down of whom a case is about: accounts and a thread as the forum knows them, a name, a place."""
_REOPENED_BY_RETALIATION: Final = frozenset({State.DECIDED, State.REMEDIED, State.CLOSED, State.WITHDRAWN})


def people_of(history: tuple[Event, ...]) -> dict[str, str]:
    """Return whom a case is about, as it was written down last."""
    for event in reversed(history):
        if event.what is What.PEOPLE:
            return dict(event.facts)
    return {}


def name_people(case: CaseWork, people: Mapping[str, str]) -> list[UUID]:
    """Write down whom a case is about, and put everybody out who is tied to them; return who that was.

    It may be the officer at work: then the case is closed to them with the end of this transaction.
    """
    said = {name: people.get(name, "").strip() for name in PEOPLE}
    case.say(What.PEOPLE, "", said)
    return ties.keep_out(case.work, case.case, _tied(case, said))


def assign(case: CaseWork, to: UUID) -> None:
    """Let another officer in and give the case to them. Raises `TiedError`, `NotSaidError`."""
    reader = _reader(case, to)
    member = case.work.session.get(CaseMember, (case.case.id, to))
    was_out = member is not None and member.ended == _RECUSED
    if was_out or to in _tied(case, people_of(case.history())):
        raise TiedError("this officer must have no part in this case; pick another one")
    _let_in(case, reader)
    case.case.assigned = to
    keep_case(case.work, case.case)
    case.say(What.ASSIGNED, "", {"officer": str(to)})


def merge(case: CaseWork, into: CaseWork, reason: str) -> None:
    """Go on with a case's reports in another one. Who is out of either is out of both.

    A report of retaliation takes the older case up again, however long it was closed.
    """
    if case.case.id == into.case.id or State(into.case.state) is State.MERGED:
        raise NotSaidError("pick another case, one that was not merged itself")
    if None not in (forums := {case.case.platform_id, into.case.platform_id}) and len(forums) > 1:
        # Whoever reads about one forum need not be trusted with another one.
        raise NotSaidError("pick a case of the same forum")
    if case.case.kind == "retaliation" and State(into.case.state) in _REOPENED_BY_RETALIATION:
        into.reopen(reason)
    elif State(into.case.state) in OVER:
        raise NotSaidError("the other case is over; reopen it first")
    _join_members(case, into)
    for one in CaseReport.of_case(case.work.session, case.case.id):
        one.case_id = into.case.id
        keep(case.work.session, case.work.keyring, one, of=owner_of("case", into.case.id))
    into.case.severity = max(into.case.severity, case.case.severity)
    into.case.minor, into.case.danger_now = (
        into.case.minor or case.case.minor,
        into.case.danger_now or case.case.danger_now,
    )
    keep_case(into.work, into.case)
    into.also(case.case.kind)
    into.say(What.MERGED, reason, {"from": str(case.case.id)})
    case.merged(reason, into.case.id)


def hand_outside(case: CaseWork, about: frozenset[UUID], reason: str, contact: str) -> list[UUID]:
    """Put out the officers whom a case is about, at once, and write down that somebody outside looks at it."""
    if case.officer in about:
        raise TiedError("you cannot hand over a case about yourself; say that you must have no part in it")
    case.say(What.PASSED_OUTSIDE, reason, {"contact": contact})
    return ties.keep_out(case.work, case.case, about)


def recuse(case: CaseWork, reason: str) -> None:
    """Leave a case for good, by one's own word."""
    case.say(What.NOTE, reason)
    ties.keep_out(case.work, case.case, {case.officer})


def leave_if_tied(case: CaseWork) -> None:
    """Put the officer at work out of a case if they are tied to somebody in it, by what they declared since, too."""
    work, officer = case.work, case.officer
    if not Tie.of_officer(work.session, officer):
        return
    tied = set(_tied(case, people_of(case.history())))
    for one in CaseReport.of_case(work.session, case.case.id):
        opened = opened_with(work.session, key_for(work.session, work.keyring, one.report_id, case.vault))
        tied |= ties.tied_to_draft(work, Draft(header=opened.header, body=opened.body))
    if officer in tied:
        ties.keep_out(work, case.case, {officer})


def candidates(case: CaseWork) -> list[UUID]:
    """Return to whom the case could be given: officers of its forum with a vault, but those who must have no part."""
    tied = _tied(case, people_of(case.history()))
    out = {row.officer_id for row in CaseMember.of_case(case.work.session, case.case.id) if row.ended == _RECUSED}
    found = officers(case.work.session, case.case.platform_id)
    return [one.staff_id for one in found if one.staff_id not in tied | out]


def _tied(case: CaseWork, people: Mapping[str, str]) -> frozenset[UUID]:
    accounts = [(TieKind.ACCOUNT, people.get(name, "")) for name in ("patient", "hcp")]
    named = [(TieKind.PERSON, people.get("name", "")), (TieKind.ORGANISATION, people.get("organisation", ""))]
    platform = case.case.platform_id
    return ties.tied_to(case.work, [*(accounts if platform else []), *named], platform)


def _reader(case: CaseWork, officer_id: UUID) -> Reader:
    for one in officers(case.work.session, case.case.platform_id):
        if one.staff_id == officer_id:
            return one
    raise NotSaidError("pick an officer of this forum who has a vault")


def _let_in(case: CaseWork, reader: Reader) -> None:
    let_in(case.work, case.case, reader.staff_id, case.key.key)
    for one in CaseReport.of_case(case.work.session, case.case.id):
        if reader.staff_id not in readers(case.work.session, one.report_id):
            reseal(case.work, one.report_id, case.vault, reader)


def _join_members(case: CaseWork, into: CaseWork) -> None:
    session = case.work.session
    rows = [*CaseMember.of_case(session, case.case.id), *CaseMember.of_case(session, into.case.id)]
    out = {row.officer_id for row in rows if row.ended == _RECUSED}
    for one in (case, into):
        ties.keep_out(one.work, one.case, out)
    acted = {row.officer_id for row in rows if row.acted}
    serving = {row.officer_id for row in rows if row.ended is None} - out
    readers_here = {one.staff_id: one for one in officers(session, into.case.platform_id)}
    for officer_id in sorted(serving & readers_here.keys()):
        _let_in(case, readers_here[officer_id])
        _let_in(into, readers_here[officer_id])
    for row in CaseMember.of_case(session, into.case.id):
        # What they did to either they did to what is one case now: somebody else answers an appeal.
        row.acted = row.acted or row.officer_id in acted
        keep(session, into.work.keyring, row, of=owner_of("case", into.case.id))
