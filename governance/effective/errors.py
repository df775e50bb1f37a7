"""What goes wrong with rows in force."""

from governance.errors import GovernanceError


class BrokenRowError(GovernanceError):
    """A row in force is missing, changed by another hand, or of an unknown form: every decision on it refuses."""

    code = "broken_row"
