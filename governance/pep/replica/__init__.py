"""The replica: everything a forum's decisions rest on, on the forum's own machine, and the very core to decide by it.

`Replica` answers like `governance.pep.Client`, for pages that must be shown while the service is away. Needs the
`cryptography` package, to know what the service signed.
"""

from governance.pep.replica.replica import Replica
from governance.pep.replica.setup import SetUp

__all__ = ["Replica", "SetUp"]
