"""From the request to the log without waiting: decisions are gathered and written in groups by a thread.

What a process had not yet written when it was killed is lost: at most `WITHIN` seconds of decisions.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from governance.ledger.decisions.service import Noted, belongs_in_log

WITHIN: Final = 0.5
"""Seconds after which a decision is being written at the latest; half of what we promise."""
MOST: Final = 50_000
"""So many decisions wait at most, while the database does not answer."""
_GROUP: Final = 500

_log = structlog.get_logger()
Write = Callable[[Sequence[Noted]], None]


class DecisionBuffer:
    """Gathers the decisions of one process. Threads may share it."""

    def __init__(self, write: Write, within: float = WITHIN, after: Callable[[], None] = lambda: None) -> None:
        """Give groups to `write`, which commits them or raises, `within` seconds at the latest.

        `after`: what else is done at that pace, beside the requests; it never raises.
        """
        self._write = write
        self._after = after
        self._within = within
        self._waiting: deque[Noted] = deque()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._writing = threading.Lock()
        self._closed = threading.Event()

    def note(self, decisions: Sequence[Noted]) -> None:
        """Take decisions for the log; returns at once and never raises."""
        kept = [noted for noted in decisions if belongs_in_log(noted)]
        if len(self._waiting) + len(kept) > MOST:
            # A forum's pages must not stop because the log cannot keep up, but nobody may overlook it.
            _log.critical("decisions_not_logged", count=len(kept))
            return
        self._waiting.extend(kept)
        if self._thread is None:
            self._start()

    def flush(self) -> None:
        """Write what waits now. Raises what `write` raises; then it goes on waiting."""
        with self._writing:
            while self._waiting:
                group = [self._waiting[i] for i in range(min(_GROUP, len(self._waiting)))]
                self._write(group)
                for _ in group:
                    self._waiting.popleft()
            self._after()

    def close(self) -> None:
        """Write what waits and stop."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()
        self.flush()

    def _start(self) -> None:
        # Here and not when the app is built: a server makes its worker processes by forking after that.
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="decision-log", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._closed.wait(self._within):
            try:
                self.flush()
            except Exception as error:  # noqa: BLE001 - tried again; the thread must outlive its database
                _log.critical("decisions_wait", kind=type(error).__name__, count=len(self._waiting))
