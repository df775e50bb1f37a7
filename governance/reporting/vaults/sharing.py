"""Handing over: what somebody can read is sealed to colleagues, before they leave or where too few could read it."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.reporting.keeping import seals
from governance.reporting.keeping.models import IDENTITY, TEXT, Report, ReportSeal
from governance.reporting.keeping.seals import For
from governance.reporting.keeping.service import readers, reseal
from governance.reporting.vaults.duty import FEWEST, Reader, custodians, living, officers
from governance.reporting.vaults.keys import OpenVault
from governance.reporting.work import Work

Recused = Callable[[Session, UUID], frozenset[UUID]]
"""Says who must not read a report. It is asked for every report before it is sealed to anybody."""
RECUSED: Final = "governance.reporting.recused"
"""Under this name the app keeps it."""


LetIn = Callable[[Work, UUID, OpenVault, Reader], None]
"""Lets somebody who reads a report now into its case as well, by the key of whoever hands it over."""
LET_IN: Final = "governance.reporting.let_in"
"""Under this name the app keeps it."""


def no_case(_work: Work, _report_id: UUID, _vault: OpenVault, _to: Reader) -> None:
    """Let nobody in, where there are no cases."""


def nobody_recused(_session: Session, _report_id: UUID) -> frozenset[UUID]:
    """Say that nobody has declared anything."""
    return frozenset()


def thin(session: Session) -> dict[UUID, int]:
    """Return the reports that fewer than two people can read who work here, with how many can."""
    read_by = ReportSeal.opening(session, TEXT, {str(one) for one in living(session)})
    return {
        report_id: read_by.get(report_id, 0) for report_id in Report.ids(session) if read_by.get(report_id, 0) < FEWEST
    }


def held(session: Session, staff_id: UUID) -> list[UUID]:
    """Return the reports that a member can read."""
    rows = ReportSeal.to_staff(session, staff_id)
    return [row.report_id for row in rows if row.opens == TEXT and row.kind == For.OFFICER]


def hand_over(work: Work, vault: OpenVault, to: Reader, recused: Recused, let_in: LetIn = no_case) -> int:
    """Seal everything that one officer can read to another one; return how many reports that made readable to them."""
    many = 0
    for report_id in held(work.session, vault.staff_id):
        if to.staff_id in recused(work.session, report_id):
            continue
        if to.staff_id not in readers(work.session, report_id):
            reseal(work, report_id, vault, to)
            many += 1
        let_in(work, report_id, vault, to)
    return many


def top_up(work: Work, vault: OpenVault, recused: Recused, let_in: LetIn = no_case) -> int:
    """Seal what too few can read to everybody on duty for its forum; return how many reports are still too few."""
    left = 0
    too_few = thin(work.session)
    for report_id in held(work.session, vault.staff_id):
        if report_id in too_few:
            left += not _shared(work, report_id, vault, (recused, let_in))
    return left


def share_names(work: Work, vault: OpenVault, recused: Recused) -> int:
    """Seal the names that a custodian can open to all other custodians; return how many seals that made."""
    many = 0
    for row in ReportSeal.to_staff(work.session, vault.staff_id):
        if row.opens != IDENTITY or row.kind != For.CUSTODIAN:
            continue
        place = (row.report_id, IDENTITY, For.CUSTODIAN, row.recipient)
        there = {one.recipient for one in ReportSeal.recipients(work.session, row.report_id, IDENTITY)}
        not_they = {str(one) for one in recused(work.session, row.report_id)} | there
        for one in custodians(work.session):
            if str(one.staff_id) not in not_they:
                inner = seals.take(work.session, place, vault.key.private)
                seals.give(work, (*place[:3], str(one.staff_id)), one.public, inner)
                work.note(row.report_id, "identity_resealed", vault.staff_id, one.staff_id)
                many += 1
    return many


def _shared(work: Work, report_id: UUID, vault: OpenVault, hands: tuple[Recused, LetIn]) -> bool:
    recused, let_in = hands
    row = work.session.get_one(Report, report_id)
    not_they = recused(work.session, report_id) | readers(work.session, report_id)
    others = [one for one in officers(work.session, row.platform_id) if one.staff_id not in not_they]
    for one in others:
        reseal(work, report_id, vault, one)
        let_in(work, report_id, vault, one)
    return bool(others)
