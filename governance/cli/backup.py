"""`governance backup` and `governance restore`, with all tables known: what is replayed points from room to room."""

from governance.backup.commands import backup, restore
from governance.tables import TABLES

__all__ = ["TABLES", "backup", "restore"]
