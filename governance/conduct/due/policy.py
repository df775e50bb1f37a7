"""How long before a look ends people are warned, as the policy in force says."""

from governance.conduct.due.service import Ahead
from governance.policy.current import policies


def ahead_in_force() -> Ahead:
    """Return it."""
    return Ahead(manual=policies().conduct.recheck_warn_days, feed=policies().registers.feed_warn_days)
