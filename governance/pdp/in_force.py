"""Where the counter finds what is in force."""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, current_app

from governance.effective.facts import FactsReader
from governance.effective.kept import InForceReader
from governance.identity.current import current_platform

_NAME: Final = "governance.in_force"
_T = TypeVar("_T")


def keep_in_force(app: Flask, in_force: InForceReader) -> None:
    """Let an app's decisions be taken on this."""
    app.extensions[_NAME] = in_force


def in_force_of(app: Flask) -> InForceReader:
    """Return what an app's decisions are taken on."""
    in_force: InForceReader = app.extensions[_NAME]
    return in_force


def read_in_force(ask: Callable[[FactsReader], _T]) -> _T:
    """Return what `ask` makes of what is in force on the platform behind this request; it must not have effects."""
    return in_force_of(current_app).read(current_platform().platform_id, ask)
