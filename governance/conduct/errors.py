"""What a registration can fail of."""

from governance.errors import GovernanceError


class AlreadyRegisteredError(GovernanceError):
    """The account is tied to a professional already."""

    code = "already_registered"
