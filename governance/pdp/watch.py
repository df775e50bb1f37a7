"""What is noted of every answer: its numbers and, if wanted, a line. Who asked is in neither."""

from datetime import UTC, datetime
from typing import Final

import msgspec
import structlog
from flask import Flask

from governance.pdp.metrics import Metrics, count_in

_NAME: Final = "governance.watch"
_THOUSAND: Final = 1_000


class _Line(msgspec.Struct):
    route: str
    status: int
    ms: float
    event: str
    timestamp: datetime


_encode: Final = msgspec.json.Encoder().encode


class Watch:
    """Notes the answers of one app."""

    def __init__(self, numbers: Metrics, *, write_log: bool) -> None:
        """Count in these numbers; write a line to standard output as well if told to."""
        self._numbers = numbers
        self._write_log = write_log
        # Its bare printer: the chain before it would cost as much as the decision that the line is about.
        self._write = structlog.PrintLogger().msg

    def saw(self, route: str, method: str, status: int, seconds: float) -> None:
        """Note one answer and how long it took."""
        self._numbers.count_request(route, method, status, seconds)
        if self._write_log:
            # The route's name: in the address itself there may be a community, a state, a code.
            line = _Line(route, status, round(seconds * _THOUSAND, 1), "request", datetime.now(UTC))
            self._write(_encode(line).decode())


def watch_in(app: Flask, *, write_log: bool) -> Watch:
    """Give an app its numbers and what notes its answers."""
    watch = app.extensions[_NAME] = Watch(count_in(app), write_log=write_log)
    return watch


def watch_of(app: Flask) -> Watch:
    """Return what notes the answers of an app."""
    watch: Watch = app.extensions[_NAME]
    return watch
