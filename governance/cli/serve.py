"""`governance serve`: the service in worker processes of a server."""

import logging
import os
import signal
import socket
from pathlib import Path
from typing import Final

import click
from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError

from governance.config import Settings, load_settings
from governance.config.check import State
from governance.config.public import require_named
from governance.crypto.keys import Keyring
from governance.db.engine import open_engine
from governance.db.errors import OUTDATED
from governance.db.in_use import holding
from governance.db.migrate import is_newest
from governance.ledger.check import proven
from governance.ledger.outside import Outside
from governance.reporting.cli import check_readers

_THREADS: Final = 64
"""Threads a worker may use, made as they are needed.

A phone that loses the net while it sends a form, or a forum's provider that is slow, holds its thread for as long as
it likes, and no connection to the database meanwhile. Forty of them must not keep a decision waiting.

The server warns of more than two a core, and asks for `backpressure` instead: that is for threads that compute, and
counts connections. A proxy keeps its connections open, so that it would be shut out by its own, doing nothing.
"""
_LOGGER: Final = "_granian"
_MANY_THREADS: Final = f"Configuration allows spawning up to {_THREADS} Python threads"
"""How that warning begins: it says itself that it may be left alone by who means it, and nobody else can change it."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="The port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Worker processes.")
@click.pass_obj
def serve(directory: Path | None, host: str, port: int, workers: int) -> None:
    """Run the service."""
    settings = load_settings(directory, os.environ)
    require_named(settings.public_url, settings.public)
    with holding(settings.database_url):
        check_may_serve(settings)
        warn_of_readers(settings)
        _serve(directory, host, port, workers)


def _serve(directory: Path | None, host: str, port: int, workers: int) -> None:
    address = _free_address(host, port)
    if directory is not None:
        os.environ["GOVERNANCE_DIR"] = str(directory)
    os.register_at_fork(after_in_child=_hear_the_end)
    server = Server(
        "governance.wsgi:app",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
    )
    logging.getLogger(_LOGGER).addFilter(is_news)
    server.serve()


def is_news(said: logging.LogRecord) -> bool:
    """Say whether an operator has anything to do or to know about what the server logs."""
    return not said.getMessage().startswith(_MANY_THREADS)


def _hear_the_end() -> None:
    """Let a worker that is still starting be ended: with the handler of its parent it would go on for ever.

    From when it serves on the server has set another one, which lets it finish what it answers.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def check_may_serve(settings: Settings) -> None:
    """Raise what keeps a service from deciding; the message names the command that mends it.

    Without the app, which takes longest to load: each worker loads one for itself.
    """
    engine = open_engine(settings.database_url)
    _check_there(engine.url)
    try:
        if not is_newest(engine):
            raise click.ClickException(OUTDATED)
        if settings.outside is not None:
            proven(engine, Keyring(settings.keys), Outside(settings.outside))
    except OperationalError:
        # Without what the driver says: it may repeat the address with its password.
        raise click.ClickException(
            "the database does not answer; see that it runs and that its address is right"
        ) from None
    finally:
        engine.dispose()


def warn_of_readers(settings: Settings) -> None:
    """Say where nobody could read a report: patients are served all the same, but the form names somebody else."""
    for found in check_readers(settings):
        if found.state is State.WARNING:
            click.echo(f"warning: {found.name}: {found.what}", err=True)


def _check_there(url: URL) -> None:
    """Raise if SQLite's file is gone: opened, it would be made anew and empty."""
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise click.ClickException(
            f"there is no database at {url.database}; put it back, or a backup by `governance restore FILE`"
        )


def _free_address(host: str, port: int) -> str:
    """Return the number of an address, the only thing the server takes.

    Raises if somebody listens there: the server shares its port, and half of the checks would go to another one.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # Without it a port that was left a minute ago would look taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return str(address[0])
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host} port {port} ({error.strerror}); "
            "stop what listens there, or choose another by `--port` or `--host`"
        ) from None
