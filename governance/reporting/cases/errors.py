"""What the desk refuses, each under a stable code. No message says whether there is a case."""

from governance.errors import BadInputError, GovernanceError, NotFoundError
from governance.sentences import Sentence


class NoSuchCaseError(NotFoundError):
    """There is no such case, or whoever asks is not in it: the two are never told apart."""

    code = "no_such_case"

    def __init__(self) -> None:
        """Say one and the same thing."""
        super().__init__(str(Sentence("there is no such case for you; go back to your list")))


class NoSuchCaseMoveError(GovernanceError):
    """The table of states has no such line."""

    code = "no_such_case_move"


class NeedsSecondError(GovernanceError):
    """It needs somebody who did not propose it."""

    code = "needs_second"


class NotFreshOfficerError(GovernanceError):
    """An appeal is answered by somebody who did nothing to the case before."""

    code = "not_fresh_officer"


class TiedError(GovernanceError):
    """The officer is tied to somebody in the case."""

    code = "officer_tied"


class NotSaidError(BadInputError):
    """Something is missing or too long."""

    code = "not_said"


class NoSuchAccountError(BadInputError):
    """We know nothing of an account, so nothing can be done to it."""

    code = "no_such_account"
