"""What is sealed to a case: everybody can add to it, its members alone can read it, and an erasure destroys it.

Each text is sealed to the case's public key, and once more by a key of ours: who carries all of ours away lacks the
first, who kept the first lacks the second once the case was erased. A member has the case's private key, sealed to
their vault.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.crypto.sealing import SealBroken, SealingKey, bound_to, seal, unseal
from governance.reporting.cases.errors import NoSuchCaseError
from governance.reporting.cases.models import Case, CaseMember
from governance.reporting.vaults.keys import OpenVault
from governance.reporting.work import Work

_MEMBER: Final = "case_member"
_COLUMN: Final = "sealed"


@dataclass(frozen=True, slots=True)
class CaseKey:
    """The opened key of one case."""

    case_id: UUID
    key: SealingKey = field(repr=False)


def sealed_to(work: Work, case: Case, plain: bytes, table: str, row: str) -> bytes:
    """Return a text sealed to a case, at a place of its own."""
    inner = seal(case.public, plain, bound_to(table, str(case.id), row))
    return _ours(work, case.id, inner, table, row)


def opened(session: Session, keyring: Keyring, key: CaseKey, sealed: bytes, place: tuple[str, str]) -> bytes:
    """Return what was sealed to a case at a table and row. Raises `SealBroken`, `EnvelopeError`, `KeyGoneError`."""
    table, row = place
    ours = DataKeys(session, keyring).known(owner_of("case", key.case_id))
    inner = ours.unseal(sealed, table, _COLUMN, f"{key.case_id}/{row}")
    return unseal(key.key.private, inner, bound_to(table, str(key.case_id), row))


def key_to(work: Work, case_id: UUID, officer_id: UUID, public: bytes, key: SealingKey) -> bytes:
    """Return a case's key as it is sealed to a member."""
    row = str(officer_id)
    return _ours(work, case_id, seal(public, key.private, bound_to(_MEMBER, str(case_id), row)), _MEMBER, row)


def key_of(session: Session, keyring: Keyring, case_id: UUID, vault: OpenVault) -> CaseKey:
    """Return the key of a case for a member whose vault is open. Raises `NoSuchCaseError`."""
    row = session.get(CaseMember, (case_id, vault.staff_id))
    if row is None or row.ended is not None:
        raise NoSuchCaseError
    place = str(vault.staff_id)
    try:
        ours = DataKeys(session, keyring).known(owner_of("case", case_id))
        inner = ours.unseal(row.sealed_key, _MEMBER, _COLUMN, f"{case_id}/{place}")
        private = unseal(vault.key.private, inner, bound_to(_MEMBER, str(case_id), place))
    except (EnvelopeError, KeyGoneError, SealBroken):
        # Such as after the member lost their vault and made a new one: another member lets them in again.
        raise NoSuchCaseError from None
    return CaseKey(case_id, SealingKey.from_private(private))


def _ours(work: Work, case_id: UUID, inner: bytes, table: str, row: str) -> bytes:
    own = DataKeys(work.session, work.keyring).of(owner_of("case", case_id))
    return own.seal(inner, table, _COLUMN, f"{case_id}/{row}")
