"""What the ledger refuses to do."""

from governance.errors import GovernanceError


class LedgerError(GovernanceError):
    """The ledger cannot go on from here; the message names the command that says more."""

    code = "ledger"


class RolledBackError(LedgerError):
    """The database is older than what was signed and kept outside of it."""

    code = "ledger_rolled_back"


class OutsideError(LedgerError):
    """The place outside the database is missing, older than the database, or not of our hand."""

    code = "ledger_outside"
