"""`python -m tests.benchmarks.feed`: what a bundle of a million patients weighs, and what making and opening it costs
in seconds of CPU.

The rows are put into the database as the service would have them, codes and all, without the million transactions.
"""

import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from governance.crypto.blind_index import account_key, place_key
from governance.crypto.keys import Keyring
from governance.db.engine import open_engine
from governance.decision.levels import EXTRAS, provisions_of_level
from governance.decision.provisions import (
    CARE_TEAM,
    EVERYWHERE,
    OTHERS,
    Interval,
    Place,
    Provision,
    Scale,
    WhoKind,
    named,
)
from governance.decision.vocabulary import FOREVER, AccountKey, Action, Effect, Instant, Level, PlatformId
from governance.effective.documents import HcpDocument, Member, PatientDocument, encode, line_of
from governance.effective.macs import Binding, account_mac, row_mac
from governance.effective.models import GovernedAccount, InForce
from governance.feed.packing import write_bundle
from governance.feed.rules import rules_in_force
from governance.feed.service import Feed
from governance.feed.signing import FeedSigner
from governance.ledger.commits import OUTSIDE
from governance.ledger.outside import Outside
from governance.pep.wire.bundle import ACCOUNT_BYTES, Bundle, open_bundle
from governance.pep.wire.codec import Writer
from governance.pep.wire.signatures import TrustedKeys
from tests.benchmarks.report import Goal, environment, say_environment
from tests.conftest import make_tables
from tests.crypto.fixed import RING
from tests.forum import DAY, START, Forum

YEAR: Final = 365 * DAY
AT_ONCE: Final = 10_000
PERSONAL: Final = 0.1
"""How many patients say something about a person, a place or a time."""
LEVELS: Final = tuple(Level)


class Crowd(NamedTuple):
    """How many there are, and how many of them have more than levels."""

    patients: int
    personal: float
    professionals: int


class Maker:
    """Draws people on one platform."""

    def __init__(self, keyring: Keyring, platform: Any, crowd: Crowd, seed: int) -> None:
        self.rng, self.keyring, self.platform, self.crowd = random.Random(seed), keyring, platform, crowd
        self.nurses = [account_key(keyring, platform, f"hcp {number}") for number in range(crowd.professionals)]
        self.threads = [place_key(keyring, platform, "thread", str(number)) for number in range(2_000)]

    def patient(self) -> PatientDocument:
        rng = self.rng
        team, others = rng.choice(LEVELS), rng.choice(LEVELS[:4])
        extras = frozenset(rng.sample(sorted(EXTRAS), 1)) if rng.random() < 0.2 else frozenset[Action]()
        lines = [
            *provisions_of_level(team, CARE_TEAM, name="care_team", extras=extras),
            *provisions_of_level(others, OTHERS, name="others"),
        ]
        read = Instant(START - rng.randrange(YEAR))
        return PatientDocument(
            adult_from=START - rng.randrange(-2 * YEAR, 60 * YEAR),
            covered=dict.fromkeys(Action, (read, read + YEAR)),
            levels=(team, others),
            lines=tuple(map(line_of, [*lines, *self._further()])),
            care_team=self._team(),
        )

    def _further(self) -> Iterator[Provision]:
        rng = self.rng
        if rng.random() >= self.crowd.personal:
            return
        yield self._line(Effect.REFUSE, named(AccountKey(rng.choice(self.nurses))))
        for _ in range(rng.randrange(3)):
            place = Place(Scale.THREAD, PlatformId(str(self.platform)), rng.choice(self.threads))
            until = Instant(START - START % DAY + rng.randrange(1, 30) * DAY)
            yield self._line(Effect.REFUSE, OTHERS, place)
            yield self._line(Effect.REFUSE, OTHERS, when=Interval(Instant(START - rng.randrange(DAY)), until))

    def _line(self, effect: Effect, who: Any, where: Place = EVERYWHERE, **said: Any) -> Provision:
        return Provision(f"own.{self.rng.randrange(1_000)}", effect, who, where, frozenset(Action), **said)

    def _team(self) -> tuple[Member, ...]:
        if self.rng.random() >= self.crowd.personal:
            return ()
        return (Member(WhoKind.NAMED, self.rng.choice(self.nurses), (START - YEAR, FOREVER)),)

    def professional(self, key: str) -> HcpDocument:
        return HcpDocument(accounts=frozenset({key}), attested=(START - YEAR, START + YEAR), checked_until=START + YEAR)

    def rows(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Yield an account and the row of whose it is, for everybody."""
        for number, key in enumerate(self.nurses):
            yield self._row(key, "hcp", f"h{number:035d}", encode(self.professional(key)))
        for number in range(self.crowd.patients):
            key = account_key(self.keyring, self.platform, f"patient {number}")
            yield self._row(key, "patient", f"{number:036d}", encode(self.patient()))

    def _row(self, key: str, kind: str, subject: str, document: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
        marks = "registered" if kind == "hcp" else ""
        whose = (None, subject) if kind == "hcp" else (subject, None)
        binding = Binding(str(self.platform), key, 1, *whose, marks)
        bound = {"platform_id": self.platform, "key": key, "version": 1, "marks": marks}
        row = {"kind": kind, "subject": subject, "version": 1, "document": document}
        return (
            {**bound, "patient": whose[0], "hcp": whose[1], "mac": account_mac(self.keyring, binding)},
            {**row, "mac": row_mac(self.keyring, kind, subject, 1, document)},
        )


def fill(engine: Engine, maker: Maker) -> None:
    """Put everybody into the tables."""
    accounts: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []

    def put() -> None:
        with engine.begin() as connection:
            connection.execute(insert(InForce), rows)
            connection.execute(insert(GovernedAccount), accounts)
        accounts.clear()
        rows.clear()

    for account, row in maker.rows():
        accounts.append(account)
        rows.append(row)
        if len(rows) == AT_ONCE:
            put()
    if rows:
        put()


class Weighed(NamedTuple):
    """What a bundle came to."""

    data: bytes
    bundle: Bundle
    made: float
    opened: float


def weigh(crowd: Crowd, seed: int) -> Weighed:
    """Make and open a bundle of so many."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'feed.db'}"
        make_tables(url)
        engine = open_engine(url)
        with Session(engine, info={OUTSIDE: Outside(Path(folder) / "outside")}) as session:
            forum = Forum(session, RING)
            session.commit()
            platform = forum.id
        _, filled = timed(lambda: fill(engine, Maker(RING, platform, crowd, seed)))
        click.echo(f"  {crowd.patients:,} patients put in place in {filled:.0f} s")
        signer = FeedSigner(RING)
        with Session(engine) as session:
            session.connection(execution_options={"read_only": True})
            feed = Feed(session, RING, platform, rules_in_force(), START)
            file, made = timed(lambda: write_bundle(feed, feed.cursor(), signer))
            with file:
                file.seek(0)
                data = file.read()
            empty = timed(lambda: [feed.changes(feed.cursor(), "n", 5_000).encode() for _ in range(200)])[1] / 200
        click.echo(f"  an answer without changes, without HTTP and its signature: {empty * 1e6:.0f} microseconds")
        bundle, opened = timed(lambda: open_bundle(data, TrustedKeys((signer.public,))))
        engine.dispose()
    return Weighed(data, bundle, made, opened)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what came of it and the seconds of CPU it took: those of the clock say how busy the machine was."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def line_bytes(bundle: Bundle) -> tuple[int, int, int]:
    """Return how many further lines there are, their bytes, and the bytes of the longest."""
    sizes = [
        len(written(line))
        for number in range(len(bundle.records))
        for line in bundle.author(number).own
    ]  # fmt: skip
    return len(sizes), sum(sizes), max(sizes, default=0)


def written(line: Any) -> bytes:
    to = Writer()
    line.write(to)
    return to.done()


def goals_of(plain: Weighed, mixed: Weighed) -> list[Goal]:
    """Hold what came out against what was promised."""
    lines, of_lines, longest = line_bytes(mixed.bundle)
    click.echo(f"  the longest of {lines:,} further lines has {longest} bytes")
    return [
        Goal("bytes a patient with levels alone", len(plain.data) / plain.bundle.header.accounts, most=24),
        Goal("bytes a further line", of_lines / lines, most=24),
        Goal("bytes a patient's entry", ACCOUNT_BYTES, most=24),
    ]


@click.command()
@click.option("--quick", is_flag=True, help="20,000 patients instead of a million.")
@click.option("--patients", type=int, help="Patients of the mixed forum.")
@click.option("--seed", type=int, default=1, show_default=True)
def main(*, quick: bool, patients: int | None, seed: int) -> None:
    """Weigh bundles: of patients with levels alone, and of a mixed forum."""
    say_environment(environment())
    many = patients or (20_000 if quick else 1_000_000)
    click.echo("levels alone")
    plain = say(weigh(Crowd(max(many // 20, 5_000), 0.0, 50), seed))
    click.echo(f"mixed: {PERSONAL:.0%} name somebody, as many have a care team, some close a thread or a fortnight")
    mixed = say(weigh(Crowd(many, PERSONAL, 2_000 if many > 100_000 else 200), seed))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    click.echo(f"  memory of all this at its peak: {peak} MB")
    click.echo("\n" + "\n".join(map(str, goals_of(plain, mixed))))


def say(seen: Weighed) -> Weighed:
    header, records = seen.bundle.header, seen.bundle.records
    click.echo(
        f"  {header.accounts:,} accounts and {header.governed:,} governed in {len(seen.data):,} bytes, "
        f"{len(seen.data) / header.accounts:.1f} each; {len(records):,} records, {len(seen.bundle.choices)} choices"
    )
    click.echo(f"  made in {seen.made:.1f} s, {seen.made / header.accounts * 1e6:.0f} microseconds an account")
    click.echo(f"  opened, and its signature checked, in {seen.opened:.2f} s")
    return seen


if __name__ == "__main__":
    main()
