"""`python -m tests.benchmarks.ledger`: what an entry costs, and verifying a million of them. Run by hand."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from governance.ledger import service
from tests.benchmarks.timing import quartiles
from tests.crypto.fixed import RING
from tests.ledger.place import NOW, Place
from tests.postgres import databases

AT_ONCE = 2_000
FACTS = {"subject": "0" * 64, "room": "optout", "version": 3, "mac": "1" * 64}
"""As large as an entry about a row in force."""


@click.command()
@click.option("--entries", default=1_000_000, show_default=True, help="How many entries to verify.")
@click.option("--appends", default=300, show_default=True, help="How many transactions of one entry to time.")
@click.option("--only", type=click.Choice(["sqlite", "postgres"]), help="One of the two databases.")
def main(*, entries: int, appends: int, only: str | None) -> None:
    """Time appends with and without a place outside, then the verification of many entries."""
    for name in ("sqlite", "postgres") if only is None else (only,):
        with tempfile.TemporaryDirectory() as folder, _url(name, Path(folder)) as url:
            place = Place(url, RING, Path(folder) / "outside").make_tables()
            _say(f"{name}: one entry and one record, kept outside", _appends(place, appends))
            _say(f"{name}: one entry, nothing kept outside", _appends(place, appends, outside=False))
            click.echo(f"{name}: {AT_ONCE} entries a transaction: {_fill(place, entries):.0f} entries/s")
            _verify(name, place)
            place.engine.dispose()


@contextmanager
def _url(name: str, folder: Path) -> Iterator[str]:
    if name == "sqlite":
        yield f"sqlite:///{folder / 'governance.db'}"
        return
    with databases() as made, made.lend(tables=False) as url:
        yield url


def _appends(place: Place, many: int, *, outside: bool = True) -> list[float]:
    taken = []
    for _ in range(many):
        begun = time.perf_counter()
        with Session(place.engine, info={"outside": place.outside if outside else None}) as session:
            service.append(session, RING, NOW, "effective", FACTS)
            if outside:
                service.journal(session, RING, b"x" * 300)
            session.commit()
        taken.append((time.perf_counter() - begun) * 1e6)
    return taken


def _fill(place: Place, many: int) -> float:
    begun = time.perf_counter()
    for start in range(0, many, AT_ONCE):
        place.append_in_one([("effective", FACTS)] * min(AT_ONCE, many - start))
    return many / (time.perf_counter() - begun)


def _verify(name: str, place: Place) -> None:
    begun, worked = time.perf_counter(), time.process_time()
    report = place.verify()
    took, cpu = time.perf_counter() - begun, time.process_time() - worked
    found = dict(report.findings.counts)
    million = 1e6 / report.size
    click.echo(
        f"{name}: verified {report.size} entries in {took:.1f} s ({cpu:.1f} s of this process), "
        f"{found or 'no finding'}; a million: {took * million:.1f} s"
    )
    begun = time.perf_counter()
    place.start()
    click.echo(f"{name}: proof at a start: {(time.perf_counter() - begun) * 1e3:.1f} ms")


def _say(what: str, taken: list[float]) -> None:
    low, median, high = quartiles(taken)
    click.echo(f"{what}: {median:.0f} microseconds ({low:.0f} to {high:.0f})")


if __name__ == "__main__":
    main()
