"""What `governance config check` says of every setting: good or not, what is wrong, how to mend it."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from governance import config
from governance.config import names, settings_file
from governance.config.errors import SettingsError
from governance.config.limits import METRICS_TOKEN, READERS
from governance.config.look_ups import LOOK_UPS, look_ups_in
from governance.config.mail import mail_settings
from governance.config.providers import KeysInFile, provider_in
from governance.config.public import readers
from governance.config.webhooks import TO_LOOPBACK, to_loopback_in
from governance.errors import GovernanceError


class State(StrEnum):
    """How a setting fares."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


class Found(NamedTuple):
    """One line of the check: names, paths and what our own errors say; never a secret."""

    name: str
    state: State
    what: str


def tried(name: str, attempt: Callable[[], str]) -> Found:
    """Return what an attempt says when it succeeds, or the words of its refusal, which say how to mend it."""
    try:
        return Found(name, State.OK, attempt())
    except GovernanceError as error:
        return Found(name, State.WRONG, str(error))


def check_settings(directory: Path | None, environ: Mapping[str, str]) -> Iterator[Found]:
    """Look at every setting by itself, so that one that is wrong hides no other.

    Raises `SettingsError` if there is no directory of settings.
    """
    lines = settings_file.read(directory)
    yield from (Found(settings_file.SETTINGS_FILE, State.WRONG, fault) for fault in lines.faults)
    kept = config.placed(directory, lines.said)
    values = config.joined(kept, environ)
    yield from (Found(name, State.WARNING, what) for name, what in names.unknown({**kept, **values}))
    yield tried(config.PUBLIC_URL, lambda: config.public_url_in(values))
    yield tried("GOVERNANCE_KEYS", lambda: _keys(environ, kept))
    yield tried(config.DATABASE_URL, lambda: _database(values).drivername)
    yield _outside(values)
    yield from _limits(values)
    yield tried("GOVERNANCE_SMTP", lambda: _mail(values))
    yield from (tried(name, read) for name, read in readers(values))
    if values.get(LOOK_UPS):
        yield tried(LOOK_UPS, lambda: f"the worker asks {', '.join(look_ups_in(values)) or 'no register'}")
    if values.get(TO_LOOPBACK):
        yield tried(TO_LOOPBACK, lambda: _to_loopback(values))


def _keys(environ: Mapping[str, str], kept: Mapping[str, str]) -> str:
    provider = provider_in(environ, kept)
    known = provider.read()
    where = f"file {provider.path}" if isinstance(provider, KeysInFile) else provider.name
    return f"from {where}, epochs {', '.join(epoch.id for epoch in known.epochs)}"


def _database(values: Mapping[str, str]) -> URL:
    try:
        return make_url(config.database_url_in(values))
    except ArgumentError:
        raise SettingsError(f"`{config.DATABASE_URL}` must begin with `sqlite:///` or `postgresql://`") from None


def _limits(values: Mapping[str, str]) -> Iterator[Found]:
    """Look at those that are set; their values are not told, as an address may hold a password."""

    def looked_at(name: str) -> str:
        said = (
            {**values, METRICS_TOKEN: config.secret_if_set(values, METRICS_TOKEN)} if name == METRICS_TOKEN else values
        )
        _, read = READERS[name]
        read(said)
        return "set"

    for name in READERS:
        if values.get(name) or values.get(f"{name}_FILE"):
            yield tried(name, partial(looked_at, name))


def _mail(values: Mapping[str, str]) -> str:
    mail = mail_settings(values)
    if mail is None:
        return "no mail server is set: nobody is written to"
    return f"{mail.security} to {mail.host} port {mail.port}, from {mail.sender}"


def _to_loopback(values: Mapping[str, str]) -> str:
    may = to_loopback_in(values, config.public_url_in(values))
    return "hints may go to this machine" if may else "hints go to public addresses alone"


def _outside(values: Mapping[str, str]) -> Found:
    found = tried(config.OUTSIDE_DIR, lambda: _writable(Path(config.required(values, config.OUTSIDE_DIR))))
    database = _file_of(values)
    if found.state is not State.OK or database is None:
        return found
    if _there(database).stat().st_dev != _there(Path(values[config.OUTSIDE_DIR])).stat().st_dev:
        return found
    return found._replace(
        state=State.WARNING,
        what="on the same disk as the database: who loses one loses both; "
        f"set `{config.OUTSIDE_DIR}` to a folder on another disk",
    )


def _writable(folder: Path) -> str:
    place = _there(folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            return str(folder) if place == folder else f"{folder}, to be made"
    except OSError as error:
        raise SettingsError(
            f"nothing can be written to {folder} ({error.strerror}); make the folder, or run as its owner"
        ) from None


def _there(path: Path) -> Path:
    """Return the path, or the nearest one above it that exists."""
    path = path.absolute()
    return next(place for place in (path, *path.parents) if place.exists())


def _file_of(values: Mapping[str, str]) -> Path | None:
    """Return the file of a SQLite database; of others nobody here knows the disk."""
    try:
        url = _database(values)
    except SettingsError:
        return None
    return Path(url.database) if url.drivername == "sqlite" and url.database else None
