"""What becomes of a forum after it was added: a new secret, keys of its own, other scopes, and its end."""

import secrets
from collections.abc import Iterable

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.identity.clients.assertions import public_keys_in
from governance.identity.models import Client
from governance.identity.permissions import Scope, scopes_of
from governance.identity.service import Credentials, checked_display_name, platform_named, secret_digest
from governance.ledger.rows import forget, keep


def rotate_secret(session: Session, keyring: Keyring, name: str) -> list[Credentials]:
    """Give every client of a forum a new secret; the old ones, and keys, get no token any more.

    Raises `PlatformNotFoundError`.
    """
    made = []
    for client in _clients(session, name):
        credentials = Credentials(client.client_id, secrets.token_urlsafe(32))
        client.secret_digest, client.public_keys = secret_digest(credentials.client_secret), None
        keep(session, keyring, client)
        made.append(credentials)
    return made


def use_keys(session: Session, keyring: Keyring, name: str, text: str) -> list[str]:
    """Let a forum prove itself by its keys (a JWK set, public) and by no secret; return its client ids.

    Raises `PlatformNotFoundError`, `BadPlatformError`.
    """
    keys = public_keys_in(text)
    clients = _clients(session, name)
    for client in clients:
        client.public_keys, client.secret_digest = keys, secret_digest(secrets.token_urlsafe(32))
        keep(session, keyring, client)
    return [client.client_id for client in clients]


def set_scopes(session: Session, keyring: Keyring, name: str, scopes: Iterable[Scope]) -> list[str]:
    """Let a forum's tokens do exactly this from now on; return its client ids. Raises `PlatformNotFoundError`.

    What is taken away is gone from tokens it has within 10 minutes; what is given needs a new token.
    """
    clients, wanted = _clients(session, name), " ".join(sorted(set(scopes)))
    for client in clients:
        client.scopes = wanted
        keep(session, keyring, client)
    return [client.client_id for client in clients]


def add_scopes(session: Session, keyring: Keyring, name: str, scopes: Iterable[Scope]) -> list[str]:
    """Let a forum's tokens do this too, as after an upgrade that brought a scope; return its client ids.

    Raises `PlatformNotFoundError`.
    """
    clients, wanted = _clients(session, name), frozenset(scopes)
    for client in clients:
        client.scopes = " ".join(sorted(scopes_of(client.scopes) | wanted))
        keep(session, keyring, client)
    return [client.client_id for client in clients]


def set_display_name(session: Session, keyring: Keyring, name: str, said: str) -> str:
    """Have pages call a forum as its members do; return how. Raises `PlatformNotFoundError`, `BadPlatformError`."""
    platform = platform_named(session, name)
    platform.display_name = shown = checked_display_name(said)
    keep(session, keyring, platform)
    return shown


def end_platform(session: Session, keyring: Keyring, name: str, now: Instant) -> None:
    """End a forum: it gets no token any more and nobody signs in through it. What its members chose stays.

    Raises `PlatformNotFoundError`.
    """
    platform = platform_named(session, name)
    for client in Client.of_platform(session, platform.id):
        forget(session, keyring, client)
    platform.ended = now
    keep(session, keyring, platform)


def _clients(session: Session, name: str) -> list[Client]:
    return list(Client.of_platform(session, platform_named(session, name).id))
