"""A platform's own ids as we know them: keyed digests. What was asked lately is remembered, in this process alone."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final
from uuid import UUID

from governance.crypto.blind_index import PlaceKind, account_key, place_key
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, PlatformId

_MOST: Final = 16_384
"""Ids of a platform that are remembered, accounts and each kind of place; some 200 bytes each."""


class Digests:
    """Translates the ids of one platform. Threads may share it."""

    def __init__(self, keyring: Keyring, platform_id: UUID) -> None:
        """Translate for this platform, remembering what was asked."""
        self.platform = PlatformId(str(platform_id))

        def places(kind: PlaceKind) -> Callable[[str], str]:
            return lru_cache(_MOST)(lambda place: place_key(keyring, platform_id, kind, place))

        # The memories themselves, without a method before each: a page asks them some hundreds of times.
        self.account: Callable[[str], AccountKey] = lru_cache(_MOST)(
            lambda account: account_key(keyring, platform_id, account)
        )
        """Returns the key of an account."""
        self.community = places("community")
        """Returns the digest of a community; the others likewise."""
        self.thread = places("thread")
        self.post = places("post")


@lru_cache(256)
def digests_of(keyring: Keyring, platform_id: UUID) -> Digests:
    """Return what translates a platform's ids, the same one for every page."""
    return Digests(keyring, platform_id)
