"""Three tables that a check reads: accounts, rows in force, and the fragments that rows are compiled from.

Plain compiled statements, no ORM objects: this is the path of every decision.
"""

from collections.abc import Iterable
from typing import NamedTuple, Self
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from governance.db.base import Base, instant_column


class Fragment(Base):
    """What one room says about one subject; a row in force is compiled from all its fragments."""

    __tablename__ = "effective_fragment"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject: Mapped[str] = mapped_column(String(300), primary_key=True)
    room: Mapped[str] = mapped_column(String(32), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[int] = instant_column()
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))

    @classmethod
    def of(cls, session: Session, kind: str, subject: str) -> list[Self]:
        """Return all fragments about a subject, by room."""
        query = select(cls).where(cls.kind == kind, cls.subject == subject).order_by(cls.room)
        return list(session.scalars(query))


class InForce(Base):
    """The one row a decision reads about a patient, a professional, a community or a platform."""

    __tablename__ = "effective_row"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject: Mapped[str] = mapped_column(String(300), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class GovernedAccount(Base):
    """Which patient and which professional an account belongs to, and why it is governed, if it is."""

    __tablename__ = "effective_account"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), index=True)
    patient: Mapped[str | None] = mapped_column(String(36))
    hcp: Mapped[str | None] = mapped_column(String(36))
    marks: Mapped[str] = mapped_column(String(64), default="")
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))

    @classmethod
    def of_professionals(cls, session: Session, platform_id: UUID) -> list[Self]:
        """Return the accounts of registered professionals on a platform."""
        return list(session.scalars(select(cls).where(cls.platform_id == platform_id, cls.hcp.is_not(None))))


class Found(NamedTuple):
    """One account of a page with the two rows it points to, as stored."""

    key: str
    patient: str | None
    hcp: str | None
    marks: str
    mac: bytes
    patient_version: int | None
    patient_document: bytes | None
    patient_mac: bytes | None
    hcp_version: int | None
    hcp_document: bytes | None
    hcp_mac: bytes | None


_patient_row, _hcp_row = aliased(InForce), aliased(InForce)
_PAGE = (
    select(
        GovernedAccount.key,
        GovernedAccount.patient,
        GovernedAccount.hcp,
        GovernedAccount.marks,
        GovernedAccount.mac,
        _patient_row.version,
        _patient_row.document,
        _patient_row.mac,
        _hcp_row.version,
        _hcp_row.document,
        _hcp_row.mac,
    )
    .outerjoin(_patient_row, (_patient_row.kind == "patient") & (_patient_row.subject == GovernedAccount.patient))
    .outerjoin(_hcp_row, (_hcp_row.kind == "hcp") & (_hcp_row.subject == GovernedAccount.hcp))
    .where(GovernedAccount.key.in_(bindparam("keys", expanding=True)))
)
_ROWS = select(InForce).where(
    InForce.kind == bindparam("kind"), InForce.subject.in_(bindparam("subjects", expanding=True))
)


def find_accounts(session: Session, keys: Iterable[str]) -> list[Found]:
    """Return what is known of a page's accounts, viewer and authors, by one query; unknown ones are left out."""
    return [Found(*row) for row in session.execute(_PAGE, {"keys": list(keys)})]


def find_rows(session: Session, kind: str, subjects: Iterable[str]) -> list[InForce]:
    """Return the rows in force of some subjects."""
    return list(session.scalars(_ROWS, {"kind": kind, "subjects": list(subjects)}))
