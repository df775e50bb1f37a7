"""The table of what was sent, for a day: a report that is sent twice is filed once."""

from sqlalchemy import LargeBinary, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column


class FiledCall(Base):
    """One sending. Its answer holds the receipt code, so it opens with the sender's own key alone, not with ours."""

    __tablename__ = "report_call"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    sealed_answer: Mapped[bytes] = mapped_column(LargeBinary)
    ends: Mapped[int] = instant_column()
    """To the day."""

    @classmethod
    def forget_ended(cls, session: Session, now: int) -> None:
        """Delete what nobody sends again any more."""
        session.execute(delete(cls).where(cls.ends <= now))
