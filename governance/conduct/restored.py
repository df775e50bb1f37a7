"""After a restore: the list of professionals says what is in force; who lost something by it waits for a look."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.models import HcpRecord
from governance.conduct.standing import keep
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
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
