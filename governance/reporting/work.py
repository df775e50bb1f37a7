"""What every act on a report needs: a transaction, our keys, and when it is."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.db.base import Base
from governance.decision.vocabulary import Instant
from governance.ledger.rows import keep
from governance.ledger.service import append, pseudonym

DAY = 24 * 3600 * 1_000_000


class Work(NamedTuple):
    """One transaction in which something is done to reports."""

    session: Session
    keyring: Keyring
    now: Instant

    @property
    def today(self) -> int:
        """Return the beginning of the day, in UTC: what is stored in the clear says no more."""
        return self.now - self.now % DAY

    def keep(self, row: Base, report_id: UUID) -> None:
        """Write a row about a report; a restored database has it again, unless the report was erased."""
        keep(self.session, self.keyring, row, of=owner_of("report", report_id))

    def note(self, report_id: UUID, did: str, by: UUID | None, to: UUID | None = None) -> None:
        """Write down in the ledger what was done to a report, by pseudonyms alone."""
        facts: dict[str, str | int] = {"did": did, "report": pseudonym(self.keyring, "report", str(report_id))}
        for name, staff_id in (("by", by), ("to", to)):
            if staff_id is not None:
                facts[name] = pseudonym(self.keyring, "staff", str(staff_id))
        append(self.session, self.keyring, self.now, "report", facts)
