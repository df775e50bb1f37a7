"""What goes wrong with backups and restores."""

from governance.errors import GovernanceError


class BackupError(GovernanceError):
    """A backup was not made, or is not what its manifest says."""

    code = "backup"


class RestoreError(GovernanceError):
    """A restore was refused; nothing was changed."""

    code = "restore"


class JournalMissingError(RestoreError):
    """The journal outside does not say all that was changed since the backup."""

    code = "journal_missing"
