"""Once, however often it is sent: who presses twice, or hears no answer and sends again, gets the first answer.

THREAT: what is kept for that holds a receipt code. It is sealed under a key that needs the sender's own random key
as well as ours, so that whoever carries the database and all our keys away opens none of it.
"""

import hmac
from collections.abc import Callable
from typing import Final

import msgspec

from governance.crypto import envelope
from governance.crypto.keys import length_prefixed
from governance.errors import BadInputError, GovernanceError
from governance.reporting.filing.models import FiledCall
from governance.reporting.work import DAY, Work

_PURPOSE: Final = "report-call"
_KEY_ID: Final = "s1"
_SHORTEST: Final = 20
"""Signs; a random UUID has 36, and 122 random bits."""
_LONGEST: Final = 256
_FEWEST_DIFFERENT: Final = 8


class SentBeforeError(GovernanceError):
    """The key belongs to another sending."""

    code = "idempotency_key_reused"


def filed_once(work: Work, call: tuple[str, str], asked: bytes, act: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Act and return the answer, or return the one that was given before; in the transaction of what `act` does.

    `call`: whose, and the sender's key. Raises `SentBeforeError`, `BadInputError`.
    """
    (session, keyring, now), (whose, key) = work, call
    if not _SHORTEST <= len(key) <= _LONGEST or len(set(key)) < _FEWEST_DIFFERENT:
        raise BadInputError("send a random `Idempotency-Key` of 20 to 256 characters, such as a UUID of version 4")
    FiledCall.forget_ended(session, now)
    ours = keyring.bound(_PURPOSE, key)
    digest = hmac.digest(keyring.derive(_PURPOSE), length_prefixed(whose, key), "sha256").hex()
    # Under the sender's key, too: a thief must not be able to try whether somebody wrote this or that.
    fingerprint = hmac.digest(ours, asked, "sha256").hex()
    kept = session.get(FiledCall, digest)
    if kept is None:
        answer = act()
        sealed = envelope.seal(ours, _padded(answer), "report_call", "sealed_answer", digest, key_id=_KEY_ID)
        ends = (now // DAY + 2) * DAY
        session.add(FiledCall(digest=digest, fingerprint=fingerprint, sealed_answer=sealed, ends=ends))
        return answer
    if not hmac.compare_digest(kept.fingerprint, fingerprint):
        raise SentBeforeError("this `Idempotency-Key` belongs to another report; make a new one for each")
    opened = envelope.unseal(ours, kept.sealed_answer, "report_call", "sealed_answer", digest, key_id=_KEY_ID)
    return msgspec.json.decode(opened, type=dict[str, str])


def _padded(answer: dict[str, str]) -> bytes:
    return msgspec.json.encode(answer).ljust(2048, b" ")
