"""`governance backup` and `governance restore`.

They work without the app: a restore is needed when nothing else starts.
"""

import json
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import Progress

from governance.backup import copies, manifest
from governance.backup.manifest import Manifest
from governance.backup.replay import Replayed
from governance.backup.restoring import Service, former
from governance.backup.restoring import restore as put_back
from governance.backup.sqlite import Progress as Tell
from governance.config import SettingsError, load_settings
from governance.crypto.keys import Keyring
from governance.db.engine import database_url
from governance.ledger.outside import Outside
from governance.optout.restored import catch_up
from governance.ui.clock import now, to_the_second

_ASK: Final = (
    "The database will be replaced by the backup. What was refused and erased since is refused and erased again; "
    "what was opened since stays closed. Restore it?"
)
_UNKNOWN: Final = (
    "without the journal nobody knows what was taken away since the backup. Passkeys and PINs that were removed or "
    "changed since are good again: have every forum ask its members to look through theirs before they open anything. "
    "Look through `governance staff list`, end whoever left, and give every forum of `governance platform list` a new "
    "secret"
)
_OTHERS: Final = "not in it: the keys and the folder outside the database; keep copies of them elsewhere"
_FORMER: Final = (
    "the former database is {}, and holds personal data like the present one: once `governance ledger verify` finds "
    "nothing and nobody misses anything, destroy it, by `shred -u {}*` or with the disk's own key where disks do not "
    "overwrite in place"
)
_FORMER_ELSEWHERE: Final = (
    "the former database is where it was, and holds personal data like the present one: once `governance ledger "
    "verify` finds nothing and nobody misses anything, drop it by `dropdb`"
)
_DIRECTORY: Final = click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="The directory made by `governance init`; also before the command.",
)
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--verify", "only_verify", is_flag=True, help="Check the backup TARGET, to the last byte, and make none.")
@_DIRECTORY
@_JSON
@click.pass_obj
def backup(before: Path | None, target: Path, directory: Path | None, *, only_verify: bool, as_json: bool) -> None:
    """Copy the database to TARGET, a new file or a folder, while the service runs, and prove the copy.

    Keys and the folder outside the database are not in it: keep copies of them elsewhere.
    """
    service = _service(directory or before)
    if only_verify:
        file, found = target, copies.verify(service.keyring, target)
    else:
        at = now()
        file = copies.place_for(target, at)
        with _shown("copying the database") as tell:
            found = copies.take(service.url, service.keyring, file, at, tell)
    click.echo(json.dumps(_told(file, found)) if as_json else _in_words(file, found))
    if not only_verify:
        click.echo(f"a backup is two files; move both together:\n  {file}\n  {manifest.beside(file)}", err=True)
        click.echo(_OTHERS, err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--without-journal",
    is_flag=True,
    help="Go on although changes since the backup are not known: everything about everybody refuses at first.",
)
@_DIRECTORY
@_JSON
@click.pass_obj
def restore(  # noqa: PLR0913 - one for each option
    before: Path | None, file: Path, directory: Path | None, *, yes: bool, without_journal: bool, as_json: bool
) -> None:
    """Put the backup FILE back; the service must stand still.

    What was refused and erased since the backup is refused and erased again. What was opened since is not.
    """
    service = _service(directory or before)
    if not yes:
        click.confirm(_ASK, abort=True)
    at = now()
    with _shown("saying again what was changed since") as tell:
        replayed = put_back(service, file, at, without_journal=without_journal, progress=tell)
    left = former(service, at)
    told = {"restored": dict(replayed), "former": None if left is None else str(left)}
    click.echo(json.dumps(told) if as_json else _counted(replayed))
    if left is None or left.exists():
        click.echo(_FORMER_ELSEWHERE if left is None else _FORMER.format(left, shlex.quote(str(left))), err=True)
    if without_journal:
        click.echo(_UNKNOWN, err=True)


def _service(directory: Path | None) -> Service:
    settings = load_settings(directory, os.environ)
    if settings.outside is None:
        raise SettingsError("say where checkpoints and journal are kept: set `GOVERNANCE_OUTSIDE_DIR`")
    keyring = Keyring(settings.keys, settings.reread_keys)
    return Service(database_url(settings.database_url), keyring, Outside(settings.outside), (catch_up,))


@contextmanager
def _shown(what: str) -> Iterator[Tell]:
    # On stderr: what a script reads from stdout stays what it expects.
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield tell


def _told(file: Path, found: Manifest) -> dict[str, object]:
    held = found.contents
    return {
        "file": str(file),
        "manifest": str(manifest.beside(file)),
        "taken": to_the_second(found.at),
        "database": found.database,
        "sha256": found.sha256,
        "schema": held.schema_revision,
        "ledger": {"epoch": held.ledger_epoch, "size": held.ledger_size, "root": held.ledger_root},
        "key_epochs": held.key_epochs,
        "rows": sum(held.rows.values()),
    }


def _in_words(file: Path, found: Manifest) -> str:
    held = found.contents
    keys = ", ".join(held.key_epochs) or "none"
    return (
        f"{file}: whole, {sum(held.rows.values())} rows in {len(held.rows)} tables, schema {held.schema_revision}, "
        f"ledger of {held.ledger_size} entries verified, needs the root key and epochs: {keys}"
    )


def _counted(replayed: Replayed) -> str:
    lines = [f"  {count} {what}" for what, count in replayed.items()] or ["  nothing: nothing was changed since"]
    return "\n".join(["restored, and a new epoch of the ledger is open; said again, or refused now:", *lines])
