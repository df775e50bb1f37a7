"""What a patient's "I was told" can fail of."""

from governance.errors import GovernanceError


class TextChangedError(GovernanceError):
    """The words changed while they were read: they must be read again."""

    code = "text_changed"


class ReturnsMoreError(GovernanceError):
    """Something else would count again than the page said."""

    code = "returns_more"
