"""The keys of the feed: what signs it, what turns ids into tokens, what names an epoch."""

import hmac
from base64 import b32encode
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from governance.crypto.blind_index import index_keys
from governance.crypto.keys import Keyring, length_prefixed
from governance.ledger.head import Head, read_head
from governance.pep.wire.bundle import MAGIC
from governance.pep.wire.keys import WireKeys
from governance.pep.wire.signatures import What, key_id, signed_bytes

_EPOCH_BYTES: Final = 10


def wire_keys(keyring: Keyring, platform_id: UUID) -> WireKeys:
    """Return the keys by which a platform turns its ids into tokens; for that platform alone."""
    return WireKeys(*index_keys(keyring, platform_id), keyring.derive("feed.tokens", str(platform_id)))


def decoys_key(keyring: Keyring, platform_id: UUID) -> bytes:
    """Return the key of tokens that nobody has; not for the platform, which could tell them from the others."""
    return keyring.derive("feed.decoys", str(platform_id))


def epoch_of(session: Session, keyring: Keyring, platform_id: UUID, rules: bytes) -> str:
    """Return the name of a platform's present epoch: another after a restore, with other keys, rules or another form.

    Revisions of two epochs cannot be compared: a restored database counts on from an older one. Raises `LedgerError`.
    """
    # Keyed to the platform: two forums must not see by equal names that they are one service's.
    key = keyring.derive("feed.epoch", str(platform_id))
    said = length_prefixed(str((read_head(session, keyring) or Head()).epoch), rules, MAGIC)
    return b32encode(hmac.digest(key, said, "sha256")[:_EPOCH_BYTES]).decode().lower()


class FeedSigner:
    """The key that signs bundles and changes, the same for all platforms."""

    def __init__(self, keyring: Keyring) -> None:
        """Derive the key for this purpose alone."""
        self._private = Ed25519PrivateKey.from_private_bytes(keyring.derive("feed.signature"))
        self.public = self._private.public_key().public_bytes_raw()
        """For the replica, when it is set up."""
        self.key_id = key_id(self.public)

    def sign(self, what: What, digest: bytes) -> bytes:
        """Return the signature of something with this SHA-256."""
        return self._private.sign(signed_bytes(what, digest))
