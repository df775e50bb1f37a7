"""The command line: every command by its room."""

import os
import shlex
import socket
import tomllib
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

import click
from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

from governance.app import create_app
from governance.backup.commands import backup, restore
from governance.conduct.commands import staff
from governance.config import Settings, init_directory, load_settings
from governance.config.check import Found, State
from governance.config.commands import config
from governance.crypto.commands import keys
from governance.db.check import check_database
from governance.db.extension import db as database
from governance.db.migrate import at_head, upgrade
from governance.demo.commands import demo
from governance.effective.audit import RowAudit
from governance.errors import GovernanceError
from governance.identity import staff_commands
from governance.identity.commands import platform
from governance.ledger.check import check_ledger, proven
from governance.ledger.commands import ledger
from governance.ledger.outbox.commands import worker
from governance.ledger.outside import Outside
from governance.optout.commands import hide_command
from governance.patients.commands import layer, measure
from governance.policy.commands import policy
from governance.policy.problems import errors_in
from governance.policy.reading import policies_folder
from governance.policy.validate import check as check_records
from governance.ui.house import house

_THREADS: Final = 12
"""Threads a worker may use, made as they are needed; fewer than the connections of its database pool.

More than one: a phone that loses the net while it sends a form, or a forum's provider that is slow, holds its thread
for as long as it likes, and with a single one every decision would wait for it.
"""
_SHOWS_HELP: Final = "governance.shows_help"


class _Commands(click.Group):
    """Commands whose own errors are one clear line, and which run inside the app where they need it."""

    needs_app = frozenset({"db", "layer", "measure", "platform", "staff", "worker"})

    def invoke(self, context: click.Context) -> object:
        """Run a command; our errors say what to do and end with status 1."""
        try:
            return super().invoke(context)
        except GovernanceError as error:
            raise click.ClickException(str(error)) from error

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; note whether all it will do is show its help, which needs no settings."""
        name, command, rest = super().resolve_command(context, args)
        alone = isinstance(command, click.Group) and command.no_args_is_help and not rest
        context.meta[_SHOWS_HELP] = alone or any(word in context.help_option_names for word in rest)
        return name, command, rest


def _tell_version(context: click.Context, _option: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's own
    if asked and not context.resilient_parsing:
        click.echo(f"governance {_version()}")
        context.exit()


def _version() -> str:
    try:
        return metadata.version("hcp-governance")
    except metadata.PackageNotFoundError:
        # Run from a checkout that nobody installed.
        project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="GOVERNANCE_DIR",
    help="The directory made by `governance init`.",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_tell_version, help="Say which.")
@click.pass_context
def main(context: click.Context, directory: Path | None) -> None:
    """Let patients decide how health professionals may be involved in what they write on forums."""
    context.obj = directory
    if context.invoked_subcommand in _Commands.needs_app and not context.meta[_SHOWS_HELP]:
        context.with_resource(_app(directory).app_context())


def _app(directory: Path | None) -> Flask:
    return create_app(load_settings(directory, os.environ))


@main.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Where people will reach the service.")
def init(directory: Path, url: str) -> None:
    """Make DIRECTORY with settings, fresh keys and an empty database."""
    init_directory(directory, url)
    with _app(directory).app_context():
        upgrade()
    click.echo(f"made {directory}; keep a copy of keys.json safe: without it nothing can be read")
    click.echo(f"next: let a forum in by `governance --dir {shlex.quote(str(directory))} platform add NAME`")
    click.echo(f"then: run `governance --dir {shlex.quote(str(directory))} serve`, and `… worker` beside it")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="The port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Worker processes.")
@click.pass_obj
def serve(directory: Path | None, host: str, port: int, workers: int) -> None:
    """Run the service."""
    with _app(directory).app_context():
        check_may_serve()
    _check_free(host, port)
    if directory is not None:
        os.environ["GOVERNANCE_DIR"] = str(directory)
    server = Server(
        "governance.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
    )
    server.serve()


def check_may_serve() -> None:
    """Raise what keeps the service of this app from deciding; the message names the command that mends it."""
    if not at_head():
        raise click.ClickException("the database is older than the program; run `governance db upgrade` first")
    outside = house().settings.outside
    if outside is not None:
        proven(database.engine, house().keyring, Outside(outside))


def _check_free(host: str, port: int) -> None:
    """Raise if somebody listens there: the server shares its port, and half of the checks would go to another one."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # Without it a port that was left a minute ago would look taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host} port {port} ({error.strerror}); "
            "stop what listens there, or choose another by `--port` or `--host`"
        ) from None


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""
    upgrade()
    click.echo("the database has the newest schema")


@db.command("check")
def db_check() -> None:
    """Say whether the database has the newest schema; status 1 if not."""
    if not at_head():
        raise click.ClickException("the database is older than the program; run `governance db upgrade`")
    click.echo("the database has the newest schema")


def _check_policies(_settings: Settings) -> Iterator[Found]:
    errors = len(errors_in(check_records(policies_folder())))
    what = f"{errors} errors; run `governance policy check`" if errors else "valid"
    yield Found("policies", State.WRONG if errors else State.OK, what)


staff.add_command(hide_command)
for about_staff in staff_commands.COMMANDS:
    staff.add_command(about_staff)
ledger.checks = (RowAudit,)
config.checks = (_check_policies, check_database, check_ledger)
_FROM_ROOMS: Sequence[click.Command] = (
    backup,
    config,
    demo,
    keys,
    layer,
    ledger,
    measure,
    platform,
    policy,
    restore,
    staff,
    worker,
)
for command in _FROM_ROOMS:
    main.add_command(command)
