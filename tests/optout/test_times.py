"""When a rule holds, in every zone there is: no refusal ends early, whatever the clocks do."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from governance.decision.vocabulary import Instant
from governance.optout.own import times
from governance.optout.own.times import span_of_days, two_weeks_from, zones
from governance.ui.clock import to_datetime, to_instant

DAY = 24 * 3600 * 1_000_000
YEARS = (2000, 2038)
_HOUR = timedelta(hours=1)


def edges(zone):
    """Every second at which a zone's clocks jump, found by halving; as datetimes in UTC."""
    there = ZoneInfo(zone)
    step, found = timedelta(days=20), []
    at, stop = datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[1], 1, 1, tzinfo=UTC)
    while at < stop:
        if at.astimezone(there).utcoffset() != (at + step).astimezone(there).utcoffset():
            low, high = at, at + step
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                same = middle.astimezone(there).utcoffset() == low.astimezone(there).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high)
        at += step
    return found


def local_day(zone, instant):
    return to_datetime(Instant(instant)).astimezone(ZoneInfo(zone)).date()


def early_ends(zone, edge, last):
    """Say at which instants from the end on it is still the last day, or from where the end comes days late."""
    start, end = span_of_days(zone, last, last)
    begun = to_instant(edge)
    asked = [end, *(at for at in (begun - 1, begun, begun + 1, begun + DAY // 24) if at >= end)]
    wrong = [at for at in asked if local_day(zone, at) <= last]
    if end - start > 2 * DAY or local_day(zone, end - 1) > last + timedelta(days=1):
        wrong.append("late")
    return wrong


def early_two_weeks(zone, edge):
    """Say whether two weeks end before their time by the wall or by the watch, made around 14 days before an edge."""
    wrong = []
    for hours in (-25, -1, 0, 1):
        now = to_instant(edge - times.TWO_WEEKS + hours * _HOUR)
        end = two_weeks_from(zone, now).end
        wall = to_datetime(now).astimezone(ZoneInfo(zone)).replace(tzinfo=None) + times.TWO_WEEKS
        shown = to_datetime(end).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        if shown < wall or end - now < 14 * DAY:
            wrong.append((zone, now))
    return wrong


def wrong_in(some):
    found = []
    for zone in some:
        for edge in edges(zone):
            day = local_day(zone, to_instant(edge))
            for last in (day + timedelta(days=n) for n in (-2, -1, 0, 1)):
                found += [(zone, last, at) for at in early_ends(zone, edge, last)]
            found += early_two_weeks(zone, edge)
    return found


HARD = ["Europe/London", "America/Havana", "Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe", "America/Sao_Paulo"]


def test_no_refusal_ends_early_in_zones_drawn_by_lot():
    assert wrong_in([*HARD, *random.Random(7).sample(zones(), 20)]) == []


@pytest.mark.slow
def test_no_refusal_ends_early_in_any_zone_at_any_edge():
    assert len(zones()) > 590
    assert wrong_in(zones()) == []


def test_a_span_that_ends_at_the_earlier_of_two_readings_is_caught(monkeypatch):
    monkeypatch.setattr(times, "_readings", lambda zone, day: 2 * (times._instant(zone, _midnight(day), 1),))
    assert wrong_in(["America/Sao_Paulo"]) != []


def test_two_weeks_by_the_wall_alone_are_caught(monkeypatch):
    def by_the_wall(zone, now):
        later = to_datetime(now).astimezone(ZoneInfo(zone)).replace(tzinfo=None) + times.TWO_WEEKS
        return times.Interval(now, times._instant(zone, later, 0))

    monkeypatch.setitem(globals(), "two_weeks_from", by_the_wall)
    assert wrong_in(["Europe/London"]) != []


def _midnight(day):
    return datetime.combine(day, time())


@pytest.mark.parametrize(
    ("zone", "first", "last", "start", "end"),
    [
        ("Europe/London", (2026, 5, 1), (2026, 5, 14), "2026-04-30T23:00", "2026-05-14T23:00"),
        ("Europe/London", (2026, 10, 20), (2026, 10, 25), "2026-10-19T23:00", "2026-10-26T00:00"),
        ("Asia/Beirut", (2026, 3, 20), (2026, 3, 28), "2026-03-19T22:00", "2026-03-28T22:00"),
        ("America/Havana", (2026, 10, 30), (2026, 10, 31), "2026-10-30T04:00", "2026-11-01T05:00"),
        ("Asia/Kathmandu", (2028, 2, 29), (2028, 2, 29), "2028-02-28T18:15", "2028-02-29T18:15"),
    ],
)
def test_days_are_whole_where_one_lives(zone, first, last, start, end):
    span = span_of_days(zone, date(*first), date(*last))
    assert tuple(to_datetime(at).isoformat(timespec="minutes")[:16] for at in span) == (start, end)
