"""Read who somebody is from the claims of an ID token whose signature, times and nonce held already."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from governance.decision.vocabulary import Instant
from governance.identity.account_ids import account_id_of
from governance.identity.errors import BadAccountIdError, Guard, SignInFailedError

_LONGEST_SUBJECT: Final = 255
"""OpenID Connect Core 1.0, section 2."""
_SECOND: Final = 1_000_000
LEEWAY: Final = 60 * _SECOND
"""Microseconds that a provider's clock may differ from ours."""
_FAR_AWAY: Final = 10**12
"""Seconds; a time that no clock shows."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as the forum vouches for them."""

    sub: str = field(repr=False)
    account_id: str = field(repr=False)
    auth_time: Instant | None
    """When they proved who they are; none if the forum does not say."""


def read_identity(claims: Mapping[str, Any], *, client_id: str, account_claim: str, now: Instant) -> Identity:
    """Return the identity that an ID token tells. Raises `SignInFailedError`."""
    check_audience(claims, client_id)
    sub = claims.get("sub")
    if not isinstance(sub, str) or not 0 < len(sub) <= _LONGEST_SUBJECT:
        raise SignInFailedError(Guard.SUBJECT)
    return Identity(sub=sub, account_id=_account_id(claims, account_claim), auth_time=_auth_time(claims, now))


def check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """Refuse a token that was made for anybody besides us (OpenID Connect Core 1.0, 3.1.3.7, rules 3 to 5)."""
    if claims.get("aud") not in (client_id, [client_id]) or claims.get("azp", client_id) != client_id:
        raise SignInFailedError(Guard.AUDIENCE)


def _account_id(claims: Mapping[str, Any], account_claim: str) -> str:
    try:
        return account_id_of(claims.get(account_claim))
    except BadAccountIdError as error:
        raise SignInFailedError(Guard.ACCOUNT_CLAIM) from error


def _auth_time(claims: Mapping[str, Any], now: Instant) -> Instant | None:
    seconds = claims.get("auth_time")
    # Any JSON number will do, and some providers send fractions; infinities and NaN are no number of JSON's.
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < _FAR_AWAY:
        return None
    told = Instant(int(seconds) * _SECOND)
    # A time in the future would stay "fresh" for as long as the forum likes. A clock may be a little ahead of ours.
    return min(told, now) if told <= now + LEEWAY else None
