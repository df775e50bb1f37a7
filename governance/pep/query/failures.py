"""What a filter does not let through at all."""


class UnfilteredQueryError(Exception):
    """The forum ran a query for a viewer that the filter cannot reach; a mistake of the forum, never of a user."""
