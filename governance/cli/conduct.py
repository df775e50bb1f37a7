"""`governance conduct`, put together of this room's parts."""

from governance.conduct.due.commands import forecast_command
from governance.conduct.feeds.commands import conduct
from governance.conduct.proofs.commands import provider
from governance.conduct.work.commands import employees, leaver, organisation

__all__ = ["conduct"]

for command in (organisation, employees, leaver, forecast_command, provider):
    conduct.add_command(command)
