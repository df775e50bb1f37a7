"""For how long what a person was told counts, action by action: plain arithmetic over what is known.

The spans are written into the person's row in force. Decisions compare them with their own instant, so that nothing
depends on a job that runs in time.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from governance.decision.vocabulary import Action, Instant
from governance.policy.history import History
from governance.policy.views.disclosure import DisclosurePolicy

Span = tuple[int, int]
DAY: Final = 24 * 3600 * 1_000_000
_UNSEEN_DAYS: Final = 730
"""Where nothing was published yet; else the record says it."""


class Was(NamedTuple):
    """One acknowledgement, as far as it counts here."""

    version: str
    at: int


class Ends(NamedTuple):
    """What ends coverage besides a new version."""

    seen: int
    """When the person signed in last."""
    ask_again: Sequence[int] = ()
    """Instants from which what was told before counts no more."""


def covered(told: Iterable[Was], history: History, ends: Ends) -> dict[Action, Span]:
    """Return from when to when each action is covered by all that a person acknowledged."""
    found: dict[Action, Span] = {}
    lapse = ends.seen + unseen_days(history) * DAY
    for one in sorted(told, key=lambda one: one.at):
        stops = ends_of(one, history)
        last = min([lapse, *(at for at in ends.ask_again if at > one.at)])
        for action in Action:
            end = min(last, stops.get(action, last))
            # Of two that count, the one that counts longer; of two alike, the older one: the row then stays as it is.
            if end > one.at and (action not in found or end > found[action][1]):
                found[action] = (one.at, end)
    return found


def ends_of(told: Was, history: History) -> Mapping[Action, int]:
    """Return when an acknowledgement stops to cover the actions that later versions touched."""
    found: dict[Action, int] = {}
    for before, later in history.after(told.version):
        policy = DisclosurePolicy(later.record)
        # Grace is for who was told before the change: an outdated text read since then never covers what it lacks.
        grace = policy.grace_days * DAY if told.at < later.since else 0
        for action in policy.touched(None if before is None else DisclosurePolicy(before.record)):
            end = later.since + grace
            found[action] = min(end, found.get(action, end))
    return found


def lapses_at(seen: int, history: History) -> Instant:
    """Return when every permit of a person who was seen then asks again."""
    return Instant(seen + unseen_days(history) * DAY)


def unseen_days(history: History) -> int:
    """Return after how many days without a sign-in every permit asks again."""
    return DisclosurePolicy(history.versions[-1].record).unseen_days if history.versions else _UNSEEN_DAYS
