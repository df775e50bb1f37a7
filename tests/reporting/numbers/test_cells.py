"""No number under ten is shown, and none that a difference tells."""

from hypothesis import given
from hypothesis import strategies as st

from governance.reporting.numbers.cells import LEAST, tally

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1, max_size=8)


def told(shown):
    """What a reader can work out: of one hidden line its number, of several their sum."""
    hidden = [line.code for line in shown.lines if line.number is None]
    if shown.total is None or not hidden:
        return hidden, None
    return hidden, shown.total - sum(line.number for line in shown.lines if line.number is not None)


@given(COUNTS)
def test_nothing_small_is_shown_or_told_by_a_difference(counts):
    shown = tally("t", counts)
    assert all(line.number is None or line.number >= LEAST for line in shown.lines)
    assert shown.total is None or shown.total >= LEAST
    hidden, together = told(shown)
    assert together is None or (len(hidden) > 1 and together >= LEAST)


@given(COUNTS)
def test_what_is_shown_is_true(counts):
    shown = tally("t", counts)
    assert [line.code for line in shown.lines] == list(counts)
    assert all(line.number in {None, counts[line.code]} for line in shown.lines)
    assert shown.total in {None, sum(counts.values())}


def test_the_next_smallest_goes_with_a_single_small_one():
    shown = tally("t", {"a": 40, "b": 12, "c": 3})
    assert [line.number for line in shown.lines] == [40, None, None]
    assert shown.total == 55


def test_hiding_the_small_one_alone_would_tell_it():
    """The control: what the rule of ten alone would show."""
    counts = {"a": 40, "b": 12, "c": 3}
    naive = sum(counts.values()) - sum(many for many in counts.values() if many >= LEAST)
    assert naive == counts["c"] < LEAST


def test_large_numbers_stay_as_they_are():
    shown = tally("t", {"a": 10, "b": 11})
    assert ([line.number for line in shown.lines], shown.total) == ([10, 11], 21)
