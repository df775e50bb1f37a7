"""What can go wrong with policy records, each under a stable code."""

from governance.errors import GovernanceError, NotFoundError


class PolicyError(GovernanceError):
    """A policy record cannot be used."""

    code = "policy_error"


class PolicyFolderNotFoundError(PolicyError):
    """There is no folder of policy records where one belongs."""

    code = "policy_folder_not_found"


class PolicyInvalidError(PolicyError):
    """The records do not pass their checks; the message lists every problem."""

    code = "policy_invalid"


class PolicyTextNotFoundError(NotFoundError):
    """No approved text holds the words that were asked for."""

    code = "policy_text_not_found"


class PolicyPinError(PolicyError):
    """A record's pins could not be written."""

    code = "policy_pin_failed"


class PolicyNotPublishableError(PolicyError):
    """A record cannot follow what was published before it; the message says what to mend."""

    code = "policy_not_publishable"
