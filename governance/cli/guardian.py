"""`governance guardian`, put together of two rooms."""

from governance.optout.guardian_commands import hear
from governance.patients.guardians.commands import guardian

__all__ = ["guardian"]

guardian.add_command(hear)
