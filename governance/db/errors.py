"""What the database's settings can be refused for."""

from governance.errors import GovernanceError


class DatabaseUrlError(GovernanceError):
    """`GOVERNANCE_DATABASE_URL` cannot be used; the message says what to do."""

    code = "settings"


class InUseError(GovernanceError):
    """Somebody else has the database, and may not be disturbed or joined; the message names who."""

    code = "in_use"
