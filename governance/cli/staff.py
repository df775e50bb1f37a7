"""`governance staff`, put together of rooms that are blind to each other."""

from governance.conduct.commands import staff
from governance.conduct.sanctions.commands import sanction
from governance.identity.staff import commands as staff_commands
from governance.optout.commands import hide_command
from governance.pdp.probing.commands import probing
from governance.reporting.training import commands as training_commands
from governance.reporting.vaults import commands as vault_commands

__all__ = ["staff"]

for command in (
    hide_command,
    sanction,
    probing,
    *staff_commands.COMMANDS,
    *vault_commands.COMMANDS,
    *training_commands.COMMANDS,
):
    staff.add_command(command)
