"""`governance ledger`: verify everything, print the newest checkpoint and the key that signs it.

Works on the database without the app: a ledger must be looked into when the service refuses to start.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.orm import Session

from governance.config import load_settings
from governance.crypto.keys import Keyring
from governance.db.engine import open_engine
from governance.ledger.checkpoints import Signer
from governance.ledger.findings import KINDS
from governance.ledger.head import Head, read_head
from governance.ledger.outside import Outside
from governance.ledger.start import proven_since_checkpoint
from governance.ledger.verify import Check, Report, verify

MakeCheck = Callable[[Keyring], Check]


class LedgerCommands(click.Group):
    """The group; rooms above the ledger have their rows verified too."""

    checks: tuple[MakeCheck, ...] = ()
    """Set by the command line, where all rooms meet."""


class _Opened(NamedTuple):
    session: Session
    keyring: Keyring
    outside: Outside


@click.group(cls=LedgerCommands)
@click.option(
    "--outside",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="GOVERNANCE_OUTSIDE_DIR",
    help="The folder with checkpoints and journal; without it, the one in the settings.",
)
@click.pass_context
def ledger(context: click.Context, outside: Path | None) -> None:
    """The append-only ledger and what is kept of it outside the database."""
    context.obj = (context.obj, outside)


@ledger.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
@click.pass_context
def verify_command(context: click.Context, *, as_json: bool) -> None:
    """Hold every entry, checkpoint and row against the others; exit 1 if something was damaged."""
    group = None if context.parent is None else context.parent.command
    makers = group.checks if isinstance(group, LedgerCommands) else ()
    with _opened(context.obj) as (session, keyring, outside), _progress() as progress:
        task = progress.add_task("verifying the ledger", total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        report = verify(session, keyring, outside, [make(keyring) for make in makers], tell)
    click.echo(json.dumps(_told(report), indent=2) if as_json else _in_words(report))
    sys.exit(1 if report.findings.damage else 0)


@ledger.command()
@click.pass_obj
def checkpoint(places: tuple[Path | None, Path | None]) -> None:
    """Prove what came since the checkpoint outside, bring it up to now, and print it."""
    with _opened(places) as (session, keyring, outside):
        present = proven_since_checkpoint(session, keyring, outside)
        click.echo(Signer(keyring).sign(present), nl=False)


@ledger.command()
@click.pass_obj
def key(places: tuple[Path | None, Path | None]) -> None:
    """Print the public key of the present epoch's checkpoints, as witnesses and forums pin it."""
    with _opened(places) as (session, keyring, _):
        click.echo(Signer(keyring).verifier((read_head(session, keyring) or Head()).epoch))


@contextmanager
def _opened(places: tuple[Path | None, Path | None]) -> Iterator[_Opened]:
    directory, outside = places
    settings = load_settings(directory, os.environ)
    outside = outside or settings.outside
    if outside is None:
        raise click.UsageError("say where checkpoints are kept: `--outside`, or `GOVERNANCE_OUTSIDE_DIR`")
    engine = open_engine(settings.database_url)
    try:
        with Session(engine.execution_options(read_only=True)) as session:
            yield _Opened(session, Keyring(settings.keys, settings.reread_keys), Outside(outside))
    finally:
        engine.dispose()


def _progress() -> Progress:
    # On stderr: what a script reads from stdout stays one JSON object.
    return Progress(console=Console(stderr=True), transient=True)


def _told(report: Report) -> dict[str, Any]:
    return {
        "ok": not report.findings.damage,
        "size": report.size,
        "epoch": report.epoch,
        "root": report.root.hex(),
        "counts": dict(report.findings.counts),
        "findings": [finding._asdict() | KINDS[finding.code]._asdict() for finding in report.findings.first],
    }


def _in_words(report: Report) -> str:
    lines = []
    for code, count in report.findings.counts.items():
        places = [finding.where for finding in report.findings.first if finding.code == code]
        more = f" and {count - len(places)} more" if count > len(places) else ""
        lines += [
            f"{code}: {KINDS[code].meaning}",
            f"  where: {'; '.join(places)}{more}",
            f"  what to do: {KINDS[code].advice}",
        ]
    verdict = "damaged" if report.findings.damage else "verified"
    return "\n".join([*lines, f"ledger: {report.size} entries in epoch {report.epoch}, {verdict}"])
