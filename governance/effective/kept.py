"""What is in force as this process read it last, answered from memory for as long as nothing was entered since.

Nothing comes into force without an entry in the ledger, and each entry moves the ledger's head. So one row, read for
every page of questions, tells whether anything kept here could be out of date; no promise rests on time, and what
another process acknowledged a moment ago counts at once.

Time ends what nobody entered: a row that another hand put back and somebody repaired. Neither moves the head.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.facts import DEFAULT_ROOM, Community
from governance.decision.vocabulary import AccountKey
from governance.effective.facts import FactsReader, Places
from governance.effective.present import Present, PresentAccount
from governance.ledger.guard import PROVEN, Guard, Proven

KEPT_FOR: Final = 600.0
"""Seconds after which everything is read anew, so that a repair counts without a restart; reading costs ten answers."""
MOST: Final = 8_192
"""Accounts of one platform that are kept; some 2 KiB each."""
_T = TypeVar("_T")
Reading = Callable[[], AbstractContextManager[Session]]


class _NotKeptError(Exception):
    """This has to be read."""


class _Kept:
    """What was read about one platform under one head of the ledger. Threads may share it."""

    def __init__(self) -> None:
        self._accounts: dict[AccountKey, PresentAccount | None] = {}
        self._communities: dict[str, Community | None] = {}
        self._strictest, self._suspended = DEFAULT_ROOM, False
        self._revision: int | None = None

    def accounts(self, keys: Iterable[AccountKey]) -> dict[AccountKey, PresentAccount]:
        """Return what is known of accounts. Raises `_NotKeptError`."""
        try:
            found = {key: self._accounts[key] for key in keys}
        except KeyError:
            raise _NotKeptError from None
        return {key: account for key, account in found.items() if account is not None}

    def places(self, communities: Iterable[str]) -> Places:
        """Return what is in force about the platform and some of its communities. Raises `_NotKeptError`."""
        try:
            found = {name: self._communities[name] for name in communities}
        except KeyError:
            raise _NotKeptError from None
        if self._revision is None:
            raise _NotKeptError
        there = {name: place for name, place in found.items() if place is not None}
        return Places(there, self._strictest, self._suspended)

    def revision(self) -> int:
        """Return the platform's revision. Raises `_NotKeptError`."""
        if self._revision is None:
            raise _NotKeptError
        return self._revision

    def keep_accounts(self, keys: Iterable[AccountKey], found: dict[AccountKey, PresentAccount]) -> None:
        if len(self._accounts) > MOST:
            self._accounts.clear()
        self._accounts.update((key, found.get(key)) for key in keys)

    def keep_places(self, communities: Iterable[str], found: Places, revision: int) -> None:
        if len(self._communities) > MOST:
            self._communities.clear()
        self._communities.update((name, found.communities.get(name)) for name in communities)
        self._strictest, self._suspended = found.strictest, found.suspended
        # Last: what is read without a revision counts as not read.
        self._revision = revision


class _Keeping:
    """Reads the tables and keeps what it found."""

    def __init__(self, present: Present, kept: _Kept) -> None:
        self._present, self._kept = present, kept

    def accounts(self, keys: Iterable[AccountKey]) -> dict[AccountKey, PresentAccount]:
        wanted = list(keys)
        found = self._present.accounts(wanted)
        self._kept.keep_accounts(wanted, found)
        return found

    def places(self, communities: Iterable[str]) -> Places:
        wanted = list(communities)
        found = self._present.places(wanted)
        self._kept.keep_places(wanted, found, self._present.revision())
        return found

    def revision(self) -> int:
        return self._present.revision()


class _State:
    """What is kept of every platform under one head of the ledger."""

    def __init__(self, proven: Proven | None, ends: float) -> None:
        self.proven, self.ends = proven, ends
        self._platforms: dict[UUID, _Kept] = {}

    def of(self, platform_id: UUID) -> _Kept:
        kept = self._platforms.get(platform_id)
        return self._platforms.setdefault(platform_id, _Kept()) if kept is None else kept


class InForceReader:
    """What is in force, for the readers of one app. Threads may share it."""

    def __init__(
        self, reading: Reading, keyring: Keyring, guard: Guard | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Read by such sessions; without a guard who knows the ledger's head, nothing is kept."""
        self._reading, self._keyring, self._guard, self._clock = reading, keyring, guard, clock
        self._state = _State(None, 0.0)

    def read(self, platform_id: UUID, ask: Callable[[FactsReader], _T]) -> _T:
        """Return what `ask` makes of the facts of a platform; it may be called twice and must not have effects."""
        state = self._state
        if self._holds(state):
            try:
                return ask(FactsReader(state.of(platform_id)))
            except _NotKeptError:
                pass
        with self._reading() as session:
            source = _Keeping(Present(session, self._keyring, platform_id), self._under(session).of(platform_id))
            return ask(FactsReader(source))

    def _holds(self, state: _State) -> bool:
        if self._guard is None or state.proven is None or self._clock() >= state.ends:
            return False
        return self._guard.still(state.proven)

    def _under(self, session: Session) -> _State:
        """Return the state under the head that was proven for a session: what it reads was in force there."""
        proven: Proven | None = session.info.get(PROVEN)
        state = self._state
        if proven is None or state.proven != proven or self._clock() >= state.ends:
            state = self._state = _State(proven, self._clock() + KEPT_FOR)
        return state
