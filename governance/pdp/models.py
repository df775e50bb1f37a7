"""What the counter keeps of calls that a forum may repeat, and which accounts of a forum are governed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.models import GovernedAccount
from governance.identity.models import Account


class KeptAnswer(Base):
    """The answer to a call with an `Idempotency-Key`, so that the same call once more changes nothing."""

    __tablename__ = "kept_answer"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the platform, the route and the key it sent; keyed, as is the fingerprint of what was asked."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)

    @classmethod
    def forget_expired(cls, session: Session, now: Instant) -> None:
        """Delete every answer whose time is over."""
        session.execute(delete(cls).where(cls.expires <= now))


def governed_accounts(
    session: Session, platform_id: UUID, after: AccountKey, most: int
) -> Sequence[tuple[GovernedAccount, Account | None]]:
    """Return the accounts of a platform that are governed, with their names sealed; by key, after that one."""
    query = (
        select(GovernedAccount, Account)
        .outerjoin(Account, Account.key == GovernedAccount.key)
        .where(GovernedAccount.platform_id == platform_id, GovernedAccount.key > after, GovernedAccount.marks != "")
        .order_by(GovernedAccount.key)
        .limit(most)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def patients_on(session: Session, platform_id: UUID, after: str, most: int) -> Sequence[tuple[str, str]]:
    """Return accounts of a platform that are a patient's, with whose, by key, after that one."""
    query = select(GovernedAccount.key, GovernedAccount.patient).where(
        GovernedAccount.platform_id == platform_id, GovernedAccount.key > after, GovernedAccount.patient.is_not(None)
    )
    rows = session.execute(query.order_by(GovernedAccount.key).limit(most))
    return [(key, patient) for key, patient in rows if patient is not None]


def count_governed(session: Session, platform_id: UUID) -> int:
    """Return how many accounts of a platform are governed."""
    marked = (GovernedAccount.platform_id == platform_id) & (GovernedAccount.marks != "")
    return session.scalar(select(func.count()).where(marked)) or 0


def has_patients(session: Session, platform_id: UUID) -> bool:
    """Say whether any account of a platform is a patient's: from then on somebody relies on what they chose."""
    query = select(GovernedAccount.key).where(
        GovernedAccount.platform_id == platform_id, GovernedAccount.patient.is_not(None)
    )
    return session.scalar(query.limit(1)) is not None
