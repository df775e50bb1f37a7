"""What is sent about a forum's places, and whom to call in danger."""

from dataclasses import dataclass
from typing import Final

from governance.decision.facts import Community, Room, Setting
from governance.decision.vocabulary import AccountKey, Ages, Posture
from governance.pep.wire.codec import Reader, Writer, word_of

_POSTURES: Final = (Posture.PEER_ONLY, Posture.INFORMED, Posture.HCP_PRESENT)
_AGES: Final = (Ages.MIXED, Ages.ADULTS)
_PLAIN, _OF_ROW_BROKEN = 0, 1


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
    to.byte(_POSTURES.index(room.posture) << 1 | _AGES.index(room.ages))


def read_room(source: Reader) -> Room:
    """Read a posture and ages."""
    bits = source.byte()
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


def encode_room(room: Room) -> bytes:
    """Return the record of the strictest posture and ages."""
    to = Writer()
    write_room(to, room)
    return to.done()
