"""The contestants answer alike, so that their times may be compared. Times are shown and never fail."""

import pytest

from tests.benchmarks.__main__ import Run
from tests.benchmarks.agreement import field_of
from tests.benchmarks.population import mixed, typical

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("lines", [0, 1, 10, 100])
def test_all_who_are_installed_agree_with_the_oracle_on_typical_forums(lines):
    absent = field_of(typical(100, lines, seed=2)).absent
    assert [why for why in absent.values() if "disagrees" in why] == []


def test_all_who_are_installed_agree_with_the_oracle_on_a_mixed_forum(capsys):
    run = Run(quick=True, seed=2)
    with capsys.disabled():
        run.race("mixed forum", mixed(300, seed=2))
    assert [why for why in run.absent.values() if "disagrees" in why] == []
