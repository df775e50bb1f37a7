"""Filing a report with its pictures, once. No HTTP, no clock."""

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.policy.current import policies
from governance.reporting.cases.opening import open_case
from governance.reporting.cases.ties import keep_out, tied_to_draft
from governance.reporting.evidence import service as evidence
from governance.reporting.evidence.service import Picture
from governance.reporting.filing.once import filed_once
from governance.reporting.filing.receipt import proof_of_filing
from governance.reporting.keeping.brought import SEALED
from governance.reporting.keeping.drafts import Draft
from governance.reporting.keeping.models import Report
from governance.reporting.keeping.service import file_report
from governance.reporting.vaults.duty import duty_group
from governance.reporting.work import Work


@dataclass(frozen=True, slots=True)
class Handed:
    """A report as it is handed in, with the sender's own key, by which it is filed once."""

    draft: Draft = field(repr=False)
    key: str = field(repr=False)
    pictures: tuple[Picture, ...] = field(default=(), repr=False)
    whose: str = ""
    """Whose keys are apart from all others: a platform's."""


class Told(NamedTuple):
    """What the sender is told, once: the code, and the proof that it came in."""

    code: str
    proof: str

    def __repr__(self) -> str:
        """Show no code."""
        return "Told(...)"


def hand_in(work: Work, handed: Handed, issuer: str) -> Told:
    """File a report, or tell again what was told when it was filed.

    Raises `DutyClosedError`, `CustodyClosedError`, `SentBeforeError`, `BadInputError`.
    """

    def act() -> dict[str, str]:
        tied = tied_to_draft(work, handed.draft)
        group = duty_group(work.session, handed.draft.header.platform_id, work.now, without=tied)
        filed = file_report(work, handed.draft, group)
        evidence.attach(work, filed.key, handed.pictures)
        case = open_case(work, policies().desk, work.session.get_one(Report, filed.report_id))
        # Nothing is sealed to them now; from then on nobody hands it over to them either.
        keep_out(work, case, tied)
        proof = proof_of_filing(work.keyring, issuer, handed.draft, work.now)
        return Told(filed.code, proof)._asdict()

    asked = _said(handed.draft)
    return Told(**filed_once(work, (handed.whose, handed.key), asked, act))


def is_open(session: Session, platform_id: UUID | None, now: Instant) -> None:
    """Say nothing if reports are taken now. Raises `DutyClosedError`, which names somebody outside."""
    duty_group(session, platform_id, now)


def _said(draft: Draft) -> bytes:
    header = draft.header
    body = msgspec.structs.replace(draft.body, more={k: v for k, v in draft.body.more.items() if k != SEALED})
    said = (header.kind, header.danger_now, header.minor, str(header.platform_id), body, draft.identity)
    return msgspec.json.encode(said)
