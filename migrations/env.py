"""How Alembic reaches the database and the tables; run by Flask-Migrate inside the app."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

database = current_app.extensions["migrate"].db


def run() -> None:
    """Run the migrations in one transaction, so that a failed one leaves nothing half done."""
    with database.engine.connect() as connection:
        enforced = switch_foreign_keys(connection, on=False)
        try:
            migrate(connection)
        finally:
            if enforced:
                switch_foreign_keys(connection, on=True)


def migrate(connection: Connection) -> None:
    """Walk the history to where it was told to."""
    context.configure(
        connection=connection,
        target_metadata=database.metadatas[None],
        render_as_batch=True,
        compare_type=True,
        # SQLite can undo changes of tables too: the engine begins its transactions itself.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        wait_briefly(connection)
        context.run_migrations()
        refuse_lost_rows(connection)


def wait_briefly(connection: Connection) -> None:
    """Give up soon where somebody reads a table that is to be changed: all who come later would queue behind us."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '2s'")


def switch_foreign_keys(connection: Connection, *, on: bool) -> bool:
    """Say whether this database needs it.

    SQLite changes a table by making it anew; dropping the old one would delete, or be refused by, the rows
    that point to it. The switch works outside of transactions only, hence past SQLAlchemy.
    """
    if connection.dialect.name != "sqlite":
        return False
    connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    return True


def refuse_lost_rows(connection: Connection) -> None:
    """Undo everything if a row now points nowhere."""
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a migration left rows that point nowhere; nothing was changed")


run()
