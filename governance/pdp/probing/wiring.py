"""Where an app's watch is kept."""

from typing import Final

from flask import Flask

from governance.pdp.metrics import metrics_of
from governance.pdp.probing.watching import ProbingWatch
from governance.policy.current import policies

_NAME: Final = "governance.probing"


def open_watch(app: Flask) -> None:
    """Give an app its watch, under the rules in force; its metrics must be there."""
    app.extensions[_NAME] = ProbingWatch(lambda: policies().conduct.probing, metrics_of(app).count_beyond_quota)


def watch_of(app: Flask) -> ProbingWatch:
    """Return the watch of an app."""
    watch: ProbingWatch = app.extensions[_NAME]
    return watch
