"""The phrases that scenario tables are written in: times, spans, people, places, actions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from governance.decision.provisions import CARE_TEAM, EVERYWHERE, OTHERS, Interval, Place, Scale, Who, WhoKind
from governance.decision.vocabulary import BEGINNING, FOREVER, AccountKey, Action, Instant, PlatformId
from tests.scenarios.tables import ScenarioError

NOT_SENT_PHRASE = "not sent"
EVERYTHING = frozenset(Action) - {Action.MODERATE}
"""All that a patient can choose about."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = re.compile(r"(?P<clock>\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)(?: (?P<zone>\S+))?")
_SPAN = re.compile(r"(?:from (?P<start>(?:(?! until ).)+?))?(?: ?\buntil (?P<end>.+))?")

_Word = TypeVar("_Word", bound=Enum)


def word(kind: type[_Word], text: object, where: str) -> _Word:
    """Return a word of a closed list."""
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(str(each.value) for each in kind)
        message = f"{where}: {text!r} is not one of: {known}"
        raise ScenarioError(message) from None


def actions(written: object, where: str) -> frozenset[Action]:
    """Read one action, a list of actions, or "everything"."""
    if written == "everything":
        return EVERYTHING
    names: Iterable[object] = written if isinstance(written, list) else [written]
    return frozenset(word(Action, name, where) for name in names)


@dataclass(frozen=True)
class Speech:
    """What the phrases of one file mean: its platform and its time zone, unless a phrase says otherwise."""

    platform: str
    zone: str

    def instant(self, text: object, where: str) -> Instant:
        """Read "2026-05-01 09:30", with an optional zone and an optional "just before" (one microsecond)."""
        if not isinstance(text, str):
            message = f"{where}: expected a time in quotes, found {text!r}"
            raise ScenarioError(message)
        clock = text.removeprefix("just before ")
        found = _TIME.fullmatch(clock)
        if found is None:
            message = f"{where}: {text!r} is no time; write for example '2026-05-01 09:30 Europe/London'"
            raise ScenarioError(message)
        exact = _to_utc(found["clock"], found["zone"] or self.zone, where)
        microseconds = (exact - _EPOCH) // timedelta(microseconds=1)
        return Instant(microseconds - (clock != text))

    def span(self, text: object, where: str) -> Interval:
        """Read "always", "never", "from T", "until T" or "from T until T"; T itself is inside, the end is not."""
        if text == "always":
            return Interval(BEGINNING, FOREVER)
        if text == "never":
            return Interval(FOREVER, FOREVER)
        found = _SPAN.fullmatch(text) if isinstance(text, str) and text else None
        if found is None:
            message = f"{where}: {text!r} is no span; write always, never, from T, until T, or from T until T"
            raise ScenarioError(message)
        start = self.instant(found["start"], where) if found["start"] else BEGINNING
        end = self.instant(found["end"], where) if found["end"] else FOREVER
        return Interval(start, end)

    def account(self, text: object, where: str, *, platform: str | None = None) -> AccountKey:
        """Read "nia" or "nia@G"."""
        if not isinstance(text, str) or not re.fullmatch(r"[\w-]+(@[\w-]+)?", text):
            message = f"{where}: {text!r} names no account; write a name, or name@platform"
            raise ScenarioError(message)
        return AccountKey(text if "@" in text else f"{text}@{platform or self.platform}")

    def who(self, text: object, where: str) -> tuple[Who, ...]:
        """Read whom a line is about; "everyone" is both classes, as the patient's form stores it."""
        classes = {"care team": (CARE_TEAM,), "others": (OTHERS,), "everyone": (CARE_TEAM, OTHERS)}
        if text in classes:
            return classes[str(text)]
        kind, _, name = str(text).partition(" ")
        if kind == "named" and name:
            return (Who(WhoKind.NAMED, self.account(name, where)),)
        if kind in ("organisation", "profession") and name:
            return (Who(WhoKind(kind), name),)
        known = "named X, organisation X, profession X, care team, others, everyone"
        message = f"{where}: {text!r} is nobody; write one of: {known}"
        raise ScenarioError(message)

    def place(self, text: object, where: str) -> Place:
        """Read "everywhere", "platform F", or "community t1d" (thread, post) with an optional "F/" before the id."""
        if text == "everywhere":
            return EVERYWHERE
        scale, _, name = str(text).partition(" ")
        if scale == "platform" and name:
            return Place(Scale.PLATFORM, PlatformId(name))
        if scale in ("community", "thread", "post") and name:
            platform, ident = self.local(name)
            return Place(Scale[scale.upper()], PlatformId(platform), ident)
        message = f"{where}: {text!r} is no place; write everywhere, platform F, community X, thread X, or post X"
        raise ScenarioError(message)

    def local(self, name: str) -> tuple[str, str]:
        """Split "F/t1d" into its platform and its id there."""
        platform, slash, ident = name.partition("/")
        return (platform, ident) if slash else (self.platform, name)


def _to_utc(clock: str, zone: str, where: str) -> datetime:
    """Turn a local time into UTC; a time that a clock change skips or repeats has to be written in UTC."""
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        message = f"{where}: no time zone is called {zone!r}"
        raise ScenarioError(message) from None
    try:
        local = datetime.fromisoformat(clock).replace(tzinfo=place)
    except ValueError:
        message = f"{where}: {clock!r} is in no calendar"
        raise ScenarioError(message) from None
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        message = f"{where}: {clock!r} is skipped or repeated in {zone}; write it with UTC"
        raise ScenarioError(message)
    return local.astimezone(UTC)
