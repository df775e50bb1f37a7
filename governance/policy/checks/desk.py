"""Checks of how reports are worked on: every clock ends, every calendar is known, every word is there."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from governance.policy.checks.rule import Kind, titled
from governance.policy.problems import Problem, Severity
from governance.policy.reading import Source
from governance.policy.records import Procedure, Table, Variant
from governance.policy.shape import Shape

SEVERITIES = ("S0", "S1", "S2", "S3", "S4")
HARMS = ("none", "low", "moderate", "severe", "fatal")
OWN_CALENDAR = "desk"
"""Stands for the calendar of the case: the one of `desk.calendar` until an officer picks another."""
UNITS = frozenset({"hours", "days", "working_days", "months"})
MARKS = frozenset(
    {
        "filed",
        "acknowledged",
        "triaged",
        "told",
        "referred",
        "decided",
        "outcome_told",
        "appealed",
        "appeal_answered",
    }
)
"""What starts and stops clocks; each is written by a move of a case, or by something sent from it."""
_LEVELS = frozenset(SEVERITIES)
_TIME: dict[str, Shape] = {"amount": int, "unit": UNITS}
_SHAPE: dict[str, Shape] = {
    "desk": {
        "calendar": str,
        "opens": str,
        "closes": str,
        "clocks_owner": str,
        "clocks_deputy": str,
        "longest_pause_days": int,
        "appeal_days": int,
    },
    "pauses": {"causes": [str]},
    "severity": {
        "lowest": _LEVELS,
        "danger_now": _LEVELS,
        "raises": [{"types": [str], "minor": bool, "to": _LEVELS}],
    },
    "measures": {"pair_days": int, "wide_days": int, "wide_again_days": int, "emergency_review_working_days": int},
    "regimes": [
        {
            "code": str,
            "applies": frozenset({"always", "types", "picked"}),
            "types?": [str],
            "calendar": str,
            "owner": str,
            "checked": date,
            "review": date,
            "basis": str,
            "clocks": [
                {
                    "code": str,
                    "starts": MARKS,
                    "stops": MARKS,
                    "again?": bool,
                    **_TIME,
                    "sooner?": [{"severity": _LEVELS, **_TIME}],
                }
            ],
        }
    ],
    "calendars": {
        "*": {"zone": str, "weekend": [int], "through": date, "checked": date, "basis": str, "holidays": [date]}
    },
    "referrals": {"to": [str], "grounds": [str]},
    "outcomes": {"classes": [str]},
    "letters": {"codes": [str]},
}
_AHEAD = timedelta(days=180)
_YEAR = timedelta(days=365)


def _clocks(source: Source) -> Iterator[tuple[str, Table, Table]]:
    for number, regime in enumerate(source.data["regimes"], start=1):
        for place, clock in enumerate(regime["clocks"], start=1):
            yield f"regimes[{number}].clocks[{place}]", regime, clock


def clocks_run(source: Source) -> Iterator[Problem]:
    """A clock without time is late when it begins, and one that stops where it starts is never late."""
    for key, _, clock in _clocks(source):
        if any(time["amount"] < 1 for time in (clock, *clock.get("sooner", []))):
            yield source.problem(f"{key}.amount", "is no time", "write 1 or more")
        if clock["starts"] == clock["stops"]:
            yield source.problem(f"{key}.stops", "is where the clock starts", "name what it waits for")


def clocks_are_unique(source: Source) -> Iterator[Problem]:
    """A clock is found by its regime and its code."""
    seen: set[tuple[str, str]] = set()
    for key, regime, clock in _clocks(source):
        name = (regime["code"], clock["code"])
        if name in seen:
            yield source.problem(key, "is there twice", "keep one of the two clocks")
        seen.add(name)


def house_always_applies(source: Source) -> Iterator[Problem]:
    """Whatever country it is, a report is acknowledged and decided in time: H5, a report that sits unread."""
    stops = {clock["stops"] for _, regime, clock in _clocks(source) if (regime["code"], regime["applies"]) == _HOUSE}
    for mark in ("acknowledged", "triaged", "decided", "outcome_told"):
        if mark not in stops:
            yield source.problem("regimes.house", f"has no clock that waits for `{mark}`", "add one, applies = always")


_HOUSE = ("house", "always")


def calendars_are_known(source: Source) -> Iterator[Problem]:
    """A clock without its calendar could not fall due."""
    calendars = source.data["calendars"]
    named = {"desk.calendar": source.data["desk"]["calendar"]}
    for number, regime in enumerate(source.data["regimes"], start=1):
        if regime["calendar"] != OWN_CALENDAR:
            named[f"regimes[{number}].calendar"] = regime["calendar"]
    for key, calendar in named.items():
        if calendar not in calendars:
            yield source.problem(key, f"`{calendar}` is no calendar", f"use one of {', '.join(sorted(calendars))}")


def calendars_have_days(source: Source) -> Iterator[Problem]:
    """Somebody works on some day, in a zone that there is; a holiday on a weekend is one that was not moved."""
    for name, calendar in source.data["calendars"].items():
        if not {*calendar["weekend"]} < {*range(1, 8)}:
            yield source.problem(f"calendars.{name}.weekend", "is no part of a week", "name days by 1 to 7, not all")
        try:
            ZoneInfo(calendar["zone"])
        except (ZoneInfoNotFoundError, ValueError):
            yield source.problem(f"calendars.{name}.zone", "is no zone", "write it as Europe/London")
        for holiday in calendar["holidays"]:
            if holiday.isoweekday() in calendar["weekend"] or holiday > calendar["through"]:
                wrong = f"{holiday} is on a weekend, or after the last day that is known"
                yield source.problem(f"calendars.{name}.holidays", wrong, "write the day that is taken for it")


def danger_is_highest(source: Source) -> Iterator[Problem]:
    """Who says that somebody is in danger now is believed first."""
    if source.data["severity"]["danger_now"] != SEVERITIES[-1]:
        yield source.problem("severity.danger_now", "is not the highest", "write S4")


def measures_end(source: Source) -> Iterator[Problem]:
    """What closes without a finding ends unless somebody looks again."""
    for name, amount in source.data["measures"].items():
        if not 1 <= amount <= 366:  # noqa: PLR2004 - a year
            yield source.problem(f"measures.{name}", "is no time within a year", "write 1 to 366")


def calendars_reach_on(source: Source, today: date) -> Iterator[Problem]:
    """Beyond its last day a calendar knows no holiday."""
    for name, calendar in source.data["calendars"].items():
        if calendar["through"] - today < _AHEAD:
            yield source.problem(
                f"calendars.{name}.through", "ends soon", "add the holidays of the next years", Severity.WARNING
            )


def regimes_were_looked_at(source: Source, today: date) -> Iterator[Problem]:
    """A law may have changed; the clock goes on meanwhile."""
    for regime in source.data["regimes"]:
        if today > regime["review"] or today - regime["checked"] > _YEAR:
            yield source.problem(
                f"regimes.{regime['code']}.checked",
                f"was checked on {regime['checked']}",
                f"{regime['owner']} reads the law again, then writes the day in checked and review",
                Severity.WARNING,
            )


def words_of_desk(tables: Table, _variant: Variant) -> frozenset[str]:
    """Return the sections that a text of the desk must hold, but for the playbooks, which follow the types."""
    plain = frozenset(f"harm.{harm}" for harm in HARMS)
    plain |= {f"referral.{one}" for one in tables["referrals"]["to"]}
    plain |= {f"ground.{one}" for one in tables["referrals"]["grounds"]}
    plain |= {f"pause.{one}" for one in tables["pauses"]["causes"]}
    plain |= {f"regime.{regime['code']}" for regime in tables["regimes"]}
    plain |= {f"clock.{clock['code']}" for regime in tables["regimes"] for clock in regime["clocks"]}
    plain |= {f"playbook.{one}" for one in PLAYBOOKS}
    return plain | titled(
        *(f"severity.{one.lower()}" for one in SEVERITIES),
        *(f"outcome.{one}" for one in tables["outcomes"]["classes"]),
        *(f"letter.{one}" for one in tables["letters"]["codes"]),
    )


PLAYBOOKS = frozenset(
    {
        "uncomfortable",
        "boundary",
        "privacy",
        "optout_breach",
        "consent_defect",
        "impersonation",
        "credential",
        "unsafe_advice",
        "promotion",
        "harassment",
        "safeguarding_child",
        "safeguarding_adult",
        "fitness",
        "platform_failure",
        "retaliation",
        "data_breach",
        "other",
    }
)
"""One for each kind of concern; a test holds it against the reporting record."""
DESK = Kind(
    "desk",
    Procedure.REPORTING,
    _SHAPE,
    (
        clocks_run,
        clocks_are_unique,
        house_always_applies,
        calendars_are_known,
        calendars_have_days,
        danger_is_highest,
        measures_end,
    ),
    (calendars_reach_on, regimes_were_looked_at),
    words_of_desk,
)
