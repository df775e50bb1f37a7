"""What is sent about a forum's places, and whom to call in danger."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from governance.decision.facts import Community, Room, Setting
from governance.decision.vocabulary import AccountKey, Ages, Posture
from governance.pep.wire.codec import Reader, Writer, word_of

_POSTURES: Final = (Posture.PEER_ONLY, Posture.INFORMED, Posture.HCP_PRESENT)
_AGES: Final = (Ages.MIXED, Ages.ADULTS)
_PLAIN, _OF_ROW_BROKEN = 0, 1
_SUSPENDED: Final = 0x80
"""A bit above every posture: a program that does not know it reads no posture there, and so lets no professional in."""


class Whole(NamedTuple):
    """What is sent of a forum as a whole."""

    strictest: Room
    """The strictest posture and ages that any of its communities ever had."""
    suspended: bool = False
    """Whether no professional is shown anything there."""

    def encode(self) -> bytes:
        """Return its bytes."""
        to = Writer()
        self.write(to)
        return to.done()

    def write(self, to: Writer) -> None:
        """Write it: one byte."""
        to.byte(_bits(self.strictest) | (_SUSPENDED if self.suspended else 0))

    @classmethod
    def read(cls, source: Reader) -> "Whole":
        """Read it. Raises `WireError`."""
        bits = source.byte()
        return cls(_room(bits & ~_SUSPENDED), bool(bits & _SUSPENDED))


@dataclass(frozen=True, slots=True)
class CommunityRecord:
    """A registered community, with all it ever was. None: its row was changed by another hand, and refuses."""

    community: Community | None

    def encode(self) -> bytes:
        """Return its bytes."""
        to = Writer()
        if self.community is None:
            to.byte(_OF_ROW_BROKEN)
            return to.done()
        to.byte(_PLAIN)
        to.each(self.community.history, _write_setting)
        to.each(tuple(sorted(self.community.moderators)), lambda to, key: to.token(bytes.fromhex(key)))
        to.instant(self.community.observes_from)
        return to.done()

    @classmethod
    def decode(cls, data: bytes) -> "CommunityRecord":
        """Return the record. Raises `WireError`."""
        source = Reader(data)
        if source.byte() == _OF_ROW_BROKEN:
            source.end()
            return cls(None)
        history = source.each(_read_setting)
        moderators = frozenset(AccountKey(token.hex()) for token in source.each(Reader.token))
        record = cls(Community(history, moderators, source.instant()))
        source.end()
        return record


def write_room(to: Writer, room: Room) -> None:
    """Write a posture and ages."""
    to.byte(_bits(room))


def read_room(source: Reader) -> Room:
    """Read a posture and ages."""
    return _room(source.byte())


def _bits(room: Room) -> int:
    return _POSTURES.index(room.posture) << 1 | _AGES.index(room.ages)


def _room(bits: int) -> Room:
    return Room(word_of(_POSTURES, bits >> 1), _AGES[bits & 1])


def _write_setting(to: Writer, setting: Setting) -> None:
    to.instant(setting.since)
    write_room(to, Room(setting.posture, setting.ages))


def _read_setting(source: Reader) -> Setting:
    since = source.instant()
    return Setting(since, *read_room(source))


@dataclass(frozen=True, slots=True)
class EmergencyLine:
    """Whom to call, as the forum shows it where something is hidden."""

    country: str
    kind: str
    """`danger`, `medical` or `talk`."""
    for_whom: str
    language: str
    name: str
    """What the service calls itself, or what it is, in this language."""
    channel: str
    number: str
    note: str = ""
