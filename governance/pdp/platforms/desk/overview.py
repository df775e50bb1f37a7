"""How a forum stands, in one look: its steps, what its probe found, who follows it, and whether hints arrive.

Nothing here names, or counts by name, anybody who writes there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.errors import BrokenRowError
from governance.effective.life.errors import NotProvenError
from governance.effective.life.models import Probe, ProbeReport
from governance.effective.life.proof import proof_since
from governance.effective.life.reports import CANARY, WALK
from governance.effective.life.service import Standing, standing_of
from governance.effective.life.states import MOVES, Event, State, ending_of
from governance.effective.models import find_revision
from governance.effective.replicas.service import Copy, copies
from governance.errors import NotFoundError
from governance.identity.models import Platform
from governance.pdp.platforms.steps import Step, steps_of
from governance.pep.probe.failures import ProbeError
from governance.pep.probe.signing import verify

HOOKS: Final = "governance.hooks_of_a_forum"
_MOST_SURFACES: Final = 20
_LONGEST_NAME: Final = 40


class Hook(NamedTuple):
    """An address of a forum that is told that there is something new, and how it fares; not where it is."""

    waiting: int
    dead: int
    is_paused: bool
    delivered: Instant | None


Hooks = Callable[[Session, UUID], Sequence[Hook]]
"""What this room is handed: the hooks of a forum."""


class Surface(NamedTuple):
    """One kind of place, such as titles: on how many pages it was read before the no, and on how many after it."""

    name: str
    before: int
    leaks: int


class Walked(NamedTuple):
    """A report of the probe as staff see it: no address of a page, since some hold a member's name."""

    made: Instant
    result: str
    leaks: int
    surfaces: tuple[Surface, ...]


class Line(NamedTuple):
    """A forum in the list."""

    id: UUID
    name: str
    standing: Standing
    next: Step | None
    """What to do next; none where nothing is left, where it has ended, and where that cannot be read."""
    is_readable: bool = True


class Overview(NamedTuple):
    """One forum."""

    id: UUID
    name: str
    standing: Standing
    steps: Sequence[Step] | None
    """None where a record of it cannot be read."""
    walk: Walked | None
    canary: Walked | None
    copies: Sequence[Copy]
    revision: int
    hooks: Sequence[Hook]
    may_suspend: bool
    may_resume: bool
    by_walk: bool
    """Whether no check under this hold is wide enough to end it alone."""


def lines(session: Session, keyring: Keyring, now: Instant) -> list[Line]:
    """Return every forum; who is suspended comes first, who has ended last."""
    found = [_line(session, keyring, platform, now) for platform in Platform.all_by_name(session)]
    return sorted(found, key=lambda one: _ORDER[one.standing.state])


def overview(session: Session, keyring: Keyring, hooks: Hooks, platform_id: UUID, now: Instant) -> Overview:
    """Return how a forum stands. Raises `NotFoundError`."""
    platform = session.get(Platform, platform_id)
    if platform is None:
        raise NotFoundError("there is no such forum; go back to the list")
    standing = standing_of(session, platform_id)
    return Overview(
        id=platform_id,
        name=platform.shown,
        standing=standing,
        steps=_steps(session, keyring, platform, now),
        walk=_walked(session, platform_id, WALK),
        canary=_walked(session, platform_id, CANARY),
        copies=copies(session, keyring, platform_id, now),
        revision=find_revision(session, platform_id),
        hooks=hooks(session, platform_id),
        may_suspend=(standing.state, Event.SUSPEND) in MOVES,
        may_resume=_may_resume(session, platform_id, standing),
        by_walk=standing.state is State.SUSPENDED and ending_of(standing.why).by_walk,
    )


_ORDER: Final[Mapping[State, int]] = {State.SUSPENDED: 0, State.TRYING: 1, State.LIVE: 2, State.ENDED: 3}


def _line(session: Session, keyring: Keyring, platform: Platform, now: Instant) -> Line:
    standing, steps = standing_of(session, platform.id), _steps(session, keyring, platform, now)
    following = next((one for one in steps or () if not one.done), None)
    ended = standing.state is State.ENDED
    return Line(platform.id, platform.shown, standing, None if ended else following, steps is not None)


def _steps(session: Session, keyring: Keyring, platform: Platform, now: Instant) -> Sequence[Step] | None:
    try:
        return steps_of(session, keyring, platform, now).steps
    except BrokenRowError:
        # Whoever wants to stop such a forum must still get to the page.
        return None


def _may_resume(session: Session, platform_id: UUID, standing: Standing) -> bool:
    if (standing.state, Event.RESUME) not in MOVES or standing.since is None:
        return False
    try:
        proof_since(session, platform_id, standing.since)
    except NotProvenError:
        return False
    return True


def _walked(session: Session, platform_id: UUID, kind: str) -> Walked | None:
    report = ProbeReport.newest(session, platform_id, kind)
    if report is None:
        return None
    return Walked(Instant(report.made), report.result, report.leaks, _surfaces(session, report))


def _surfaces(session: Session, report: ProbeReport) -> tuple[Surface, ...]:
    """Return what a report says of each kind of place; nothing, if another key is noted since or nobody can read it."""
    probe = session.get(Probe, report.platform_id)
    try:
        told = {} if probe is None else verify(report.signed, probe.public_key)
        return _summed(told.get("surfaces", ()))
    except (ProbeError, AttributeError, KeyError, TypeError, ValueError):
        return ()


def _summed(rows: Sequence[Mapping[str, Any]]) -> tuple[Surface, ...]:
    sums: dict[str, Surface] = {}
    for row in rows:
        name = str(row["surface"])[:_LONGEST_NAME]
        was = sums.get(name, Surface(name, 0, 0))
        sums[name] = Surface(name, was.before + int(row["before"] > 0), was.leaks + int(row["leaks"] > 0))
    return tuple(sorted(sums.values(), key=lambda one: (-one.leaks, one.name)))[:_MOST_SURFACES]
