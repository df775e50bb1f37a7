"""What a run says: the environment in one line, a line a contestant, a line a goal; and all of it as JSON."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import click

from tests.benchmarks.agreement import Field
from tests.benchmarks.timing import Quartiles


class Goal(NamedTuple):
    """An aim of the project, and what was seen."""

    name: str
    seen: float
    most: float | None = None
    least: float | None = None

    @property
    def met(self) -> bool:
        return (self.most is None or self.seen <= self.most) and (self.least is None or self.seen >= self.least)

    def __str__(self) -> str:
        aim = f"<= {self.most:g}" if self.least is None else f">= {self.least:g}"
        return f"{'met ' if self.met else 'MISSED'}  {self.name}: {self.seen:.2f} (aim {aim})"


def environment() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        **{name: _version(name) for name in ("cedarpy", "vakt")},
    }


def say_environment(found: dict[str, Any]) -> None:
    click.echo(", ".join(f"{name} {value}" for name, value in found.items()))


def say_field(what: str, field: Field) -> None:
    names = ", ".join(contestant.name for contestant in field.contestants)
    click.echo(f"\n{what}: {field.permitted:.0%} permitted; the oracle agrees with {names}")
    for name, why in field.absent.items():
        click.echo(f"  left out: {name}, {why}")


def say_row(name: str, figures: Quartiles) -> None:
    click.echo(f"  {name:<28}{figures.median:>11.2f}   {figures.low:.2f} .. {figures.high:.2f}")


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "unknown")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
