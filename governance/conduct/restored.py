"""After a restore: the list of professionals says what is in force; who lost something by it waits for a look."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.held import live, severity
from governance.conduct.models import HcpRecord, HeldRegistration, SaidRegistration
from governance.conduct.standing import keep
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant, Status
from governance.effective.documents import HcpDocument
from governance.effective.service import Register


def stand_again(session: Session, keyring: Keyring, hcp_id: UUID, now: Instant) -> None:
    """Write into a professional's record what is in force of them, and have a verifier look if that was not in it."""
    record = HcpRecord.locked(session, hcp_id)
    document: HcpDocument = Register(session, keyring, now).document("hcp", str(hcp_id))
    held = int(document.assurance), document.status.value, int(document.checked_until)
    if record is None or held == (record.assurance, record.status, record.checked_until):
        return
    record.assurance, record.status, record.checked_until = held
    if record.ended is None:
        record.waiting_since = now
    keep(session, keyring, record)
    for row in live(session, hcp_id):
        _no_better(session, keyring, row, document)


def _no_better(session: Session, keyring: Keyring, row: HeldRegistration, document: HcpDocument) -> None:
    """Let a registration be no better than what is in force: else the next file of its register would open it."""
    row.assurance = min(row.assurance, int(document.assurance))
    row.status = max(Status(row.status), document.status, key=severity).value
    row.checked_until = min(row.checked_until, document.checked_until)
    keep(session, keyring, row)
    said = session.get_one(SaidRegistration, row.said_id)
    said.looked = None
    keep(session, keyring, said)
