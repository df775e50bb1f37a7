"""Which tests run when: the list of heavy ones names what is there, and the turns of `--share` leave nothing out."""

from collections import Counter
from pathlib import Path

import pytest

from tests.heavy import chosen, heavy
from tests.marks import in_share

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("file", sorted({name.partition("::")[0] for name in heavy()}))
def test_every_name_is_that_of_a_test(file):
    text = (ROOT / file).read_text()
    functions = {name.split("::")[1].partition("[")[0] for name in heavy() if name.startswith(f"{file}::")}
    assert [name for name in functions if f"def {name}(" not in text] == []


def test_the_dearest_are_heavy_until_the_others_fit_but_for_what_runs_every_time():
    light = {f"tests/x/test_x.py::test_{number}": 3.8 for number in range(100)}
    dear = {f"tests/x/test_x.py::test_dear_{number}": 20.0 for number in range(5)}
    always = {"tests/scenarios/test_s01.py::test_s1": 25.0}
    assert chosen(Counter(light | always)) == []
    assert chosen(Counter(light | dear | always)) == sorted(dear)


def test_the_cheapest_of_each_file_runs_every_time():
    dear = {f"tests/x/test_x.py::test_{number}": 200.0 + number for number in range(3)}
    assert chosen(Counter(dear | {"tests/y/test_y.py::test_alone": 900.0})) == sorted(list(dear)[1:])


@pytest.mark.parametrize("turn", ["001", "326"])
def test_two_days_take_every_test_once(turn):
    names = sorted(heavy())
    first = {name for name in names if in_share(name, f"{turn}/2")}
    second = {name for name in names if in_share(name, f"{int(turn) + 1}/2")}
    assert first | second == set(names)
    assert not first & second
    assert min(len(first), len(second)) > len(names) / 3
