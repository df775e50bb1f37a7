"""What every step of the history may use, and Flask-Migrate's own commands; loaded only where somebody migrates.

It gives steps `op.refuse_to_lose(table, what)`, for their way down. A step imports nothing of the program itself:
models change, and it must go on doing what it did.
"""

import sqlalchemy as sa
from alembic.operations import MigrateOperation, Operations
from flask_migrate import Migrate
from flask_migrate.cli import db as commands

__all__ = ["Migrate", "RefuseToLose", "commands"]


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
