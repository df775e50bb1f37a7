"""Where an app's watch is kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.pdp.metrics import metrics_of
from governance.pdp.probing.sharing import share
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


def sharing_of(app: Flask, engine: Engine, keyring: Keyring) -> Callable[[], None]:
    """Return what puts together what this process counted and what others did."""

    @contextmanager
    def opening() -> Iterator[Session]:
        with Session(engine) as session, session.begin():
            yield session

    # Looked up when it runs: the watch is made after the log.
    return lambda: share(opening, keyring, watch_of(app))
