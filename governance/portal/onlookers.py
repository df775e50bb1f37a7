"""Which professionals could have seen a person's posts: from what forums asked us and what they say they showed.

Told of each is what the person could know anyway: the badge that stood beside the name, and that the answer was yes.
Who was told no is left out, whatever the reason: beside the person's own choices, it could only tell how the register
or the officers think of somebody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.capacity import capacities_of_viewer
from governance.decision.provisions import Interval
from governance.decision.vocabulary import (
    CONTENT_ACTIONS,
    FOREVER,
    NOT_SENT,
    AccountKey,
    Action,
    Capacity,
    Instant,
    PlatformId,
)
from governance.effective.errors import BrokenRowError
from governance.effective.life.holds import holds_since
from governance.effective.replicas.service import HEARD_FOR
from governance.effective.roster import Known, behind
from governance.ledger.decisions.service import SHOWN_TO_PATIENTS, Entry, Kind, each_about
from governance.portal.own_forums import OwnForum, own_forums
from governance.ui.clock import on_the_wall
from governance.ui.dates import readers_zone

_SEEING: Final = CONTENT_ACTIONS | {Action.FIND}
"""Whoever may do one of these sees something of a post."""
_log = structlog.get_logger()
_MEMBER: Final = "a member"
_NAMELESS: Final = "nameless"


class Times(NamedTuple):
    """When it was last, and on how many days in all."""

    last: Instant
    days: int


class Onlooker(NamedTuple):
    """One professional on one forum; without a name if there is no badge that we can show any more."""

    forum: str
    name: str
    profession: str
    asked: Times | None
    shown: Times | None
    on_trial: bool
    """Whether a group of the forum was only trying us out then, so that they could see it whatever we said."""
    despite_hold: bool
    """Whether the forum says that it showed something while it was on hold."""


class Hold(NamedTuple):
    """A time in which a forum was on hold, so that no decision let a professional in; without an end it is now."""

    forum: str
    begun: Instant
    ended: Instant | None


class Members(NamedTuple):
    """All who were here as members on one forum, in one line: neither who, nor how many, nor when."""

    forum: str
    asked: bool
    shown: bool


class Onlookers(NamedTuple):
    """What is known of some time; nobody in either list is what we know, and not what happened."""

    since: Instant
    professionals: tuple[Onlooker, ...]
    members: tuple[Members, ...]
    holds: tuple[Hold, ...] = ()


def onlookers(
    session: Session, keyring: Keyring, account_id: UUID, now: Instant, *, until: Instant = FOREVER
) -> Onlookers:
    """Return who could have seen the posts of whoever is behind an account, on all their forums, in 30 days.

    `until`: of what was at this instant or later, nothing.
    """
    since = Instant(now - SHOWN_TO_PATIENTS)
    professionals: list[Onlooker] = []
    members: list[Members] = []
    holds: list[Hold] = []
    for forum in own_forums(session, account_id):
        about = each_about(session, keyring, [forum.key], max(since, forum.since))
        entries = [entry for entry in about if entry.at < until and _could_see(entry)]
        spans = _holds(session, keyring, forum, max(since, forum.since))
        holds += [_hold(forum, one) for one in spans if one.start < until]
        found = _sorted_out(forum, entries, _behind(session, keyring, forum, entries, now), spans)
        professionals += [_onlooker(forum, tally) for who, tally in found.items() if who != _MEMBER]
        members += [_members(forum, tally) for who, tally in found.items() if who == _MEMBER]
    return Onlookers(since, tuple(sorted(professionals, key=_newest_first)), tuple(members), tuple(holds))


@dataclass(slots=True)
class _Tally:
    """What there is about one line of the page."""

    name: str = ""
    profession: str = ""
    on_trial: bool = False
    despite_hold: bool = False
    last: dict[Kind, Instant] = field(default_factory=dict)
    days: dict[Kind, set[date]] = field(default_factory=dict)

    def add(self, entry: Entry, holds: Sequence[Interval]) -> None:
        """Count an entry in."""
        self.despite_hold = self.despite_hold or (entry.kind is Kind.SHOWN and _is_within(entry.at, holds))
        self.on_trial = self.on_trial or entry.logged.observed
        self.last[entry.kind] = max(entry.at, self.last.get(entry.kind, entry.at))
        self.days.setdefault(entry.kind, set()).add(on_the_wall(entry.at, readers_zone()).date())

    def times(self, kind: Kind) -> Times | None:
        """Return when something of this kind was; none if it never was."""
        return Times(self.last[kind], len(self.days[kind])) if kind in self.last else None


def _could_see(entry: Entry) -> bool:
    return entry.logged.action in _SEEING and (entry.logged.permit or entry.logged.observed)


def _behind(
    session: Session, keyring: Keyring, forum: OwnForum, entries: Iterable[Entry], now: Instant
) -> dict[AccountKey, Known]:
    viewers = {AccountKey(entry.logged.viewer) for entry in entries}
    return behind(session, keyring, forum.platform_id, viewers, now) if viewers else {}


def _holds(session: Session, keyring: Keyring, forum: OwnForum, since: Instant) -> tuple[Interval, ...]:
    try:
        return holds_since(session, keyring, forum.platform_id, since)
    except BrokenRowError:
        # The page opens all the same; it says less.
        _log.critical("broken_row", kind="viewer_or_community")
        return ()


def _hold(forum: OwnForum, span: Interval) -> Hold:
    return Hold(forum.name, span.start, None if span.end == FOREVER else span.end)


def _is_within(at: Instant, holds: Sequence[Interval]) -> bool:
    """Say whether the forum knew of a hold by then: what decides there may go by what it had before for a while."""
    return any(one.start + HEARD_FOR <= at < one.end for one in holds)


def _sorted_out(
    forum: OwnForum, entries: Iterable[Entry], known: Mapping[AccountKey, Known], holds: Sequence[Interval]
) -> dict[str, _Tally]:
    found: dict[str, _Tally] = {}
    for entry in entries:
        somebody = known.get(AccountKey(entry.logged.viewer))
        if _as_a_member(forum, entry, somebody):
            tally = found.setdefault(_MEMBER, _Tally())
        elif somebody is None or not somebody.name:
            tally = found.setdefault(_NAMELESS, _Tally())
        else:
            tally = found.setdefault(somebody.person, _Tally(somebody.name, somebody.profession))
        tally.add(entry, holds)
    return found


def _as_a_member(forum: OwnForum, entry: Entry, somebody: Known | None) -> bool:
    """Say whether somebody was there as a member, or may have been: then nobody learns who they are."""
    if entry.logged.capacity == Capacity.PEER:
        return True
    place = entry.logged.community or NOT_SENT
    platform = PlatformId(str(forum.platform_id))
    held = frozenset() if somebody is None else capacities_of_viewer(somebody.hcp, platform, place, entry.at)
    return Capacity.PEER in held


def _onlooker(forum: OwnForum, tally: _Tally) -> Onlooker:
    asked, shown = tally.times(Kind.ASKED), tally.times(Kind.SHOWN)
    return Onlooker(
        forum.name, tally.name, tally.profession, asked, shown, tally.on_trial, despite_hold=tally.despite_hold
    )


def _members(forum: OwnForum, tally: _Tally) -> Members:
    return Members(forum.name, asked=Kind.ASKED in tally.last, shown=Kind.SHOWN in tally.last)


def _newest_first(one: Onlooker) -> tuple[int, str]:
    return -max(times.last for times in (one.asked, one.shown) if times is not None), one.name
