"""Challenges for passkeys, kept by the browser's session: each for one person, one purpose, five minutes, one use."""

from enum import StrEnum
from uuid import UUID

import msgspec

from governance.db.extension import transaction
from governance.decision.vocabulary import Instant
from governance.identity.current import signed_in
from governance.identity.errors import PasskeyFailedError
from governance.identity.proofs.ceremonies import LASTS, Challenge, Party, new_challenge, party_of
from governance.identity.sessions import service as sessions
from governance.identity.sessions.browser import browser_session
from governance.identity.sessions.service import Secret
from governance.ui.clock import now
from governance.ui.house import house


class Purpose(StrEnum):
    """What a challenge was made for; also its name in the session."""

    MAKE = "passkey_to_make"
    USE = "passkey_to_use"


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: bytes
    user_handle: bytes
    account_id: UUID
    at: int


def party() -> Party | None:
    """Return us, as browsers know us; none where passkeys do not work."""
    return party_of(house().settings.public_url)


def this_party() -> Party:
    """Return us, as browsers know us. Raises `PasskeyFailedError` where passkeys do not work."""
    found = party()
    if found is None:
        raise PasskeyFailedError
    return found


def ask(purpose: Purpose) -> Challenge:
    """Return a new challenge to the person who is signed in; one that was not answered is forgotten."""
    challenge = new_challenge()
    asked = _Asked(challenge.value, challenge.user_handle, signed_in().account_id, now())
    browser_session()[purpose] = msgspec.to_builtins(asked)
    return challenge


def take(purpose: Purpose) -> Challenge:
    """Return the challenge that is answered, used up whatever comes of it. Raises `PasskeyFailedError`."""
    browser, at = browser_session(), now()
    with transaction() as session:
        kept = sessions.take(session, Secret(browser.session_id, house().keyring), purpose, now=at)
    browser.pop(purpose, None)
    asked = None if kept is None else msgspec.convert(kept, _Asked)
    if asked is None or not _holds(asked, at):
        raise PasskeyFailedError
    return Challenge(asked.value, asked.user_handle)


def _holds(asked: _Asked, at: Instant) -> bool:
    return asked.account_id == signed_in().account_id and 0 <= at - asked.at < LASTS
