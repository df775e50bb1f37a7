"""What can go wrong with a safe contact."""

from governance.errors import BadInputError, GovernanceError


class BadContactError(BadInputError):
    """This is no address that we can write to, or no time of day."""

    code = "bad_contact"


class TooSoonError(GovernanceError):
    """A code was sent there a moment ago."""

    code = "too_soon"
