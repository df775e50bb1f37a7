"""`python -m tests.benchmarks.replica`: a replica of a million patients: ready, memory, checks, pages. By hand."""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Final

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from governance.decision.facts import Community, Room, Setting
from governance.decision.vocabulary import BEGINNING, Action, Ages, Instant, PlatformId, Posture
from governance.feed.told import Teller, Window
from governance.pep.questions import Resource, Words
from governance.pep.replica.replica import Replica
from governance.pep.replica.setup import SetUp
from governance.pep.replica.state import State
from governance.pep.wire.bundle import (
    BundleWriter,
    Header,
    Numbered,
    Places,
    encode_choices,
    encode_emergency,
    open_bundle,
)
from governance.pep.wire.keys import WireKeys
from governance.pep.wire.people import AuthorRecord
from governance.pep.wire.places import CommunityRecord
from governance.pep.wire.signatures import TrustedKeys, key_id, signed_bytes
from tests.benchmarks.ours import CONDUCT, author_of, viewer_of
from tests.benchmarks.population import COMMUNITIES, HCPS, NOW, PER_PAGE, PLATFORM, YEAR, Maker, Professional
from tests.benchmarks.report import Goal, environment, say_environment, say_row
from tests.benchmarks.timing import Task, quartiles, race

KEYS: Final = WireKeys(b"a" * 32, b"p" * 32, b"t" * 32)
SIGNER: Final = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
PUBLIC: Final = SIGNER.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
WINDOW: Final = Window(Instant(NOW - 1_000_000), Instant(NOW + YEAR))
KINDS: Final = 20_000
"""Different people, of whom all the others are namesakes under tokens of their own."""
WITH_TEAM, WITH_LINES = 0.25, 0.15
"""Shares of those who named a care team, and of those who said one thing more than their levels."""


def _people(seed: int) -> Iterator[AuthorRecord]:
    teller, maker = Teller(KEYS, PlatformId(PLATFORM), WINDOW, b"decoys"), Maker(seed, plain=True)
    for number in range(KINDS):
        drawn = maker.patient(f"kind-{number}", int(maker.rng.random() < WITH_LINES))
        if maker.rng.random() > WITH_TEAM:
            drawn.care_team = frozenset()
        yield teller.author(author_of(drawn))


def write_bundle(path: Path, many: int, seed: int) -> None:
    """Write what the service would send of so many patients."""
    rng, choices, records = random.Random(seed), Numbered(), Numbered()
    kinds = [(record, choices.number(encode_choices(record.choices))) for record in _people(seed)]
    accounts = []
    for number in range(many):
        record, chosen = kinds[number % KINDS]
        encoded = record.encode(chosen)
        if record.is_personal:
            # Whom somebody names looks different for each: another digest in the place of this one.
            encoded = _renamed(encoded, record, rng)
        accounts.append((KEYS.account(account(number)), records.number(encoded)))
    header = Header(PLATFORM, "e", 1, *WINDOW, key_id(PUBLIC), many, len(HCPS))
    writer = BundleWriter()
    with path.open("wb") as to:
        to.write(writer.head(header))
        to.write(writer.section([_places().encode()]))
        to.write(writer.section([encode_emergency([])]))
        to.write(writer.section([choices.encode()]))
        to.write(writer.section([records.encode()]))
        to.write(writer.section([token + number.to_bytes(4, "big") for token, number in sorted(accounts)]))
        to.write(writer.section([_governed()]))
        to.write(SIGNER.sign(signed_bytes("bundle", writer.digest())))


def account(number: int) -> str:
    return f"member-{number}"


def _renamed(encoded: bytes, record: AuthorRecord, rng: random.Random) -> bytes:
    lines = (*record.own, *record.over, *record.kept)
    for pair in {*(one.pair for one in (*record.team, *record.blocks)), *(line.pair for line in lines if line.pair)}:
        encoded = encoded.replace(pair, rng.randbytes(8))
    return encoded


def _places() -> Places:
    plain = Community((Setting(BEGINNING, Posture.INFORMED, Ages.MIXED),))
    named = {KEYS.place("community", community).hex(): CommunityRecord(plain) for community in COMMUNITIES}
    return Places(Room(Posture.INFORMED, Ages.MIXED), named)


def _governed() -> bytes:
    teller, listed = Teller(KEYS, PlatformId(PLATFORM), WINDOW, b"decoys"), Numbered()
    for hcp in HCPS:
        viewer = viewer_of(Professional(hcp))
        listed.number(KEYS.account(hcp) + teller.governed(viewer, viewer.hcp, CONDUCT, hcp).encode())
    return listed.encode()


def a_replica() -> Replica:
    """Return a replica that follows nobody."""
    return Replica(SetUp("http://127.0.0.1:9", "forum", "secret", PLATFORM, KEYS, TrustedKeys((PUBLIC,))))


def load(replica: Replica, path: Path) -> float:
    """Read a bundle's file as the follower does what it fetched; return the seconds until it could decide."""
    begun = time.perf_counter()
    state = State.of(open_bundle(path.read_bytes(), TrustedKeys((PUBLIC,))))
    replica.evaluator.time.set(NOW)
    replica.evaluator.publish(state)
    replica.evaluator.lease.renew(replica.evaluator.clocks.now())
    assert replica.evaluate_page("nobody", Action.VIEW, [resource(0)])[0].reason == "not_governed"
    return time.perf_counter() - begun


def resource(number: int) -> Resource:
    words = Words(
        account(number),
        COMMUNITIES[number % len(COMMUNITIES)],
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
        self._alive()
        return self.replica.evaluate_page(HCPS[0], Action.VIEW, self.ones[number])

    def page(self, number: int) -> object:
        self._alive()
        return self.replica.evaluate_page(HCPS[1], Action.VIEW, self.pages[number])

    def cold(self, number: int) -> float:
        """Time a page of authors and posts that were never asked about, by another professional each time."""
        page = next(self.new)
        self._alive()
        begun = time.thread_time_ns()
        self.replica.evaluate_page(HCPS[number % len(HCPS)], Action.VIEW, page)
        return (time.thread_time_ns() - begun) / 1_000

    def _alive(self) -> None:
        self.replica.evaluator.lease.renew(self.replica.evaluator.clocks.now())


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
    """Return the most memory that this process ever had."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1_024


if __name__ == "__main__":
    main()
