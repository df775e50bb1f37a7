"""Names of people: what can be one, when two are alike, and whose record staff must leave to others."""

import unicodedata
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.feeds.entries import plain
from governance.conduct.findings import Verifier
from governance.conduct.held import badge_of, live, open_name
from governance.conduct.models import HcpAccount, SaidRegistration
from governance.conduct.service import opened
from governance.crypto.keys import Keyring


def is_own(session: Session, keyring: Keyring, hcp_id: UUID, staff: Verifier, found: str = "") -> bool:
    """Say whether a member of staff looks at their own record, as far as anybody can see.

    A person may sign in as staff at one place and as a member at another: then a name is all there is. `found`: the one
    that is about to be written down.
    """
    if staff.subject_digest and HcpAccount.is_subject_of(session, hcp_id, staff.subject_digest):
        return True
    said = [opened(session, keyring, row).name for row in SaidRegistration.current(session, hcp_id)]
    held = [
        name
        for row in live(session, hcp_id)
        for name in (open_name(session, keyring, row), badge_of(session, keyring, row))
    ]
    return bool(staff.name) and _alike(staff.name) in {_alike(name) for name in (*said, *held, found) if name}


def _alike(name: str) -> str:
    return plain(unicodedata.normalize("NFKC", name))
