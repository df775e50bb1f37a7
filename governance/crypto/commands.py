"""`governance keys`: make keys, see where they stand, rotate them, retire an old epoch.

Works on the database without the app: keys must be mendable when the service does not start.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

from governance.config import KeysError, KeySet, key_file, keys_provider, load_settings
from governance.config.providers import FILE, KeysInFile, KeysProvider
from governance.crypto import rotation
from governance.crypto.keys import Keyring
from governance.crypto.rotation import Standing, check_retirement, standing
from governance.db.engine import open_engine
from governance.db.errors import OUTDATED
from governance.db.in_use import holding
from governance.decision.vocabulary import Instant
from governance.ui.clock import now, to_the_second

ROTATED: Final = "keys.rotated"
RETIRED: Final = "keys.retired"
_TO_THE_SCREEN: Final = "-"


class Enter(Protocol):
    """Writes into the ledger what is done to keys."""

    def __call__(
        self,
        session: Session,
        keyring: Keyring,
        outside: Path | None,
        said: tuple[Instant, str, Mapping[str, str]],
    ) -> None:
        """Write the entry in this transaction; `outside` is where checkpoints are kept."""
        ...


class KeyCommands(click.Group):
    """The group; the ledger, a floor above, is told what is done to keys."""

    enter: Enter
    """Set by the command line, where all rooms meet."""


@click.group(cls=KeyCommands)
def keys() -> None:
    """The service's keys."""


@keys.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def init(file: Path) -> None:
    """Write fresh keys to FILE, for a new service; `-` prints them, for a key store."""
    if str(file) == _TO_THE_SCREEN:
        click.echo(KeySet.fresh().dump(), nl=False)
        return
    key_file.create(file, KeySet.fresh())
    click.echo(f"made {file}; set {FILE} to it, and keep a copy safe: without it nothing can be read")


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="Print what a script would read.")
@click.pass_obj
def status(directory: Path | None, *, as_json: bool) -> None:
    """Say which epochs there are and how many data keys each one wraps."""
    provider = keys_provider(directory, os.environ)
    known = provider.read()
    with _database(directory) as engine, Session(engine.execution_options(read_only=True)) as session:
        stands = standing(session, known)
    told = _told(provider, known, stands)
    click.echo(json.dumps(told) if as_json else _in_words(told))


@keys.command()
@click.pass_obj
def rotate(directory: Path | None) -> None:
    """Make a new epoch and wrap every data key anew under it; goes on where it was interrupted."""
    provider, outside = keys_provider(directory, os.environ), load_settings(directory, os.environ).outside
    with _database(directory) as engine:
        known = _with_an_epoch_to_rotate_to(provider, engine)
        older = " ".join(epoch.id for epoch in known.epochs if epoch is not known.newest)

        def ended(session: Session) -> None:
            keys.enter(session, Keyring(known), outside, (now(), ROTATED, {"epoch": known.newest.id, "older": older}))

        done, broken = _rewrap_all(engine, Keyring(known), sum(_stands(engine, known).by_epoch.values()), ended)
    if broken:
        raise click.ClickException(f"{broken} data keys were changed by another hand; restore them from a backup")
    click.echo(f"rotated to {known.newest.id}: {done} data keys wrapped anew; keep a copy of the new key document safe")


@keys.command()
@click.argument("epoch")
@click.confirmation_option(
    prompt="What was sealed before, in every backup as well, stays unreadable for those whose key was destroyed."
    " Backups from before the last rotation lose all their sealed fields. Retire it?"
)
@click.pass_obj
def retire(directory: Path | None, epoch: str) -> None:
    """Take EPOCH out of the key document; refused while data keys are under it."""
    provider, outside = keys_provider(directory, os.environ), load_settings(directory, os.environ).outside
    with _database(directory) as engine:
        if not isinstance(provider, KeysInFile):
            left = _retired(engine, provider.read(), epoch, outside)
            click.echo(left.dump(), nl=False)
            click.echo(f"store what is printed above in place of the old keys, and {epoch} is gone", err=True)
            return
        with key_file.changing(provider.path) as file:
            file.replace(_retired(engine, provider.read(), epoch, outside))
    click.echo(f"{epoch} is gone; destroy every copy of the old key document")


def _retired(engine: Engine, known: KeySet, epoch: str, outside: Path | None) -> KeySet:
    # First the entry, then the document: whoever is killed in between says so once more.
    with Session(engine) as session, session.begin():
        check_retirement(session, known, epoch)
        keys.enter(session, Keyring(known), outside, (now(), RETIRED, {"epoch": epoch}))
    return known.without(epoch)


def _with_an_epoch_to_rotate_to(provider: KeysProvider, engine: Engine) -> KeySet:
    """Return keys whose newest epoch is not rotated to yet: an interrupted one's, or a new one."""
    if not isinstance(provider, KeysInFile):
        return _stored_elsewhere(provider, engine)
    # Locked before it is read: two rotations at once must not make one epoch each.
    with key_file.changing(provider.path) as file:
        known = provider.read()
        if not _stands(engine, known).unfinished:
            known = known.with_new_epoch(now())
            file.replace(known)
    return known


def _stored_elsewhere(provider: KeysProvider, engine: Engine) -> KeySet:
    known = provider.read()
    if _stands(engine, known).unfinished:
        return known
    click.echo(known.with_new_epoch(now()).dump(), nl=False)
    raise KeysError(
        f"this service's keys come from a {provider.name}: store what is printed above in place of the old keys, "
        "then run `governance keys rotate` again"
    )


def _stands(engine: Engine, known: KeySet) -> Standing:
    with Session(engine.execution_options(read_only=True)) as session:
        return standing(session, known)


def _rewrap_all(engine: Engine, keyring: Keyring, waiting: int, ended: Callable[[Session], None]) -> tuple[int, int]:
    done = broken = 0
    last = ""
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("wrapping data keys", total=waiting)
        while True:
            # A transaction for each batch: whoever is killed goes on from there, and other writers get their turn.
            with Session(engine) as session, session.begin():
                page = rotation.rewrap(session, keyring, last)
                if not page.last and not broken + page.broken:
                    ended(session)
            done, broken, last = done + page.done, broken + page.broken, page.last
            progress.update(task, completed=done + broken)
            if not last:
                return done, broken


def _told(provider: KeysProvider, known: KeySet, stands: Standing) -> dict[str, Any]:
    epochs = [
        {
            "id": epoch.id,
            "from": to_the_second(epoch.since) if epoch.since else None,
            "data_keys": stands.by_epoch[epoch.id],
            "wraps": epoch is known.newest,
        }
        for epoch in known.epochs
    ]
    return {
        "provider": provider.name,
        "epochs": epochs,
        "destroyed": stands.destroyed,
        "unreadable": stands.unreadable,
        "rotation": "unfinished" if stands.unfinished else "complete",
    }


def _in_words(told: dict[str, Any]) -> str:
    lines = [f"keys from: {told['provider']}"]
    for epoch in told["epochs"]:
        wraps = ", wraps" if epoch["wraps"] else ""
        lines.append(f"{epoch['id']}: {epoch['data_keys']} data keys, since {epoch['from'] or 'the beginning'}{wraps}")
    lines.append(f"destroyed: {told['destroyed']}")
    if told["unreadable"]:
        lines.append(f"unreadable: {told['unreadable']}, under epochs that are not in the key document; bring it here")
    if told["rotation"] == "unfinished":
        lines.append("a rotation is not finished; run `governance keys rotate`")
    return "\n".join(lines)


@contextmanager
def _database(directory: Path | None) -> Iterator[Engine]:
    url = load_settings(directory, os.environ).database_url
    engine = open_engine(url)
    try:
        if not inspect(engine).has_table("data_key"):
            raise click.ClickException(OUTDATED)
        # Beside services, which learn of new keys by themselves; not beside a restore.
        with holding(url):
            yield engine
    finally:
        engine.dispose()
