"""The tables that a check reads, and the history behind them: accounts, rows in force, fragments, revisions.

Plain compiled statements, no ORM objects: this is the path of every decision.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, Self
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, LargeBinary, String, Uuid, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from governance.db.base import Base, id_column, instant_column
from governance.decision.vocabulary import AccountKey
from governance.effective.macs import Binding, Said

_ANY_VERSION: Final = 2**31 - 1
_ANY_INSTANT: Final = 2**62


class Fragment(Base):
    """What one room said about one subject, from one version of its row on. Kept for ever, only superseded."""

    __tablename__ = "effective_fragment"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject: Mapped[str] = mapped_column(String(300), primary_key=True)
    room: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Of the row that was compiled when this was said."""
    document: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[int] = instant_column()
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))

    @classmethod
    def of(cls, session: Session, kind: str, subject: str, upto: int = _ANY_VERSION) -> list[Self]:
        """Return what every room said last about a subject, as of a version of its row; by room."""
        other = aliased(cls)
        # Looked up for each, in the key: by a join with the newest, everything may be compared with everything.
        newest = (
            select(func.max(other.version))
            .where(other.kind == kind, other.subject == subject, other.room == cls.room, other.version <= upto)
            .correlate(cls)
            .scalar_subquery()
        )
        query = select(cls).where(cls.kind == kind, cls.subject == subject, cls.version == newest).order_by(cls.room)
        return list(session.scalars(query))

    @classmethod
    def ever_about(cls, session: Session, kind: str, subjects: Iterable[str]) -> list[Self]:
        """Return all that was ever said about some subjects and not erased, the oldest first."""
        query = select(cls).where(cls.kind == kind, cls.subject.in_(list(subjects)))
        return list(session.scalars(query.order_by(cls.subject, cls.version, cls.room)))

    @classmethod
    def holds(cls, session: Session, said: Said, document: bytes) -> bool:
        """Say whether exactly this was said."""
        found = session.get(cls, said[:4])
        return found is not None and (found.at, found.document) == (said.at, document)

    @classmethod
    def forget(cls, session: Session, kind: str, subject: str) -> None:
        """Delete everything that was ever said about a subject."""
        session.execute(delete(cls).where(cls.kind == kind, cls.subject == subject))


class InForce(Base):
    """The one row a decision reads about a patient, a professional, a community or a platform."""

    __tablename__ = "effective_row"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject: Mapped[str] = mapped_column(String(300), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))

    @classmethod
    def subjects(cls, session: Session, kind: str) -> list[str]:
        """Return everybody of a kind of whom anything was ever said."""
        return list(session.scalars(select(cls.subject).where(cls.kind == kind).order_by(cls.subject)))

    @classmethod
    def communities_of(cls, session: Session, platform_id: UUID) -> list[str]:
        """Return the digests of a platform's registered communities."""
        prefix = f"{platform_id}/"
        query = select(cls.subject).where(cls.kind == "community", cls.subject.startswith(prefix, autoescape=True))
        return [subject.removeprefix(prefix) for subject in session.scalars(query)]


class GovernedAccount(Base):
    """Which patient and which professional an account belongs to, and why it is governed, if it is."""

    __tablename__ = "effective_account"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    patient: Mapped[str | None] = mapped_column(String(36), index=True)
    hcp: Mapped[str | None] = mapped_column(String(36), index=True)
    marks: Mapped[str] = mapped_column(String(64), default="")
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))

    @classmethod
    def platforms_of(cls, session: Session, kind: str, subject: str) -> list[UUID]:
        """Return the platforms where a patient or professional has an account."""
        whose = cls.patient if kind == "patient" else cls.hcp
        query = select(cls.platform_id).where(whose == subject).distinct().order_by(cls.platform_id)
        return list(session.scalars(query))

    @classmethod
    def keys_of_patient(cls, session: Session, patient: str) -> list[AccountKey]:
        """Return every account of a patient, on all platforms."""
        return [AccountKey(key) for key in session.scalars(select(cls.key).where(cls.patient == patient))]

    @classmethod
    def of_patient(cls, session: Session, patient: str) -> list[Self]:
        """Return every account of a patient, on all platforms."""
        return list(session.scalars(select(cls).where(cls.patient == patient).order_by(cls.key)))

    @classmethod
    def of_professionals(cls, session: Session, platform_id: UUID) -> list[Self]:
        """Return the accounts of registered professionals on a platform."""
        return list(session.scalars(select(cls).where(cls.platform_id == platform_id, cls.hcp.is_not(None))))


class AccountVersion(Base):
    """An account's binding as it once was."""

    __tablename__ = "effective_account_version"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"))
    patient: Mapped[str | None] = mapped_column(String(36))
    hcp: Mapped[str | None] = mapped_column(String(36))
    marks: Mapped[str] = mapped_column(String(64))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))

    @classmethod
    def holds(cls, session: Session, binding: Binding) -> bool:
        """Say whether an account was ever bound in exactly this way, at this version."""
        found = session.get(cls, (binding.key, binding.version))
        bound = None if found is None else (found.patient, found.hcp, found.marks)
        return bound == (binding.patient, binding.hcp, binding.marks)

    @classmethod
    def with_times(cls, session: Session, platform_id: UUID, keys: Iterable[str]) -> list[tuple[Self, int]]:
        """Return every binding that accounts of a platform ever had and when it came into force, oldest first."""
        change = PlatformChange
        same = (change.kind == "account") & (change.subject == cls.key) & (change.version == cls.version)
        query = select(cls, change.at).join(change, same & (change.platform_id == cls.platform_id))
        ours = query.where(cls.platform_id == platform_id, cls.key.in_(list(keys)))
        return [(account, at) for account, at in session.execute(ours.order_by(change.revision))]


class PlatformChange(Base):
    """One change that a platform's decisions can feel, under the platform's own dense number.

    A number for all platforms together would let two forums find out that they share a member.
    """

    __tablename__ = "platform_change"

    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    """A kind of row, or `account`."""
    subject: Mapped[str] = mapped_column(String(300))
    version: Mapped[int] = mapped_column(Integer)
    at: Mapped[int] = instant_column()

    __table_args__ = (Index(None, "platform_id", "kind", "subject", "revision"),)

    @classmethod
    def newest(cls, session: Session, platform_id: UUID, upto: int = _ANY_INSTANT) -> Self | None:
        """Return a platform's last change, as of an instant if one is given; None before anything happened."""
        query = select(cls).where(cls.platform_id == platform_id, cls.at <= upto)
        return session.scalars(query.order_by(cls.revision.desc()).limit(1)).one_or_none()

    @classmethod
    def ever_about(cls, session: Session, platform_id: UUID, kind: str, subjects: Iterable[str]) -> list[Self]:
        """Return every change of some subjects that a platform's decisions felt, the oldest first."""
        query = select(cls).where(cls.platform_id == platform_id, cls.kind == kind, cls.subject.in_(list(subjects)))
        return list(session.scalars(query.order_by(cls.subject, cls.revision)))

    @classmethod
    def versions(
        cls, session: Session, platform_id: UUID, kind: str, subjects: Iterable[str], revision: int
    ) -> dict[str, int]:
        """Return the versions of subjects that a platform's decisions saw at a revision."""
        seen = (cls.platform_id == platform_id) & (cls.kind == kind) & (cls.revision <= revision)
        query = select(cls.subject, func.max(cls.version).label("version")).where(seen, cls.subject.in_(list(subjects)))
        return {row.subject: row.version for row in session.execute(query.group_by(cls.subject))}


class Measure(Base):
    """What an officer did, with the entry in force that it stands for; digests only, and never deleted."""

    __tablename__ = "measure"

    id: Mapped[UUID] = id_column()
    kind: Mapped[str] = mapped_column(String(32))
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(36), index=True)
    about: Mapped[list[str]] = mapped_column(JSON)
    """Whom or what besides the subject: the entry in force without its begin and end, or that a restore took it."""
    since: Mapped[int] = instant_column()
    until: Mapped[int] = instant_column()

    @classmethod
    def standing(cls, session: Session, now: int) -> list[Self]:
        """Return all that have not ended, oldest first."""
        return list(session.scalars(select(cls).where(cls.until > now).order_by(cls.since, cls.id)))

    @classmethod
    def pairs_ending(cls, session: Session, before: int) -> list[Self]:
        """Return the blocks of one patient and one account that ended or end before an instant, oldest first."""
        query = select(cls).where(cls.kind == "pair_block", cls.until <= before)
        return list(session.scalars(query.order_by(cls.until, cls.id)))

    @classmethod
    def about_subject(cls, session: Session, subject: str) -> list[Self]:
        """Return all that were ever taken about a subject."""
        return list(session.scalars(select(cls).where(cls.subject == subject)))


class Found(NamedTuple):
    """One account of a page with the two rows it points to, as stored."""

    key: str
    version: int
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


class Place(NamedTuple):
    """The row of a platform or of one of its communities, as stored."""

    kind: Literal["community", "platform"]
    subject: str
    version: int
    document: bytes
    mac: bytes


_patient_row, _hcp_row = aliased(InForce), aliased(InForce)
_PAGE = (
    select(
        GovernedAccount.key,
        GovernedAccount.version,
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
_PLACES = select(InForce.kind, InForce.subject, InForce.version, InForce.document, InForce.mac).where(
    ((InForce.kind == "platform") & (InForce.subject == bindparam("platform")))
    | ((InForce.kind == "community") & InForce.subject.in_(bindparam("communities", expanding=True)))
)


_REVISION = select(func.max(PlatformChange.revision)).where(
    PlatformChange.platform_id == bindparam("platform_id", type_=Uuid())
)


def find_revision(session: Session, platform_id: UUID) -> int:
    """Return a platform's revision, 0 before anything happened."""
    return session.scalar(_REVISION, {"platform_id": platform_id}) or 0


def find_accounts(session: Session, keys: Iterable[str]) -> list[Found]:
    """Return what is known of a page's accounts, viewer and authors, by one query; unknown ones are left out."""
    return [Found._make(row) for row in session.execute(_PAGE, {"keys": list(keys)})]


def find_places(session: Session, platform: str, communities: Iterable[str]) -> list[Place]:
    """Return the rows in force of a platform and of some communities, by one query."""
    rows = session.execute(_PLACES, {"platform": platform, "communities": list(communities)})
    return [Place._make(row) for row in rows]
