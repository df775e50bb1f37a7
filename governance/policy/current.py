"""The policy records this process works by: loaded and checked once, at the first use."""

from functools import cache

from governance.policy.loader import Policies, load_policies


@cache
def policies() -> Policies:
    """Return the records that came with the package. Raises `PolicyInvalidError`."""
    return load_policies()
