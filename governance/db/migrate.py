"""The schema's history: where it lies, bringing a database to its head, and asking whether it is there."""

from pathlib import Path
from typing import Final

import flask_migrate
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from governance.db.extension import db

_PACKAGE: Final = Path(__file__).resolve().parent.parent


def migrations_folder() -> Path:
    """Return the migrations: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "_migrations"
    return installed if installed.is_dir() else _PACKAGE.parent / "migrations"


def prepare_migrations(app: Flask) -> None:
    """Let Flask-Migrate find the database and the history."""
    flask_migrate.Migrate(app, db, directory=str(migrations_folder()), render_as_batch=True)


def upgrade() -> None:
    """Bring the database to the newest schema."""
    flask_migrate.upgrade(directory=str(migrations_folder()))


def at_head() -> bool:
    """Say whether the database has the newest schema."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    # Asked by every probe of a load balancer: it must not wait for who is writing.
    with db.engine.connect().execution_options(read_only=True) as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(ScriptDirectory.from_config(config).get_heads())
