"""`python -m tests.benchmarks.replica`: a replica of a million patients: ready, memory, checks, pages. By hand.

What is measured runs in a process that loads the kit and nothing else; so this file does too.
"""

import random
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.decision.vocabulary import Action
from governance.pep.questions import Resource, Words
from governance.pep.replica.replica import Replica
from governance.pep.replica.setup import SetUp
from governance.pep.replica.state import State
from governance.pep.wire.bundle import open_bundle
from governance.pep.wire.keys import WireKeys
from governance.pep.wire.signatures import TrustedKeys

KEYS: Final = WireKeys(b"a" * 32, b"p" * 32, b"t" * 32)
SEED_OF_KEY: Final = b"s" * 32
NOW: Final = 1_700_000_000_000_000
PLATFORM: Final = "forum"
PER_PAGE: Final = 100
VIEWERS: Final = [f"hcp-{i}" for i in range(500)]
PLACES: Final = [f"community-{i}" for i in range(50)]


def account(number: int) -> str:
    return f"member-{number}"


def a_replica() -> Replica:
    """Return a replica that follows nobody."""
    return Replica(SetUp("http://127.0.0.1:9", "forum", "secret", PLATFORM, KEYS, _trusted()), lease_seconds=30)


def _trusted() -> TrustedKeys:
    return TrustedKeys((Ed25519PrivateKey.from_private_bytes(SEED_OF_KEY).public_key().public_bytes_raw(),))


def load(replica: Replica, path: Path) -> float:
    """Read a bundle's file as the follower does what it fetched; return the seconds until it could decide."""
    begun = time.perf_counter()
    state = State.of(open_bundle(path.read_bytes(), _trusted()))
    replica.evaluator.time.set(NOW)
    replica.evaluator.publish(state)
    replica.evaluator.lease.renew(replica.evaluator.clocks.now())
    assert replica.evaluate_page("nobody", Action.VIEW, [resource(0)])[0].reason == "not_governed"
    return time.perf_counter() - begun


def resource(number: int) -> Resource:
    words = Words(
        account(number),
        PLACES[number % len(PLACES)],
        f"thread-{number % 1_000}",
        f"post-{number}",
        datetime(2023, 1, 1, tzinfo=UTC),
        None,
    )
    return Resource("post", f"post-{number}", (words,))


class Pages:
    """What is asked: pages of posts by random patients."""

    def __init__(self, replica: Replica, many: int, seed: int) -> None:
        rng = random.Random(seed)
        self.replica = replica
        self.ones = [[resource(rng.randrange(many))] for _ in range(2_000)]
        self.pages = [[resource(rng.randrange(many)) for _ in range(PER_PAGE)] for _ in range(200)]
        self.new = iter([[resource(rng.randrange(many)) for _ in range(PER_PAGE)] for _ in range(20_000)])

    def one(self, number: int) -> object:
        return self.replica.evaluate_page(VIEWERS[0], Action.VIEW, self.ones[number])

    def page(self, number: int) -> object:
        return self.replica.evaluate_page(VIEWERS[1], Action.VIEW, self.pages[number])

    def cold(self, number: int) -> float:
        """Time a page of authors and posts that were never asked about, by another professional each time."""
        page = next(self.new)
        begun = time.thread_time_ns()
        self.replica.evaluate_page(VIEWERS[number % len(VIEWERS)], Action.VIEW, page)
        return (time.thread_time_ns() - begun) / 1_000


def _keep_alive(replica: Replica, ended: threading.Event) -> None:
    """Renew the lease as the follower would."""
    while not ended.wait(1.0):
        replica.evaluator.lease.renew(replica.evaluator.clocks.now())


@click.command()
@click.option("--quick", is_flag=True, help="A hundredth of the patients.")
@click.option("--patients", type=int, help="So many instead.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--bundle", type=click.Path(path_type=Path), hidden=True)
def main(*, quick: bool, patients: int | None, seed: int, bundle: Path | None) -> None:
    """Load a bundle in a process of its own, and time checks and pages there: seconds, megabytes, microseconds."""
    many = patients or (10_000 if quick else 1_000_000)
    if bundle is not None:
        _measure(bundle, many, seed, quick=quick)
        return
    from tests.benchmarks.bundle import write_bundle  # noqa: PLC0415 - see above
    from tests.benchmarks.report import environment, say_environment  # noqa: PLC0415

    say_environment(environment())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle"
        write_bundle(path, many, seed)
        click.echo(f"  bundle of {many} patients: {path.stat().st_size / many:.1f} bytes each")
        words = [sys.executable, "-m", "tests.benchmarks.replica", "--bundle", str(path), "--patients", str(many)]
        subprocess.run([*words, *(["--quick"] if quick else [])], check=True)


def _measure(path: Path, many: int, seed: int, *, quick: bool) -> None:
    before = _megabytes()
    replica = a_replica()
    seconds = load(replica, path)
    memory = _megabytes()
    from tests.benchmarks.report import Goal, say_row  # noqa: PLC0415 - after the memory was looked at
    from tests.benchmarks.timing import Task, quartiles, race  # noqa: PLC0415

    ended = threading.Event()
    threading.Thread(target=_keep_alive, args=(replica, ended), daemon=True).start()
    pages = Pages(replica, many, seed)
    cold = quartiles([pages.cold(number) for number in range(200 if quick else 1_000)])
    tasks = {"one check, warm": Task(pages.one, len(pages.ones)), "page of 100, again": Task(pages.page, 200)}
    warm = race(tasks, 9 if quick else 21, 0.008, seed)
    for name, timed in warm.items():
        say_row(name, timed.quartiles)
    say_row("page of 100, cold", cold)
    click.echo(f"  the process before: {before:.0f} MB")
    for goal in (
        Goal("ready, seconds", seconds, most=15),
        Goal("memory at its highest, megabytes", memory, most=300),
        Goal("one check, warm, microseconds", warm["one check, warm"].quartiles.median, most=5),
        Goal("page of 100, cold, microseconds", cold.median, most=1_500),
        Goal("page of 100, again, microseconds", warm["page of 100, again"].quartiles.median, most=150),
    ):
        click.echo(goal)


def _megabytes() -> float:
    """Return the most memory that this process ever had; `getrusage` would tell its parent's too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1_024


if __name__ == "__main__":
    main()
