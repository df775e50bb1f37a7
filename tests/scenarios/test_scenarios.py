"""Every row of every scenario table, put to the pure function and to the oracle."""

from collections import defaultdict

import pytest

from governance.decision.decide import decide
from governance.decision.vocabulary import Reason
from tests.decision.oracle import oracle
from tests.scenarios.facts import question
from tests.scenarios.reader import read_all
from tests.scenarios.world import Pair, Row, World

SCENARIOS = read_all()
ASKED = [pytest.param(scenario.world, row, id=row.name) for scenario in SCENARIOS for row in scenario.all_rows()]
PAIRS = [pytest.param(pair, id=pair.before.name.removesuffix(" before")) for each in SCENARIOS for pair in each.pairs]

PERMITS = {Reason.PERMITTED, Reason.NOT_GOVERNED}
STEPS_THAT_PERMIT = {"0", "1", "3c", "3d", "3f", "3h", "3i", "3j"}
STEPS_THAT_REFUSE = {"1", "2", "3a", "3b", "3c", "3e", "3f", "3g", "3h", "3k"}


@pytest.mark.parametrize(("world", "row"), ASKED)
def test_the_decision_answers_as_the_table_says(world: World, row: Row) -> None:
    decision = decide(*question(world, row))
    assert (decision.reason, decision.permit) == (row.then, row.then in PERMITS), row.because
    if row.step is not None:
        assert decision.verdict.step == row.step, row.because


@pytest.mark.parametrize(("world", "row"), ASKED)
def test_the_oracle_answers_as_the_table_says(world: World, row: Row) -> None:
    assert oracle(*question(world, row)) is row.then, row.because


@pytest.mark.parametrize("pair", PAIRS)
def test_every_example_of_a_law_keeps_it(pair: Pair) -> None:
    assert pair.before.then in PERMITS or pair.after.then not in PERMITS, pair.law
    assert pair.before.then == pair.after.then or not pair.same, pair.law


def test_the_tables_show_each_step_deciding_in_every_way_it_can() -> None:
    shown = defaultdict(set)
    for scenario in SCENARIOS:
        for row in scenario.all_rows():
            shown[row.then in PERMITS].add(row.step)
    assert shown[True] - {None} == STEPS_THAT_PERMIT
    assert shown[False] - {None} == STEPS_THAT_REFUSE


def test_every_row_gives_its_reason_in_a_plain_sentence() -> None:
    for scenario in SCENARIOS:
        for row in scenario.all_rows():
            assert row.because[0].isupper(), row.name
            assert row.because.endswith("."), row.name
            assert len(row.because.split()) >= 3, row.name


def test_there_are_no_two_rows_that_ask_the_same() -> None:
    seen = {}
    for scenario in SCENARIOS:
        for row in scenario.rows:
            key = repr((scenario.file, row.viewer, row.action, row.pieces, row.now, row.sender, row.recipients))
            key += repr((row.flagged, row.patient_wrote_first))
            assert key not in seen, f"{row.name} asks what {seen.get(key)} asks"
            seen[key] = row.name
