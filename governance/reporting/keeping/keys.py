"""The key of one report: what is sealed to its readers, together with one of ours that an erasure destroys.

Both are needed. Who carries everything of ours away lacks the first; who kept the first, or an old backup, lacks
the second once the report was erased.
"""

import secrets
from dataclasses import dataclass, field
from typing import Final, Self
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto import envelope
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring, hkdf, length_prefixed
from governance.crypto.sealing import padded, unpadded

_KEY_BYTES: Final = 32
_KEY_ID: Final = "k1"
_SMALLEST: Final = 512


@dataclass(frozen=True, slots=True)
class ReportKey:
    """The opened key of a report, or of who made it: seals whatever belongs to it, at a place of its own."""

    report_id: UUID
    inner: bytes = field(repr=False)
    """What readers get."""
    secret: bytes = field(repr=False)
    """What seals."""

    @classmethod
    def new(cls, session: Session, keyring: Keyring, report_id: UUID) -> Self:
        """Make a new key. Raises `KeyGoneError` for a report that was erased."""
        ours = DataKeys(session, keyring).of(owner_of("report", report_id)).secret
        return cls.of(report_id, secrets.token_bytes(_KEY_BYTES), ours)

    @classmethod
    def opened(cls, session: Session, keyring: Keyring, report_id: UUID, inner: bytes) -> Self:
        """Return the key whose inner part was unsealed. Raises `KeyGoneError` for a report that was erased."""
        ours = DataKeys(session, keyring).known(owner_of("report", report_id)).secret
        return cls.of(report_id, inner, ours)

    @classmethod
    def of(cls, report_id: UUID, inner: bytes, ours: bytes) -> Self:
        """Return the key that two parts make."""
        return cls(report_id, inner, hkdf(inner, length_prefixed("report.v1", str(report_id)), salt=ours))

    def seal(self, plain: bytes, table: str, column: str, row: str) -> bytes:
        """Return a sealed field, padded in steps that double; `row` never changes while the value stands."""
        return envelope.seal(self.secret, padded(plain, _SMALLEST), *self._place(table, column, row), key_id=_KEY_ID)

    def unseal(self, sealed: bytes, table: str, column: str, row: str) -> bytes:
        """Open what `seal` made at the same place. Raises `EnvelopeError`."""
        return unpadded(envelope.unseal(self.secret, sealed, *self._place(table, column, row), key_id=_KEY_ID))

    def derive(self, *label: str) -> bytes:
        """Return a key for one purpose, such as one file that came with the report."""
        return hkdf(self.secret, length_prefixed("report.v1.for", *label))

    def _place(self, table: str, column: str, row: str) -> tuple[str, ...]:
        return (table, column, row, str(self.report_id))
