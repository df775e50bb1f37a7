"""Which tests cost so much that they run with `pytest -m slow` alone: `heavy.txt`, measured and not guessed.

    python -m pytest -p tests.heavy --cpu-times cpu.txt
    python -m tests.heavy cpu.txt*

The list grows by what became too dear for the plain run; `rm tests/heavy.txt` before it chooses among all of them.
Measured is the processor's time of a test with its fixtures, and of the processes it waited for: how busy the machine
is does not count. The dearest tests are heavy, as many as there have to be for all others to end within five minutes
on two cores.
"""

import resource
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

LIST: Final = Path(__file__).with_name("heavy.txt")
_SECONDS: Final = 410.0
"""What two cores do in five minutes, less what it takes to collect tests, twice, what services use that are killed, as
nobody can count that, and to wait for the last one."""
_EVERY_TIME: Final = (
    "tests/architecture/",
    "tests/contract/test_schemathesis.py",
    "tests/decision/test_oracle.py::test_core_and_oracle_agree",
    "tests/feed/webhooks/test_chaos.py::test_each_of_500_events",
    "tests/machine/test_machine.py::test_two_thousand_requests",
    "tests/optout/test_ratchet.py::test_nothing_opens_before",
    "tests/reliability/test_kill.py",
    "tests/reliability/test_reports.py",
    "tests/reliability/test_thief.py",
    "tests/scenarios/",
    "tests/ui/test_languages.py",
)
"""What was promised to be in the plain run, whatever it costs."""


def heavy() -> frozenset[str]:
    """Return the names of the heavy tests as pytest writes them."""
    lines = LIST.read_text().splitlines() if LIST.exists() else []
    return frozenset(line for line in lines if not line.startswith("#"))


def runs_every_time(test: str) -> bool:
    """Say whether a test is in the plain run however long it takes."""
    return test.startswith(_EVERY_TIME)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file to write to; every worker has one of its own."""
    parser.addoption("--cpu-times", help="write the processor's time of each test to files that begin so")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Write down what a test took, with its fixtures."""
    before = _spent()
    result = yield
    where = item.config.getoption("--cpu-times")
    if where:
        worker = getattr(item.config, "workerinput", {}).get("workerid", "")
        with Path(f"{where}{worker}").open("a") as file:
            file.write(f"{_spent() - before:.3f} {item.nodeid}\n")
    return result


def _spent() -> float:
    used = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def chosen(spent: Counter[str]) -> list[str]:
    """Return the heavy ones of these tests: dearest first until the others fit, but for what has to run every time.

    Of each file the cheapest one does: what is broken as a whole is seen by each run.
    """
    too_much = spent.total() - _SECONDS
    cheapest = {test.partition("::")[0]: test for test, _ in spent.most_common()}
    found = []
    for test, took in spent.most_common():
        if too_much <= 0:
            break
        if not runs_every_time(test) and test not in cheapest.values():
            found.append(test)
            too_much -= took
    return sorted(found)


def main() -> None:
    """Read files of measured times, and write the list anew; what is on it and was not measured stays on it."""
    spent: Counter[str] = Counter()
    for name in sys.argv[1:]:
        for line in Path(name).read_text().splitlines():
            took, _, test = line.partition(" ")
            spent[test] += float(took)
    listed = sorted(heavy() - spent.keys() | set(chosen(spent)))
    LIST.write_text("\n".join(["# Made by `python -m tests.heavy`, which says what is heavy.", *listed, ""]))


if __name__ == "__main__":
    main()
