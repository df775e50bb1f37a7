"""Who may call a route, written on the route itself; a test finds every route that does not say."""

from collections.abc import Callable
from typing import Final, TypeVar

ANYONE: Final = "anyone"
SIGNED_IN: Final = "signed in"
_MARK: Final = "who_may_call"

View = TypeVar("View", bound=Callable[..., object])


def anyone(view: View) -> View:
    """Declare that a route is for everybody."""
    return declared(view, ANYONE)


def declared(view: View, who: str) -> View:
    """Write on a view who may call it: `anyone`, `signed in`, or a scope."""
    setattr(view, _MARK, who)
    return view


def who_may_call(view: Callable[..., object]) -> str | None:
    """Return what a view declares; none if it forgot."""
    who: str | None = getattr(view, _MARK, None)
    return who
