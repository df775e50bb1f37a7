"""`governance staff`, put together of rooms that are blind to each other."""

from governance.conduct.commands import staff
from governance.identity.staff import commands as staff_commands
from governance.optout.commands import hide_command

__all__ = ["staff"]

for command in (hide_command, *staff_commands.COMMANDS):
    staff.add_command(command)
