"""What goes wrong with rows in force."""

from governance.errors import GovernanceError


class BrokenRowError(GovernanceError):
    """A row in force is missing, changed by another hand, or of an unknown form: every decision on it refuses."""

    code = "broken_row"


class NoSuchLayerError(GovernanceError):
    """A layer that is not there."""

    code = "no_such_layer"


class NoSuchMeasureError(GovernanceError):
    """A measure that was never taken, or has ended."""

    code = "no_such_measure"


class UnboundAccountError(GovernanceError):
    """An account without the record that a measure needs."""

    code = "unbound_account"


class UnknownRevisionError(GovernanceError):
    """A replica says that it has a revision that nobody was ever given."""

    code = "unknown_revision"


class TooManyReplicasError(GovernanceError):
    """A forum has as many replicas as it may have at one time."""

    code = "too_many_replicas"
