"""What is wrong with settings or keys, said so that the operator can mend it."""

from governance.errors import GovernanceError


class SettingsError(GovernanceError):
    """A setting is missing or cannot be used; the message names the command that mends it."""

    code = "settings"


class KeysError(SettingsError):
    """The keys are missing, readable by others, or not what this program wrote."""

    code = "keys"
