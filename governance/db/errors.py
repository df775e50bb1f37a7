"""What a database can be refused for."""

from typing import Final

from governance.errors import GovernanceError

OUTDATED: Final = "the database is older than the program; run `governance --dir DIR db upgrade`"
"""What every command says that needs the newest schema."""


class DatabaseUrlError(GovernanceError):
    """`GOVERNANCE_DATABASE_URL` cannot be used; the message says what to do."""

    code = "settings"


class InUseError(GovernanceError):
    """Somebody else has the database, and may not be disturbed or joined; the message names who."""

    code = "in_use"
