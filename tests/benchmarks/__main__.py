"""`python -m tests.benchmarks`: what a decision costs, beside two general engines on the same forum."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from tests.benchmarks import population
from tests.benchmarks.agreement import field_of
from tests.benchmarks.report import Goal, environment, say_environment, say_field, say_row
from tests.benchmarks.timing import Task, Timed, race, ratios

GROWN = {0: 400, 1: 400, 10: 400, 100: 100, 1_000: 20}
"""Patients for so many further lines each."""


YARDSTICK = "an empty call"
"""What this interpreter takes to call a function: on another machine, or a busy one, all times grow with it."""


class Run:
    """One run: its size, and all it saw."""

    def __init__(self, *, quick: bool, seed: int) -> None:
        self.rounds, self.block = (9, 0.004) if quick else (21, 0.008)
        self.seed = seed
        self.seen: dict[str, dict[str, Timed]] = {}
        self.absent: dict[str, str] = {}

    def race(self, what: str, drawn: population.Population) -> None:
        """Check that all agree, time them, and say what came out."""
        field = field_of(drawn)
        say_field(what, field)
        self.absent |= field.absent
        tasks = {YARDSTICK: Task(_nothing, 1_000)}
        for contestant in field.contestants:
            tasks[f"{contestant.name}, one"] = Task(contestant.one, len(drawn.asks))
            tasks[f"{contestant.name}, page of 100"] = Task(contestant.page, len(drawn.pages))
        self.seen[what] = race(tasks, self.rounds, self.block, self.seed)
        for name, timed in self.seen[what].items():
            say_row(name, timed.quartiles)

    def goals(self) -> list[Goal]:
        """Hold what was seen against what the project aims at."""
        one, page = "decide, one", "memo, page of 100"
        plain, many = self.seen[_grown(1)], self.seen[_grown(100)]
        goals = [
            Goal("typical decision, microseconds", plain[one].quartiles.median, most=5),
            Goal("page of 100 remembered, microseconds", plain[page].quartiles.median, most=150),
            Goal(
                "decision with 100 lines / with 1", many[one].quartiles.median / plain[one].quartiles.median, most=1.25
            ),
        ]
        for peer in ("cedarpy", "vakt"):
            if f"{peer}, one" in plain:
                seen = ratios(plain[f"{peer}, one"], plain[one]).median
                goals.append(Goal(f"{peer} / decide", seen, least=10 if peer == "cedarpy" else 1))
        return goals

    def as_json(self, found: dict[str, Any], goals: list[Goal]) -> dict[str, Any]:
        """Return everything for the record; times in microseconds of CPU."""
        seen = {
            what: {name: timed.quartiles._asdict() for name, timed in row.items()} for what, row in self.seen.items()
        }
        return {
            "environment": found,
            "seed": self.seed,
            "rounds": self.rounds,
            "absent": self.absent,
            "microseconds": seen,
            "goals": [goal._asdict() | {"met": goal.met} for goal in goals],
        }


def _nothing(number: int) -> int:
    return number


def _grown(lines: int) -> str:
    return f"typical, {lines} further lines a patient"


@click.command()
@click.option("--quick", is_flag=True, help="Fewer patients and rounds: under a minute.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all figures to this file.")
@click.option("--patients", type=int, help="Patients of the mixed forum.")
@click.option("--seed", type=int, default=1, show_default=True)
def main(*, quick: bool, json_file: Path | None, patients: int | None, seed: int) -> None:
    """Time a decision and a page of 100, with `--quick` a replica too: microseconds of CPU, median and quartiles."""
    found = environment()
    say_environment(found)
    run = Run(quick=quick, seed=seed)
    run.race("mixed forum", population.mixed(patients or (1_000 if quick else 10_000), seed))
    for lines, many in GROWN.items():
        run.race(_grown(lines), population.typical(many, lines, seed))
    goals = run.goals()
    click.echo("\n" + "\n".join(map(str, goals)))
    if quick:
        # In a process of its own: what it measures must have loaded the kit and nothing else.
        click.echo("\na replica of a forum's own")
        subprocess.run([sys.executable, "-m", "tests.benchmarks.replica", "--quick"], check=True)
    if json_file is not None:
        json_file.write_text(json.dumps(run.as_json(found, goals), indent=2) + "\n")


if __name__ == "__main__":
    main()
