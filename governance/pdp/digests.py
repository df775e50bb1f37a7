"""A platform's own ids as we know them: keyed digests. What was asked lately is remembered, in this process alone."""

from functools import lru_cache
from typing import Final
from uuid import UUID

from governance.crypto.blind_index import account_key, place_key
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, PlatformId

_MOST: Final = 16_384
"""Ids of a platform that are remembered, accounts and places each; some 200 bytes each."""


class Digests:
    """Translates the ids of one platform. Threads may share it."""

    def __init__(self, keyring: Keyring, platform_id: UUID) -> None:
        """Translate for this platform, remembering what was asked."""
        self.platform = PlatformId(str(platform_id))
        self._account = lru_cache(_MOST)(lambda account: account_key(keyring, platform_id, account))
        self._place = lru_cache(_MOST)(lambda kind, place: place_key(keyring, platform_id, kind, place))

    def account(self, account_id: str) -> AccountKey:
        """Return the key of an account."""
        return self._account(account_id)

    def community(self, community_id: str) -> str:
        """Return the digest of a community."""
        return self._place("community", community_id)

    def thread(self, thread_id: str) -> str:
        """Return the digest of a thread."""
        return self._place("thread", thread_id)

    def post(self, post_id: str) -> str:
        """Return the digest of a post."""
        return self._place("post", post_id)


@lru_cache(256)
def digests_of(keyring: Keyring, platform_id: UUID) -> Digests:
    """Return what translates a platform's ids, the same one for every page."""
    return Digests(keyring, platform_id)
