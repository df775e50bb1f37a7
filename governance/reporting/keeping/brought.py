"""The member whom a forum's report brings along: known to machines alone, so that officers can protect them.

Officers read a digest. The account itself is sealed under our key inside of what is sealed to them: none of the two
opens it without the other, and it is in no table.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from governance.crypto.blind_index import account_key
from governance.crypto.envelope import seal, unseal
from governance.crypto.keys import Keyring

PATIENT: Final = "patient"
SEALED: Final = "patient_sealed"
"""Sealed anew each time it is handed in: it is no part of what makes two reports the same."""
_KEY: Final = "report.member"


def bring(keyring: Keyring, platform_id: UUID, account: str) -> dict[str, str]:
    """Return what a report keeps of a member who lets us know their account."""
    key = account_key(keyring, platform_id, account)
    sealed = seal(keyring.derive(_KEY), account.encode(), _KEY, str(platform_id), key)
    return {PATIENT: key, SEALED: b64encode(sealed).decode()}


def brought(keyring: Keyring, platform_id: UUID, more: Mapping[str, str]) -> dict[str, str]:
    """Return the account that a report brought along, by the digest that officers see; empty if it brought none."""
    if not more.get(SEALED):
        return {}
    key = more[PATIENT]
    return {key: unseal(keyring.derive(_KEY), b64decode(more[SEALED]), _KEY, str(platform_id), key).decode()}
