"""What can go wrong when accounts are joined, parted, or reported by their forum."""

from governance.errors import BadInputError, GovernanceError, NotFoundError


class CodeSpentError(GovernanceError):
    """A code from another forum is wrong, was used, or is too old; which of these is not told."""

    code = "forum_code_spent"


class NotJoinableError(GovernanceError):
    """Two accounts cannot become one record."""

    code = "not_joinable"


class NothingJoinedError(NotFoundError):
    """The account is not joined to any other."""

    code = "nothing_joined"


class AccountTakenError(GovernanceError):
    """The id that an account is said to have now belongs to somebody who has a record."""

    code = "account_taken"


class BadEventError(BadInputError):
    """What a forum said of an account cannot be."""

    code = "bad_event"
