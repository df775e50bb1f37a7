"""Instants are whole microseconds of UTC, whatever zone a time was written in."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from governance.ui.clock import day_on_the_wall, now, on_the_wall, to_datetime, to_instant


def test_now_is_the_present_in_microseconds():
    before = time.time_ns() // 1000
    assert before <= now() <= time.time_ns() // 1000


@pytest.mark.parametrize("hours", [-12, -3.5, 0, 5.75, 14])
def test_a_zone_changes_how_an_instant_is_written_and_not_when_it_is(hours):
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert to_instant(noon.astimezone(timezone(timedelta(hours=hours)))) == to_instant(noon)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 5, 4, 12, 0, 0, 1, tzinfo=UTC),
        datetime(2099, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_no_microsecond_is_lost_on_the_way_and_back(moment):
    assert to_datetime(to_instant(moment)) == moment


def test_a_time_without_a_zone_is_none():
    with pytest.raises(TypeError):
        to_instant(datetime(2026, 5, 4, 12))  # noqa: DTZ001 - the very thing that must not pass


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 5, 4), 24)])
def test_a_day_begins_and_ends_by_the_clocks_on_the_wall(day, hours):
    begins, ends = day_on_the_wall(day)
    assert (on_the_wall(begins).date(), on_the_wall(begins).hour) == (day, 0)
    assert ends - begins == hours * 3_600_000_000
