"""`governance platform`, put together of rooms that are blind to each other: forums, and their life."""

from governance.identity.clients.commands import platform
from governance.pdp.platforms.commands import COMMANDS

__all__ = ["platform"]

for command in COMMANDS:
    platform.add_command(command)
