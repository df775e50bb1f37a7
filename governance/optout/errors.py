"""What a choice can fail of; the messages are read by patients."""

from governance.errors import GovernanceError


class NothingWaitsError(GovernanceError):
    """This change does not wait: it took effect, was stopped, or never was."""

    code = "nothing_waits"


class UndoneTooLateError(GovernanceError):
    """What is to be undone is not this session's own last closing of a few minutes ago."""

    code = "too_late_to_undo"


class NotDueError(GovernanceError):
    """A change that waits was called before its time."""

    code = "not_due"


class NotAcknowledgedError(GovernanceError):
    """Somebody is to be permitted something before the patient was told of the risks."""

    code = "not_acknowledged"


class LevelNotForThemError(GovernanceError):
    """The level is not offered for this class."""

    code = "bad_input"
