"""What a professional holds, proved and was told, and where they work: as pages show it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.due.models import HcpNotice
from governance.conduct.held import live
from governance.conduct.models import HcpRecord, HeldRegistration, SaidRegistration
from governance.conduct.proofs.models import ControlProof
from governance.conduct.proofs.service import detail_of, is_awaited
from governance.conduct.service import opened
from governance.conduct.work.service import Workplace, workplaces
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Assurance, Instant, Status


@dataclass(frozen=True, slots=True)
class Registration:
    """One registration that somebody said or holds."""

    said_id: UUID
    register: str
    number: str
    professions: tuple[str, ...]
    waits: bool
    held: HeldRegistration | None

    @property
    def status(self) -> Status:
        """What the register says."""
        return Status(self.held.status) if self.held else Status.UNKNOWN

    @property
    def assurance(self) -> Assurance:
        """How sure it is that it is theirs."""
        return Assurance(self.held.assurance) if self.held else Assurance.A0


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof of control, opened."""

    kind: str
    begun: Instant
    proven: Instant | None
    detail: str


@dataclass(frozen=True, slots=True)
class More:
    """All of it. `warnings`: of looks that still end then, or ended."""

    profession: str
    registrations: tuple[Registration, ...]
    proofs: tuple[Proof, ...]
    code_awaited: bool
    workplaces: tuple[Workplace, ...]
    warnings: tuple[HcpNotice, ...]
    ended: bool

    @property
    def is_proven(self) -> bool:
        """Whether every registration was proven to be theirs, so that nothing is left to prove."""
        return bool(self.registrations) and all(one.assurance >= Assurance.A4 for one in self.registrations)


def more_of(session: Session, keyring: Keyring, hcp_id: UUID, now: Instant) -> More:
    """Return all of it about one professional."""
    record = session.get_one(HcpRecord, hcp_id)
    held = live(session, hcp_id)
    ends = {row.checked_until for row in held}
    warnings = [one for one in HcpNotice.of_hcp(session, hcp_id) if one.about in ends]
    return More(
        profession=record.profession,
        registrations=tuple(_registrations(session, keyring, hcp_id, held)),
        proofs=tuple(_proofs(session, keyring, hcp_id)),
        code_awaited=is_awaited(session, hcp_id, now),
        workplaces=tuple(workplaces(session, keyring, hcp_id, now)),
        warnings=tuple({one.about: one for one in reversed(warnings)}.values()),
        ended=record.ended is not None,
    )


def _registrations(
    session: Session, keyring: Keyring, hcp_id: UUID, held: list[HeldRegistration]
) -> list[Registration]:
    by_number = {row.number_digest: row for row in held}
    found: dict[str, Registration] = {}
    # Those too of which something else was said since: what stands there binds on.
    older = [session.get_one(SaidRegistration, row.said_id) for row in held]
    for said in [*SaidRegistration.current(session, hcp_id), *older]:
        row = by_number.get(said.number_digest)
        if said.number_digest in found or (row is None and said.looked is not None):
            continue
        professions = tuple(row.professions.split()) if row else (said.profession,)
        number = opened(session, keyring, said).number
        waits = said.looked is None
        found[said.number_digest] = Registration(said.id, said.register, number, professions, waits, row)
    return list(found.values())


def _proofs(session: Session, keyring: Keyring, hcp_id: UUID) -> list[Proof]:
    return [
        Proof(
            one.kind,
            Instant(one.begun),
            None if one.proven is None else Instant(one.proven),
            detail_of(session, keyring, one),
        )
        for one in ControlProof.of_hcp(session, hcp_id)
    ]
