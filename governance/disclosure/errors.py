"""What a patient's "I was told" can fail of."""

from governance.errors import GovernanceError


class TextChangedError(GovernanceError):
    """The words changed while they were read: they must be read again."""

    code = "text_changed"
