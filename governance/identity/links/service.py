"""Links by which a forum that is no provider brings its members here: one person, ten minutes, one use."""

import secrets
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.blind_index import account_key
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.identity.account_ids import check_account_id
from governance.identity.errors import LinkSpentError
from governance.identity.links.models import LinkToken
from governance.identity.models import Platform
from governance.identity.sessions.service import Secret

LIFETIME: Final = 10 * 60 * 1_000_000
_DATA: Final = ("link_token", "sealed_data")


@dataclass(frozen=True, slots=True)
class Link:
    """Whom a link brings, from where, and to which of our pages."""

    platform: Platform
    account_id: str = field(repr=False)
    next: str


def make_link(session: Session, keyring: Keyring, platform_id: UUID, who: tuple[str, str], *, now: Instant) -> str:
    """Return a new token for an account's id and an endpoint of ours. Raises `BadAccountIdError`.

    Nothing is known of the account before its owner comes, but for its keyed digest.
    """
    account_id, wanted = who
    check_account_id(account_id)
    LinkToken.forget_expired(session, now)
    token = Secret(secrets.token_urlsafe(32), keyring)
    sealed = token.seal({"account": account_id, "next": wanted}, _DATA, token.digest)
    session.add(
        LinkToken(
            token_digest=token.digest,
            platform_id=platform_id,
            account_key=account_key(keyring, platform_id, account_id),
            expires=now + LIFETIME,
            sealed_data=sealed,
        )
    )
    return token.value


def read_link(session: Session, token: Secret, *, now: Instant) -> Link:
    """Return what a link says, without using it. Raises `LinkSpentError`."""
    return _opened(session, session.get(LinkToken, token.digest), token, now)


def use_link(session: Session, token: Secret, *, now: Instant) -> Link:
    """Return what a link says and use it up. Raises `LinkSpentError`, also for whoever comes second."""
    return _opened(session, LinkToken.taken(session, token.digest), token, now)


def _opened(session: Session, row: LinkToken | None, token: Secret, now: Instant) -> Link:
    platform = None if row is None else session.get(Platform, row.platform_id)
    if row is None or platform is None or row.expires <= now:
        raise LinkSpentError("this link was used or is too old; go back to your forum and follow its link again")
    said = token.unseal(row.sealed_data, _DATA, row.token_digest)
    return Link(platform, said["account"], said["next"])
