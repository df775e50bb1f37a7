"""A platform's own ids as we know them: keyed digests, each made once a page."""

from functools import cache
from uuid import UUID

from governance.crypto.blind_index import account_key, place_key
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, PlatformId


class Digests:
    """Translates the ids of one platform."""

    def __init__(self, keyring: Keyring, platform_id: UUID) -> None:
        """Translate for this platform, remembering what was asked."""
        self.platform = PlatformId(str(platform_id))
        self._account = cache(lambda account: account_key(keyring, platform_id, account))
        self._place = cache(lambda kind, place: place_key(keyring, platform_id, kind, place))

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
