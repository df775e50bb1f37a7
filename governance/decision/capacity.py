"""How a professional is here: the capacities in force in a community at an instant."""

from collections.abc import Iterable
from typing import Final

from governance.decision.facts import CapacityRecord, Hcp
from governance.decision.provisions import Interval
from governance.decision.vocabulary import NOT_SENT, Capacity, Instant, NotSentType, PlatformId

Capacities = frozenset[Capacity]

_DEFAULT: Final[Capacities] = frozenset({Capacity.PROFESSIONAL})


def capacities_of_viewer(hcp: Hcp, platform: PlatformId, community: str | NotSentType, at: Instant) -> Capacities:
    """Return every capacity that must permit; `professional` where no record is running.

    A community that was not sent may be any of the platform's, so each of them counts.
    """
    if not hcp.ever_peer:
        return _DEFAULT
    running = _running(hcp, platform, at)
    if community is NOT_SENT:
        return (_held(running, None) or _DEFAULT).union(record.capacity for record in running)
    return _held(running, community) or _held(running, None) or _DEFAULT


def recorded_as_professional(hcp: Hcp, platform: PlatformId, community: str | NotSentType, at: Instant) -> bool:
    """Say whether the records say `professional`, and nothing else, for that community at that time."""
    running = _running(hcp, platform, at)
    if community is NOT_SENT:
        return _held(running, None) == _DEFAULT and all(record.capacity in _DEFAULT for record in running)
    return (_held(running, community) or _held(running, None)) == _DEFAULT


def _running(hcp: Hcp, platform: PlatformId, at: Instant) -> list[CapacityRecord]:
    return [
        record
        for record in hcp.capacities
        if record.platform == platform and record.during.covers(at) and not stopped(record.during.start, hcp.cases)
    ]


def stopped(start: Instant, cases: Iterable[Interval]) -> bool:
    """A serious case that stands at the start stops it: a new hat is no way out of a case."""
    return bool(cases) and any(case.covers(start) for case in cases)


def _held(records: Iterable[CapacityRecord], community: str | None) -> Capacities:
    """Return what records of one community say, or with None those of the whole platform."""
    return frozenset([record.capacity for record in records if record.community == community])
