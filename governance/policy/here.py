"""The policy records as a page says them."""

from functools import cache

from governance.policy.current import policies
from governance.policy.loader import Policies
from governance.ui.languages import page_language


def policies_here() -> Policies:
    """Return the records in the language of the page that is being made. Raises `PolicyInvalidError`."""
    return _policies_in(page_language())


@cache
def _policies_in(language: str) -> Policies:
    return policies().in_language(language)
