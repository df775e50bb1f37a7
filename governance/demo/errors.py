"""What the demo itself may fail with."""

from governance.errors import GovernanceError


class DemoError(GovernanceError):
    """The demo cannot start or go on; the message names what to do."""

    code = "demo"
