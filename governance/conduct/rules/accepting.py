"""Rules accepted one by one: each with its instant and the hash of the words that were shown."""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.rules.models import AcceptedRule
from governance.conduct.standing import keep
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.policy.views.conduct import ConductPolicy, ConductRule


def keep_accepted(
    session: Session, keyring: Keyring, hcp_id: UUID, policy: ConductPolicy, accepted: Mapping[str, int]
) -> None:
    """Write down when each marked rule was accepted; `policy` in the language in which they were shown."""
    for rule in policy.rules():
        if rule.code in accepted:
            row = AcceptedRule(
                id=new_id(),
                hcp_id=hcp_id,
                rule=rule.code,
                version=policy.version,
                at=accepted[rule.code],
                text_sha256=words_sha256(rule),
            )
            keep(session, keyring, row)


def words_sha256(rule: ConductRule) -> str:
    """Return the hash of a rule's title and words, in UTF-8, as they were shown."""
    return hashlib.sha256(f"{rule.words.title}\n\n{rule.words.body}".encode()).hexdigest()
