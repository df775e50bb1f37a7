"""Erasing a patient from what is in force: what was chosen goes, what was refused goes on refusing."""

from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import AccountKey, Action, Effect, Instant
from governance.effective.documents import Line, PatientDocument, Stone
from governance.effective.models import GovernedAccount
from governance.effective.service import Register
from governance.identity.models import Account
from governance.ledger.personal import KeyGone
from governance.ledger.service import journal

ROOM: Final = "erasure"
"""Whoever finds it in the journal knows that a patient was erased."""


def erase(session: Session, keyring: Keyring, patient_id: UUID, now: Instant, *, final_at: Instant) -> None:
    """Leave nothing about a patient but a tombstone: the hold, and whom they refused by name, as digests.

    Words from before `final_at` refuse for ever. The keys of the patient and of their accounts are destroyed, so
    that nothing sealed about them opens any more, in no backup either once its epoch's key is gone.
    """
    register = Register(session, keyring, now)
    document: PatientDocument = register.document("patient", str(patient_id))
    _restart(register, patient_id, _tombstone(document, final_at))
    _destroy_keys(session, keyring, patient_id)


def erase_again(session: Session, keyring: Keyring, patient_id: UUID, stone: dict[str, Any], now: Instant) -> None:
    """Repeat an erasure over a restored database that still has the patient; `stone` is what it left then."""
    _restart(Register(session, keyring, now), patient_id, stone)
    _destroy_keys(session, keyring, patient_id)


def _restart(register: Register, patient_id: UUID, stone: dict[str, Any]) -> None:
    register.restart("patient", str(patient_id), {ROOM: stone, "patients": {"record": False}})


def _destroy_keys(session: Session, keyring: Keyring, patient_id: UUID) -> None:
    keys = DataKeys(session, keyring)
    for bound in GovernedAccount.of_patient(session, str(patient_id)):
        account = Account.of_key(session, AccountKey(bound.key))
        # Who is registered here as a professional too goes on being so, under the same account.
        if account is not None and bound.hcp is None:
            owner = owner_of("account", account.id)
            keys.destroy(owner)
            # What the journal holds of the account opens no more; who reads it must know that nothing is missing.
            journal(session, keyring, msgspec.json.encode(KeyGone(owner)))
    keys.destroy(f"patient:{patient_id}")


def _tombstone(document: PatientDocument, final_at: Instant) -> dict[str, Any]:
    earlier = document.erased or Stone(final_at, hold=False, refusals=())
    by_name = [line for line in document.lines if line.effect is Effect.REFUSE and line.who is WhoKind.NAMED]
    blocked = [_blocked(index, *block) for index, block in enumerate(document.blocks)]
    stone = Stone(
        final_at=max(final_at, earlier.final_at),
        hold=document.hold or earlier.hold,
        refusals=(*earlier.refusals, *by_name, *blocked),
    )
    return {"erased": stone}


def _blocked(index: int, account: str, start: int, end: int) -> Line:
    """Return a pair block as the refusal by name that outlives the record."""
    return Line(
        id=f"block:{index}",
        effect=Effect.REFUSE,
        who=WhoKind.NAMED,
        name=account,
        actions=frozenset(Action),
        when=(start, end),
    )
