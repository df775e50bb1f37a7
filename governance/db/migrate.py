"""The schema's history: where it lies, bringing a database to its head, and asking whether it is there.

Asking is done at every start and by every probe, migrating a few times a year: Alembic, which takes as long to load as
Flask does, is loaded for the second alone.
"""

from pathlib import Path
from typing import Any, Final

import click
import sqlalchemy as sa
from flask import Flask

from governance.db.extension import db

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_DIGITS: Final = 4
_VERSION: Final = sa.table("alembic_version", sa.column("version_num"))


def migrations_folder() -> Path:
    """Return the migrations: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "_migrations"
    return installed if installed.is_dir() else _PACKAGE.parent / "migrations"


class _Migrations:
    """What Flask-Migrate and `migrations/env.py` look for in an app."""

    def __init__(self) -> None:
        self.db, self.directory = db, str(migrations_folder())
        self.configure_args = {"render_as_batch": True}

    @property
    def migrate(self) -> Any:  # noqa: ANN401 - Flask-Migrate carries no types
        """Flask-Migrate itself."""
        from governance.db.steps import Migrate  # noqa: PLC0415 - see the module

        return Migrate(db=self.db, directory=self.directory, **self.configure_args)


class _Commands(click.Command):
    """Flask-Migrate's commands, for who writes a step: `flask --app wsgi db revision`."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's own
    ) -> click.Context:
        from governance.db.steps import commands  # noqa: PLC0415 - see the module

        context: click.Context = commands.make_context(info_name, args, parent, **extra)
        return context


def prepare_migrations(app: Flask) -> None:
    """Let Flask-Migrate find the database and the history."""
    app.extensions["migrate"] = _Migrations()
    app.cli.add_command(_Commands("db"))


def upgrade() -> None:
    """Bring the database to the newest schema."""
    import flask_migrate  # noqa: PLC0415 - see the module

    flask_migrate.upgrade(directory=str(migrations_folder()))


def newest() -> str:
    """Return the last step: they are numbered in one line, and their files begin with the number."""
    return max(path.name[:_DIGITS] for path in (migrations_folder() / "versions").glob("[0-9]*.py"))


def at_head() -> bool:
    """Say whether the database has the newest schema."""
    return is_newest(db.engine)


def is_newest(engine: sa.Engine) -> bool:
    """Say whether a database has the newest schema."""
    # Asked by every probe of a load balancer: it must not wait for who is writing.
    with engine.connect().execution_options(read_only=True) as connection:
        return revisions(connection) == {newest()}


def revisions(connection: sa.Connection) -> set[str]:
    """Return the steps that a database was brought to; none in one that was never brought to any."""
    if not sa.inspect(connection).has_table(_VERSION.name):
        return set()
    return set(connection.scalars(sa.select(_VERSION.c.version_num)))
