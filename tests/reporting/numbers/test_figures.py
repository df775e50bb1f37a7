"""The figures of a year: what counts once, what twice, medians by hand, forums, files that a spreadsheet only reads."""

import csv
import json
from datetime import date
from io import StringIO
from xml.etree import ElementTree as ET

from governance.reporting.numbers.cells import tally
from governance.reporting.numbers.charts import chart
from governance.reporting.numbers.figures import (
    NO_FORUM,
    SMALLER_FORUMS,
    CaseCounts,
    Codes,
    MeasureCounts,
    figures,
)
from governance.reporting.numbers.files import as_csv, as_json
from governance.reporting.work import DAY

YEAR = date(2026, 1, 1), date(2027, 1, 1)
CODES = Codes(("boundary", "optout_breach"), ("S1", "S3"), ("upheld", "not_upheld"), ("hcp_block",))
PLAIN = CaseCounts(
    frozenset({"boundary"}), "S1", "upheld", None, 0, DAY, 3 * DAY, appealed=False, appeal_changed=False, late=False
)


def of(cases, measures=()):
    found = figures(YEAR, cases, list(measures), CODES)
    return {one.code: {line.code: line.number for line in one.lines} | {"total": one.total} for one in found.tallies}, {
        one.code: (one.median, one.ninetieth) for one in found.waits
    }


def test_a_case_under_two_types_counts_once_in_all():
    both = PLAIN._replace(kinds=frozenset({"boundary", "optout_breach"}))
    tables, _ = of([both] * 12)
    assert tables["types"] == {"boundary": 12, "optout_breach": 12, "total": 12}


def test_waits_are_the_nearest_ranks_worked_out_by_hand():
    cases = [PLAIN._replace(acknowledged=days * DAY, decided=None) for days in (0, 0, 1, 1, 2, 2, 3, 4, 9, 40)]
    _, waits = of(cases)
    assert waits == {"acknowledge": (2, 9), "decide": (None, None)}


def test_nine_are_too_few_for_a_median():
    _, waits = of([PLAIN] * 9)
    assert waits["decide"] == (None, None)


def test_breaches_stand_by_forum_and_small_forums_together():
    breach = PLAIN._replace(kinds=frozenset({"optout_breach"}))
    cases = [breach._replace(platform="large")] * 15 + [breach._replace(platform=f"f{at}") for at in range(12)]
    tables, _ = of(cases)
    assert tables["breaches"] == {"large": 15, SMALLER_FORUMS: 12, "total": 27}
    assert "f3" not in tables["breaches"]


def test_without_a_small_forum_a_large_one_is_shown():
    cases = [PLAIN._replace(kinds=frozenset({"optout_breach"}), platform="large")] * 15
    tables, _ = of(cases)
    assert tables["breaches"] == {"large": 15, "total": 15}


def test_of_one_small_forum_nothing_is_told():
    cases = [PLAIN._replace(kinds=frozenset({"platform_failure"}), platform="f")] * 3
    tables, _ = of([*cases, *[PLAIN] * 40])
    assert tables["breaches"] == {SMALLER_FORUMS: None, "total": None}
    assert NO_FORUM not in tables["breaches"]


def test_appeals_and_second_looks():
    cases = (
        [PLAIN] * 30 + [PLAIN._replace(appealed=True)] * 11 + [PLAIN._replace(appealed=True, appeal_changed=True)] * 10
    )
    looked = [MeasureCounts("hcp_block", "wrong")] * 10 + [MeasureCounts("hcp_block", "right")] * 20
    tables, _ = of(cases, [*looked, *[MeasureCounts("pair_block", None)] * 10])
    assert tables["appeals"] == {"not_appealed": 30, "unchanged": 11, "changed": 10, "total": 51}
    assert tables["measures"] == {"hcp_block": 30, "pair_block": 10, "total": 40}
    assert (tables["looks"]["right"], tables["looks"]["total"]) == (20, 30)


def test_a_forums_name_is_no_formula():
    read = list(csv.reader(StringIO(as_csv([["=HYPERLINK(1)", " @x", "+1", "Forum - F", "12"]]).decode("utf-8-sig"))))
    assert read == [["'=HYPERLINK(1)", "' @x", "'+1", "Forum - F", "12"]]


def test_json_has_every_table_and_nothing_small():
    told = json.loads(as_json(figures(YEAR, [PLAIN] * 12, [], CODES)))
    assert {one["code"] for one in told["tallies"]} >= {"types", "severities", "outcomes", "breaches", "appeals"}
    assert (told["since"], told["until"]) == ("2026-01-01", "2027-01-01")


def test_bars_are_a_picture_with_a_name_and_as_long_as_their_numbers():
    shown = tally("types", {"a": 40, "b": 20, "c": 10})
    drawn = ET.fromstring(chart(shown, "What <b> was", ["A", "B & C", "D"]))  # noqa: S314 - our own
    assert [int(one.get("width")) for one in drawn if one.tag == "rect"] == [320, 160, 80]
    assert [one.text for one in drawn if one.tag == "text"] == ["A", "B & C", "D"]
    assert (drawn.get("role"), drawn.get("aria-label")) == ("img", "What <b> was")


def test_what_is_not_shown_leaves_no_gap_and_one_bar_is_no_picture():
    labels = ["A", "B", "C", "D"]
    drawn = ET.fromstring(chart(tally("types", {"a": 40, "b": 0, "c": 30, "d": 20}), "What", labels))  # noqa: S314 - our own
    # The 20 would tell the small number beside it.
    assert [one.text for one in drawn if one.tag == "text"] == ["A", "C"]
    assert int(drawn.get("viewBox").split()[3]) == 2 * 34
    assert chart(tally("types", {"a": 40, "b": 0, "c": 0, "d": 0}), "What", labels) is None
