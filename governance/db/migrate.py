"""The schema's history: where it lies, bringing a database to its head, and asking whether it is there.

Importing this gives every step `op.refuse_to_lose(table, what)`, for its way down. A step imports nothing of the
program itself: models change, and it must go on doing what it did.
"""

from pathlib import Path
from typing import Final

import flask_migrate
import sqlalchemy as sa
from alembic.config import Config
from alembic.operations import MigrateOperation, Operations
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


@Operations.register_operation("refuse_to_lose")
class RefuseToLose(MigrateOperation):
    """A way down that stays closed while it would lose what somebody chose."""

    def __init__(self, table: str, what: str, where: str) -> None:
        """Look for rows of a table, all of them or `where` a condition in SQL holds, and say `what` they are."""
        self.table, self.what, self.where = table, what, where

    @classmethod
    def refuse_to_lose(cls, operations: Operations, table: str, what: str, *, where: str = "1 = 1") -> None:
        """Raise `RuntimeError` if there are such rows: refusals must outlive a change of mind about the program."""
        operations.invoke(cls(table, what, where))


@Operations.implementation_for(RefuseToLose)
def _refuse_to_lose(operations: Operations, wanted: RefuseToLose) -> None:
    if _would_lose(operations.get_bind(), wanted):
        raise RuntimeError(
            f"this database holds {wanted.what}, which going back would lose; nothing was changed: "
            "keep this version of the program, or restore a backup from before the upgrade"
        )


def _would_lose(connection: sa.Connection, wanted: RefuseToLose) -> bool:
    query = sa.select(sa.literal(1)).select_from(sa.table(wanted.table)).where(sa.text(wanted.where)).limit(1)
    return connection.execute(query).first() is not None
