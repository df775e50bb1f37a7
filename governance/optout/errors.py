"""What a choice can fail of; the messages are read by patients."""

from governance.decision.loosens import Witness
from governance.errors import GovernanceError


class LooseningNotYetError(GovernanceError):
    """The choice would let somebody do what they may not do now; this version cannot do that safely yet."""

    code = "loosening_not_yet"

    def __init__(self, witness: Witness) -> None:
        """Keep the witness: the page tells it in words."""
        super().__init__(
            "this choice would let somebody do more than now; changes like that need a waiting time, which this early "
            "version does not have yet; nothing was changed"
        )
        self.witness = witness


class NotAcknowledgedError(GovernanceError):
    """Somebody is to be permitted something before the patient was told of the risks."""

    code = "not_acknowledged"


class LevelNotForThemError(GovernanceError):
    """The level is not offered for this class."""

    code = "bad_input"
