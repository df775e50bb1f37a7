"""What protection refuses."""

from governance.errors import GovernanceError


class NotAgreedError(GovernanceError):
    """The patient did not say yes to an emergency view beforehand."""

    code = "not_agreed"


class OwnMeasureError(GovernanceError):
    """Nobody looks again at what they took themselves."""

    code = "own_measure"
