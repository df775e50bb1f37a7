"""Putting a backup back: proven, brought up to the journal, and only then the database that everybody uses."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from governance.backup import copies, postgresql, sqlite
from governance.backup.contents import contents_of
from governance.backup.errors import RestoreError
from governance.backup.manifest import Contents, Manifest
from governance.backup.replay import Afterwards, Progress, Replayed, go_on_from_here
from governance.crypto.keys import Keyring
from governance.db import in_use
from governance.db.engine import open_engine, prepare
from governance.db.extension import db
from governance.db.migrate import at_head, migrations_folder, prepare_migrations, upgrade
from governance.decision.vocabulary import Instant
from governance.ledger.commits import OUTSIDE
from governance.ledger.outside import Outside

_HEAD: Final = ("ledger_epoch", "ledger_size", "ledger_root")


@dataclass(frozen=True, slots=True)
class Service:
    """The service whose database is restored."""

    url: URL
    keyring: Keyring
    outside: Outside
    afterwards: Sequence[Afterwards] = ()


def proven(service: Service, file: Path) -> Manifest:
    """Return the manifest of a backup that this service can be restored from.

    Raises `BackupError`, `RestoreError`, and `EpochGoneError` if keys that it needs are not here.
    """
    found = copies.described(service.keyring, file)
    if not service.url.drivername.startswith(found.database):
        raise RestoreError("the backup is of the other kind of database than `GOVERNANCE_DATABASE_URL` names")
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if found.contents.schema_revision not in known:
        raise RestoreError("a newer version of the program made this backup; install that one first")
    # After the schema: of a newer one this program might not find its way through.
    copies.verify(service.keyring, file)
    for epoch in found.contents.key_epochs:
        service.keyring.epoch(epoch)
    return found


def restore(
    service: Service, file: Path, now: Instant, *, without_journal: bool = False, progress: Progress
) -> Replayed:
    """Put a backup in the place of the database and go on from it.

    Raises `RestoreError`, or `InUseError` while the service runs; then nothing was changed.
    """
    found = proven(service, file)

    def bring_up(url: URL) -> Replayed:
        return _bring_up(service, url, now, without_journal=without_journal, progress=progress)

    with _or_nothing():
        if found.database == "postgresql":
            _fill(service, file, found.contents)
            return bring_up(service.url)
        path = sqlite.path_of(service.url)
        with in_use.alone(service.url), sqlite.alone(path), sqlite.staged(file, path) as staged:
            # What was verified could have been exchanged since.
            copies.require_same(found, staged)
            # Before it is in place: nobody can ask it meanwhile, and whoever is killed here has changed nothing.
            replayed = bring_up(service.url.set(database=str(staged)))
            sqlite.settle(staged)
            sqlite.put_in_place(staged, path, sqlite.former(path, now))
        return replayed


def former(service: Service, now: Instant) -> Path | None:
    """Return where a restore of that time leaves the database it replaces; none if it is left where it is."""
    if service.url.drivername.startswith("postgresql"):
        return None
    return sqlite.former(sqlite.path_of(service.url), now)


@contextmanager
def _or_nothing() -> Iterator[None]:
    try:
        yield
    except (OSError, OperationalError, sqlite3.Error) as error:
        raise RestoreError(
            "the restore did not come to its end, and the database is not in place: see that its disk is whole and "
            "has room for two more of it, then restore again"
        ) from error


def _fill(service: Service, file: Path, contents: Contents) -> None:
    """Bring the archive into an empty database, or find it there after a restore that did not come to its end."""
    with postgresql.alone(service.url) as empty:
        if empty:
            postgresql.restore(file, service.url)
            return
        engine = open_engine(service.url)
        try:
            with engine.connect().execution_options(read_only=True) as connection:
                there = contents_of(connection, service.keyring)
        finally:
            engine.dispose()
    if any(getattr(there, name) != getattr(contents, name) for name in _HEAD):
        raise RestoreError("the database is not empty; make another one and name it in `GOVERNANCE_DATABASE_URL`")


def _bring_up(service: Service, url: URL, now: Instant, *, without_journal: bool, progress: Progress) -> Replayed:
    _bring_schema_up(url)
    engine = open_engine(url)
    try:
        with Session(engine, expire_on_commit=False, info={OUTSIDE: service.outside}) as session, session.begin():
            return go_on_from_here(
                session,
                service.keyring,
                service.outside,
                now,
                without_journal=without_journal,
                afterwards=service.afterwards,
                progress=progress,
            )
    finally:
        engine.dispose()


def _bring_schema_up(url: URL) -> None:
    app = Flask("governance.restore")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    prepare_migrations(app)
    with app.app_context():
        prepare(db.engine)
        if not at_head():
            upgrade()
        db.engine.dispose()
