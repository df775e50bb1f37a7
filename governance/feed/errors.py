"""What a replica is told when it asks for what there is not."""

from governance.errors import GovernanceError


class FeedGoneError(GovernanceError):
    """Changes after a revision of another epoch, or of too long ago."""

    code = "feed_gone"
