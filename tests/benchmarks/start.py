"""`python -m tests.benchmarks.start`: from the command line until the service may decide. Run by hand."""

import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import click
import requests

from tests.benchmarks.report import Goal, environment, say_environment, say_row
from tests.benchmarks.timing import quartiles
from tests.reliability.house import House

MOST = 1.5
"""Seconds."""
_GIVEN_UP = 60.0


def seconds_until_ready(house: House) -> float:
    """Start `governance serve` and wait until it says that it is ready."""
    words = [sys.executable, "-m", "governance", "--dir", str(house.directory), "serve", "--port", str(house.port)]
    begun = time.perf_counter()
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while time.perf_counter() - begun < _GIVEN_UP:
                with suppress(requests.RequestException):
                    if requests.get(f"{house.address}/readyz", timeout=3).ok:
                        return time.perf_counter() - begun
                time.sleep(0.005)
        finally:
            process.terminate()
    raise RuntimeError("the service did not start")


@click.command()
@click.option("--starts", type=click.IntRange(2), default=7, show_default=True)
def main(starts: int) -> None:
    """Start the service on SQLite again and again; seconds, median and quartiles, and the processor's seconds."""
    say_environment(environment())
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "here", f"sqlite:///{Path(folder) / 'governance.db'}")
        seconds_until_ready(house)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken = [seconds_until_ready(house) for _ in range(starts)]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        house.close()
    used = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / starts
    say_row("until ready, seconds", quartiles(taken))
    click.echo(f"  the processor's seconds of one start and end: {used:.2f}")
    click.echo(Goal("until ready, seconds", quartiles(taken).median, most=MOST))


if __name__ == "__main__":
    main()
