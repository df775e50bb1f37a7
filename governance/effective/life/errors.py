"""What can go wrong in the life of a forum, each under a stable code."""

from governance.errors import BadInputError, GovernanceError


class NotNowError(GovernanceError):
    """A forum cannot go on like this from where it is."""

    code = "not_in_this_state"


class NotProvenError(GovernanceError):
    """No probe's report says that nothing leaks."""

    code = "not_proven"


class BadReportError(BadInputError):
    """This is no report of this forum's probe, or it is too old."""

    code = "bad_probe_report"
