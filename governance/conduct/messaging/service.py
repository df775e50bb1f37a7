"""When a professional can write no more private messages, a job tells the patients of open conversations."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.messaging.models import Messaging
from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.decision.gate import passes_gate
from governance.decision.vocabulary import Action, Capacity, Instant
from governance.effective.documents import HcpDocument, hcp_of
from governance.effective.service import Register
from governance.ledger.outbox.sealing import Personal
from governance.ledger.outbox.service import enqueue
from governance.policy.current import conduct_in_force

TELL: Final = "conduct.messaging.tell"


def watch(session: Session, keyring: Keyring, hcp_id: UUID, now: Instant) -> None:
    """Note whether a professional can write private messages now; when it ends, have their patients told.

    To be called in the transaction of whatever may have changed it. Raises `BrokenRowError`.
    """
    can, row = _can(session, keyring, hcp_id, now), session.get(Messaging, hcp_id)
    if row is None:
        session.add(Messaging(hcp_id=hcp_id, can=can, at=now))
        return
    if row.can and not can:
        enqueue(session, keyring, TELL, Personal(owner_of("hcp", hcp_id), {"hcp": str(hcp_id)}), now)
    if row.can != can:
        row.can, row.at = can, now


def _can(session: Session, keyring: Keyring, hcp_id: UUID, now: Instant) -> bool:
    document: HcpDocument = Register(session, keyring, now).document("hcp", str(hcp_id))
    return passes_gate(hcp_of(document), Action.MESSAGE, Capacity.PROFESSIONAL, conduct_in_force(), now)
