"""What a replica knows at one revision. Never changes: what the service tells makes a new one, put in its place whole.

So a page is decided on one revision from its first item to its last, and no thread can put something old back over
something new.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from governance.decision.facts import Community, Room
from governance.decision.vocabulary import FOREVER, AccountKey, Instant, PlatformId
from governance.pep.replica.meanings import Read
from governance.pep.replica.packed import Packed
from governance.pep.wire.bundle import Bundle
from governance.pep.wire.changes import Change, Changes
from governance.pep.wire.codec import WireError
from governance.pep.wire.governed import GovernedRecord
from governance.pep.wire.keys import PlaceKind, WireKeys
from governance.pep.wire.places import CommunityRecord, EmergencyLine, Whole

_MOST_IDS: Final = 65_536


class NotReadyError(Exception):
    """Nothing is known yet, so nothing can be decided about anybody."""


class Tokens:
    """A forum's own ids as the bundle speaks of them. What was asked lately is remembered, in this process alone."""

    def __init__(self, keys: WireKeys) -> None:
        """Translate with the keys of the set-up."""
        self.keys = keys
        # The memory itself, without a method before it: a page asks it some hundreds of times.
        self.account = lru_cache(_MOST_IDS)(keys.account)
        """Returns the token of an account."""
        self.place = lru_cache(_MOST_IDS)(lambda kind, place: keys.place(kind, place).hex())
        """Returns how facts call a place."""

    def community(self, place: str) -> str:
        """Return how facts call a community."""
        kind: PlaceKind = "community"
        return self.place(kind, place)


@dataclass(frozen=True, slots=True)
class State:
    """All facts of one platform at one revision."""

    platform: PlatformId
    epoch: str
    revision: int
    expires: Instant
    """The service told no time behind it: from then on nothing here lets a professional in."""
    packed: Packed
    governed: Mapping[str, GovernedRecord]
    """By how facts call the account."""
    communities: Mapping[str, CommunityRecord]
    strictest: Room
    emergency: tuple[EmergencyLine, ...]
    changed: Mapping[bytes, Read | None] = field(default_factory=dict)
    """Authors whose record is another one than the bundle's; None is nobody's patient any more."""
    suspended: bool = False
    """Whether no professional passes the gate on this forum; then no community only observes either."""
    rooms: Mapping[str, Community] = field(init=False)
    broken: frozenset[str] = field(init=False)
    """Communities whose row was changed by another hand."""
    observes: bool = field(init=False)
    """Whether any community only observes, or will."""

    def __post_init__(self) -> None:
        """Part the communities into those that decide and those that refuse."""
        rooms = {name: one.community for name, one in self.communities.items() if one.community is not None}
        if self.suspended:
            rooms = {name: replace(room, observes_from=FOREVER) for name, room in rooms.items()}
        # Communities that are alike are one object: what is answered in the one is the answer in the other.
        same: dict[Community, Community] = {}
        rooms = {name: same.setdefault(room, room) for name, room in rooms.items()}
        object.__setattr__(self, "rooms", rooms)
        object.__setattr__(self, "observes", any(room.observes_from != FOREVER for room in rooms.values()))
        object.__setattr__(self, "broken", frozenset(self.communities.keys() - rooms.keys()))

    @classmethod
    def of(cls, bundle: Bundle) -> "State":
        """Return what a bundle says. Raises `WireError`."""
        header, places = bundle.header, bundle.places
        return cls(
            platform=PlatformId(header.platform),
            epoch=header.epoch,
            revision=header.revision,
            expires=header.expires,
            packed=Packed(bundle),
            governed=bundle.governed,
            communities=places.communities,
            strictest=places.strictest,
            suspended=places.suspended,
            emergency=bundle.emergency,
        )

    def after(self, changes: Changes) -> "State":
        """Return what is known after one answer of the feed. Raises `WireError` if it does not begin here."""
        if (changes.platform, changes.epoch, changes.after) != (self.platform, self.epoch, self.revision):
            raise WireError("changes of another state")
        if not changes.changes:
            return self if changes.revision == self.revision else replace(self, revision=changes.revision)
        return _Making(self).made(changes.changes, changes.revision)

    def author(self, token: bytes) -> Read | None:
        """Return an author's record; None of one who is nobody's patient. Raises `WireError`."""
        if token in self.changed:
            return self.changed[token]
        return self.packed.find(token)

    @property
    def many(self) -> int:
        """How many patients there are."""
        before = sum(self.packed.find(token) is not None for token in self.changed)
        return len(self.packed) - before + sum(read is not None for read in self.changed.values())

    def is_governed(self, name: AccountKey) -> bool:
        """Say whether decisions about what an account sees ask patients; so it is where its row is broken."""
        record = self.governed.get(name)
        return record is not None and (record.governed or record.broken)


class _Making:
    """Makes the next state; what did not change is the very same object as before."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._changed = dict(state.changed)
        self._governed: dict[str, GovernedRecord] | None = None
        self._communities: dict[str, CommunityRecord] | None = None
        self._whole = Whole(state.strictest, state.suspended)

    def made(self, changes: Iterable[Change], revision: int) -> State:
        for change in changes:
            self._take(change)
        state = self._state
        return replace(
            state,
            revision=revision,
            changed=self._changed,
            governed=state.governed if self._governed is None else self._governed,
            communities=state.communities if self._communities is None else self._communities,
            strictest=self._whole.strictest,
            suspended=self._whole.suspended,
        )

    def _take(self, change: Change) -> None:
        """Take one change; its record replaces what was known, whole."""
        name = change.token.hex()
        match change.of:
            case "author":
                record = change.record
                self._changed[change.token] = Read.sent(record, self._state.platform) if record else None
            case "governed":
                self._take_governed(name, change.governed())
            case "community":
                if self._communities is None:
                    self._communities = dict(self._state.communities)
                self._communities[name] = change.community()
            case "strictest":
                self._whole = change.whole()

    def _take_governed(self, name: str, record: GovernedRecord | None) -> None:
        if self._governed is None:
            self._governed = dict(self._state.governed)
        if record is None:
            self._governed.pop(name, None)
        else:
            self._governed[name] = record
