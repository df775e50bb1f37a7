"""Breaks of how reports are worked on."""

from datetime import date

from governance.policy.checks import desk
from tests.policy.breaks.row import DESK, Break
from tests.policy.copies import GONE

_FIRST = ("regimes", 0, "clocks", 0)

DESK_BREAKS = [
    Break(desk.clocks_run, DESK, (*_FIRST, "amount"), 0, "regimes[1].clocks[1].amount", "no time", "1 or more"),
    Break(
        desk.clocks_run,
        DESK,
        (*_FIRST, "sooner", 1, "amount"),
        0,
        "regimes[1].clocks[1].amount",
        "no time",
        "1 or more",
    ),
    Break(desk.clocks_run, DESK, (*_FIRST, "stops"), "filed", "regimes[1].clocks[1].stops", "starts", "waits for"),
    Break(
        desk.clocks_are_unique,
        DESK,
        ("regimes", 0, "clocks", 1, "code"),
        "acknowledge",
        "regimes[1].clocks[2]",
        "twice",
        "keep one",
    ),
    Break(desk.house_always_applies, DESK, _FIRST, GONE, "regimes.house", "acknowledged", "add one"),
    Break(desk.house_always_applies, DESK, ("regimes", 0, "applies"), "picked", "regimes.house", "decided", "always"),
    Break(desk.calendars_are_known, DESK, ("desk", "calendar"), "XX", "desk.calendar", "no calendar", "GB"),
    Break(desk.calendars_are_known, DESK, ("regimes", 2, "calendar"), "UK", "regimes[3].calendar", "no calendar", "GB"),
    Break(
        desk.calendars_have_days,
        DESK,
        ("calendars", "GB", "weekend"),
        [1, 2, 3, 4, 5, 6, 7],
        "calendars.GB.weekend",
        "part of a week",
        "not all",
    ),
    Break(
        desk.calendars_have_days, DESK, ("calendars", "US", "zone"), "Mars/Base", "calendars.US.zone", "no zone", "as"
    ),
    Break(
        desk.calendars_have_days,
        DESK,
        ("calendars", "GB", "holidays"),
        [date(2026, 12, 26)],
        "calendars.GB.holidays",
        "on a weekend",
        "taken for it",
    ),
    Break(
        desk.danger_is_highest,
        DESK,
        ("severity", "danger_now"),
        "S3",
        "severity.danger_now",
        "not the highest",
        "write S4",
    ),
    Break(desk.measures_end, DESK, ("measures", "wide_days"), 0, "measures.wide_days", "no time", "1 to 366"),
    Break(desk.measures_end, DESK, ("measures", "pair_days"), 400, "measures.pair_days", "no time", "1 to 366"),
]
