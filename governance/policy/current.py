"""The policy records this process works by: loaded and checked once, at the first use."""

from functools import cache

from governance.decision.facts import Conduct
from governance.policy.loader import Policies, load_policies


@cache
def policies() -> Policies:
    """Return the records that came with the package. Raises `PolicyInvalidError`."""
    return load_policies()


def conduct_in_force() -> Conduct:
    """Return what the published conduct record asks of each action and status."""
    record = policies().conduct
    return Conduct(assurance=record.assurance, permits=record.permits_by_status)
