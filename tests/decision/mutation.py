"""Mutation testing of the decision: `python -m tests.decision.mutation`, half an hour on two idle cores.

mutmut changes `governance/decision` in a copy of the tree, one small thing at a time, and runs fast proofs on every
mutant: `decide` against the oracle (a few thousand worlds instead of 100,000), explanations and levels; `loosens`
against edits. Prints the score and every survivor, and exits 1 below 95 %. `--keep DIR` leaves the copies there:
`cd DIR/decide && mutmut show NAME` tells what a survivor changed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
COPIED: Final = (
    "governance/__init__.py",
    "governance/decision",
    "tests/__init__.py",
    "tests/decision",
    "pyproject.toml",
)
DUE: Final = 0.95
ALIVE: Final = {"survived", "no tests"}
FAST: Final = {**os.environ, "WORLDS": "10000"}
SEARCH: Final = "governance/decision/loosens/*.py"
"""All other modules are part of `decide`."""
PROOFS: Final = {
    "decide": (
        "tests/decision/test_oracle.py::test_core_and_oracle_agree",
        "tests/decision/test_explain.py",
        "tests/decision/test_levels.py",
        "tests/decision/test_memo.py",
        "tests/decision/test_recall.py",
        "tests/decision/test_matching.py",
        "tests/decision/test_rules.py",
        "tests/decision/test_index.py",
        "tests/decision/test_edges.py",
        "tests/decision/test_rooms.py",
    ),
    "loosens": (
        "tests/decision/test_gains.py",
        "tests/decision/test_witness.py",
        "tests/decision/test_loosening_edits.py",
        "tests/decision/test_level_lines.py",
    ),
}

# One process, one order, and without the tests that break the core on purpose.
RUN = ["-n", "0", "-p", "no:randomly", "-p", "no:cacheprovider", "--tb=no", "-k", "not blind_to and not forgets"]


def settings(part: str) -> str:
    """Tell mutmut what to change and what to run."""
    mutated = f'only_mutate = ["{SEARCH}"]'
    if part == "decide":
        mutated = f'only_mutate = ["governance/decision/*.py"]\ndo_not_mutate = ["{SEARCH}"]'
    return f"""
[tool.mutmut]
source_paths = ["governance/"]
{mutated}
pytest_add_cli_args = {RUN}
pytest_add_cli_args_test_selection = {list(PROOFS[part])}
"""


def copy_tree(part: str, target: Path) -> None:
    """Copy what the fast proofs need, and tell mutmut what to do there."""
    for name in COPIED:
        source, copied = ROOT / name, target / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copied, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            shutil.copy(source, copied)
    with (target / "pyproject.toml").open("a") as configuration:
        configuration.write(settings(part))


def mutmut(*arguments: str, cwd: Path, silent: bool = False) -> str:
    """Run mutmut in the copy; it shows its own progress."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=cwd, env=FAST, check=not silent, stdout=subprocess.PIPE if silent else None)
    return (done.stdout or b"").decode()


def statuses(results: str) -> dict[str, str]:
    """Read what became of every mutant."""
    return dict(line.strip().rsplit(": ", 1) for line in results.splitlines() if ": " in line)


def report(told: dict[str, str]) -> int:
    """Print the score and the survivors; give back what to exit with."""
    alive = sorted(name for name, status in told.items() if status in ALIVE)
    score = 1 - len(alive) / max(1, len(told))
    lines = ["", *alive, str(dict(Counter(told.values()))), f"{score:.1%} of {len(told)} killed", ""]
    sys.stdout.write("\n".join(lines))
    return 0 if told and score >= DUE else 1


def main() -> int:
    """Copy, mutate, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="work in this directory and leave it")
    parser.add_argument("part", nargs="?", choices=tuple(PROOFS), help="only this part")
    arguments = parser.parse_args()
    told: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for part in [arguments.part] if arguments.part else PROOFS:
            target = (arguments.keep or Path(temporary)) / part
            copy_tree(part, target)
            mutmut("run", "--max-children", "2", cwd=target)
            told |= statuses(mutmut("results", "--all", "true", cwd=target, silent=True))
    return report(told)


if __name__ == "__main__":
    sys.exit(main())
