"""How a professional is here: the capacities in force in a community at an instant."""

from collections.abc import Iterable

from governance.decision.facts import CapacityRecord, Hcp
from governance.decision.provisions import Interval
from governance.decision.vocabulary import NOT_SENT, Capacity, Instant, NotSentType, PlatformId

_DEFAULT = frozenset({Capacity.PROFESSIONAL})


def capacities_of_viewer(
    hcp: Hcp, platform: PlatformId, community: str | NotSentType, at: Instant
) -> frozenset[Capacity]:
    """Return every capacity that must permit; `professional` where no record is running.

    A community that was not sent may be any of the platform's, so each of them counts.
    """
    if not hcp.capacities:
        return _DEFAULT
    running = _running(hcp, platform, at)
    wide = _held(record for record in running if record.community is None) or _DEFAULT
    if community is NOT_SENT:
        return wide | _held(running)
    return _held(record for record in running if record.community == community) or wide


def recorded_as_professional(hcp: Hcp, platform: PlatformId, community: str | NotSentType, at: Instant) -> bool:
    """Say whether the records say `professional`, and nothing else, for that community at that time."""
    running = _running(hcp, platform, at)
    wide = _held(record for record in running if record.community is None)
    if community is NOT_SENT:
        return wide == _DEFAULT == _held(running)
    return (_held(record for record in running if record.community == community) or wide) == _DEFAULT


def _running(hcp: Hcp, platform: PlatformId, at: Instant) -> list[CapacityRecord]:
    return [
        record
        for record in hcp.capacities
        if record.platform == platform and record.during.covers(at) and not _stopped(record.during.start, hcp.cases)
    ]


def _stopped(start: Instant, cases: Iterable[Interval]) -> bool:
    """A serious case that stands at the start stops it: a new hat is no way out of a case."""
    return any(case.covers(start) for case in cases)


def _held(records: Iterable[CapacityRecord]) -> frozenset[Capacity]:
    return frozenset(record.capacity for record in records)
