"""Reading a probe's report: signed by the key that staff noted, of this forum, made lately; and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from governance.decision.vocabulary import Instant
from governance.effective.life.errors import BadReportError
from governance.pep.probe.failures import ProbeError
from governance.pep.probe.signing import verify

LARGEST: Final = 128 * 1024
WALK: Final = "walk"
CANARY: Final = "canary"
CLEAN: Final = "clean"
LEAKS: Final = "leaks"
PROVES_NOTHING: Final = "proves_nothing"
OLDEST: Final = 24 * 3_600 * 1_000_000
"""Microseconds after which a report comes too late: somebody may have kept the good one for a bad day."""
_AHEAD: Final = 5 * 60 * 1_000_000
"""How far another machine's clock may be before ours."""
_MICROSECONDS: Final = 1_000_000
"""In a second: reports say when they were made in whole ones."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says, as far as a forum's life rests on it."""

    digest: str
    kind: str
    result: str
    leaks: int
    made: Instant


def read_report(signed: str, forum: str, key: str, now: Instant) -> Told:
    """Return what a report says. Raises `BadReportError` for one of another key or forum, too old, or of no form."""
    if len(signed) > LARGEST:
        raise BadReportError("a report has at most 128 KiB; send the file that `--report` wrote, and nothing else")
    try:
        report = verify(signed, key)
    except (ProbeError, UnicodeError, RecursionError):
        raise BadReportError(
            "this is no report that the probe of this forum signed; `governance platform probe` notes another key"
        ) from None
    if report.get("forum") != forum:
        raise BadReportError("the report is about another address; walk the forum's own, or have another one noted")
    made = _made(report)
    if not now - OLDEST <= made <= now + _AHEAD:
        raise BadReportError("a report counts for 24 hours after it was made; walk again")
    leaks, lost, walked = report.get("leaks"), report.get("lost"), report.get("walked")
    if not isinstance(leaks, list) or not isinstance(lost, list) or not isinstance(walked, dict):
        raise BadReportError("the report is not of a form that this program reads; bring the probe up to date")
    kind = WALK if any(str(name).startswith("before ") for name in walked) else CANARY
    # THREAT: by a clock that is ahead, a report would be later than what came after it: a leak, a suspension.
    made = min(made, now)
    return Told(sha256(signed.strip().encode()).hexdigest(), kind, _result(report, leaks), len(leaks), made)


def worth(told: Told, opened: Instant | None) -> str:
    """Return as what a report counts, on a forum that has been open to professionals since an instant, if it is.

    THREAT: under a hold professionals are shown nothing, so a walk finds nothing that a permitted post would leak, such
    as a quote in it. Were that a walk, it would end the very hold that hides the leak.
    """
    under_hold = opened is None or told.made + _MICROSECONDS <= opened
    return CANARY if told.kind == WALK and told.result != LEAKS and under_hold else told.kind


def _result(report: Mapping[str, Any], leaks: list[Any]) -> str:
    if leaks:
        return LEAKS
    # INVARIANT: `is True`: what is not exactly that proves nothing.
    return CLEAN if report.get("proves") is True else PROVES_NOTHING


def _made(report: Mapping[str, Any]) -> Instant:
    try:
        # A time without a zone would be read as one of this machine's.
        made = datetime.strptime(str(report.get("made")), "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        raise BadReportError("the report does not say when it was made; bring the probe up to date") from None
    return Instant(int(made.timestamp()) * _MICROSECONDS)
