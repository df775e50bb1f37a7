"""`governance staff`, put together of rooms that are blind to each other."""

from governance.conduct.commands import staff
from governance.optout.commands import hide_command

__all__ = ["staff"]

staff.add_command(hide_command)
