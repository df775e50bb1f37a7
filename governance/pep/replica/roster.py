"""The forum's own ids: those of governed accounts, and those of whom was asked. The bundle knows tokens alone."""

from collections.abc import Iterable
from typing import Final

from governance.pep.failures import UnansweredError
from governance.pep.replica.feed import Feed
from governance.pep.replica.state import State, Tokens
from governance.pep.wire.facts import account_name

_SECONDS: Final = 30.0
"""So long between two readings of the list, however often somebody joins."""
_MOST_SEEN: Final = 20_000


class Roster:
    """Ids by what the bundle calls them. Threads may share it."""

    def __init__(self, tokens: Tokens) -> None:
        """Know nobody yet."""
        self._tokens = tokens
        self._governed: dict[str, str] = {}
        self._read_for: object = None
        self._not_before = 0.0
        self._seen: dict[str, None] = {}

    def refresh(self, state: State, feed: Feed, now: float) -> None:
        """Read the list again if somebody is governed who was not; what fails is tried again later."""
        if state.governed is self._read_for or now < self._not_before:
            return
        self._not_before = now + _SECONDS
        try:
            accounts = feed.governed(len(state.governed))
        except UnansweredError:
            return
        self._governed = {self._name(account): account for account in accounts}
        self._read_for = state.governed

    def governed(self, state: State) -> tuple[list[str], bool]:
        """Return the ids of governed accounts, and whether none is missing.

        Who is governed says the bundle, which is signed; the list only says what their ids are.
        """
        names = [name for name in state.governed if state.is_governed(account_name(bytes.fromhex(name)))]
        ids = sorted(self._governed[name] for name in names if name in self._governed)
        return ids, len(ids) == len(names)

    def see(self, accounts: Iterable[str]) -> None:
        """Remember whose words were asked about."""
        if len(self._seen) < _MOST_SEEN:
            self._seen.update(dict.fromkeys(accounts))

    def seen(self) -> list[str]:
        """Return whose words were asked about."""
        return list(self._seen)

    def _name(self, account: str) -> str:
        return account_name(self._tokens.account(account))
