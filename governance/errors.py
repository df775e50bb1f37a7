"""The one base of every error that a person or a platform may see."""

from typing import ClassVar


class GovernanceError(Exception):
    """Something we refuse to do, with a stable code; the message says what to do next.

    Messages name nothing personal: they end in logs, pages and answers.
    """

    code: ClassVar[str] = "governance_error"


class NotFoundError(GovernanceError):
    """There is no such thing, or the asker may not know that there is."""

    code = "not_found"


class BadInputError(GovernanceError):
    """What was sent cannot be understood."""

    code = "bad_input"
