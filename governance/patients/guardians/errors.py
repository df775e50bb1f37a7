"""What a guardian can fail of."""

from governance.errors import GovernanceError, NotFoundError


class CodeSpentError(GovernanceError):
    """No such code, or it was used, or it is too old."""

    code = "guardian_code_spent"


class NotGuardianError(NotFoundError):
    """This account is no guardian of anybody here, or not any more; whoever asks learns no more than that."""

    code = "not_guardian"


class OwnGuardianError(GovernanceError):
    """Nobody is their own guardian."""

    code = "own_guardian"


class TiedGuardianError(GovernanceError):
    """Who is a health professional here lets none in for a child."""

    code = "tied_guardian"
