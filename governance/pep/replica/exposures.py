"""What was shown to professionals by decisions taken here: kept until the service has it, for patients' own pages."""

import threading
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from governance.decision.vocabulary import Action, Instant
from governance.pep.questions import Resource

SHOWN: Final = frozenset({Action.VIEW, Action.FIND})
"""What puts something before somebody's eyes."""
MOST_IN_A_BATCH: Final = 1_000
_MOST_KEPT: Final = 200_000
"""Things shown that wait at most; when the service is away for longer, the oldest go first, and are counted."""


Shown = tuple[str, Action, Instant, int, Sequence[Resource]]
"""What one page let one professional see: by which action, when, by which revision. No object of its own: one is kept
for every check, and making it would take a tenth of that.
"""


class Batch(NamedTuple):
    """What is sent at once. Sent again it has the same key, so that nothing counts twice."""

    key: str
    exposures: list[dict[str, object]]


class Exposures:
    """Things shown, waiting to be told. Threads may share it."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        """Keep at most so many things."""
        self._most = most
        self._lock = threading.Lock()
        self._waiting: deque[Shown] = deque()
        self._many = 0
        self._written: list[dict[str, object]] = []
        self._batch: Batch | None = None
        self.lost = 0
        """How many were dropped because the service was away for too long."""

    def note(self, shown: Shown) -> None:
        """Keep what a page showed by an action of `SHOWN`; written out when it is sent, while nobody waits."""
        with self._lock:
            self._waiting.append(shown)
            self._many += len(shown[-1])
            while self._many > self._most:
                gone = len(self._waiting.popleft()[-1])
                self._many -= gone
                self.lost += gone

    def batch(self) -> Batch | None:
        """Return what to send next: the same batch until it is `done`. None if nothing waits. For one thread."""
        if self._batch is None:
            while len(self._written) < MOST_IN_A_BATCH and (shown := self._next()) is not None:
                self._written += _entries(shown)
            first, self._written = self._written[:MOST_IN_A_BATCH], self._written[MOST_IN_A_BATCH:]
            if first:
                self._batch = Batch(str(uuid.uuid4()), first)
        return self._batch

    def done(self) -> None:
        """Forget the last batch: the service has it, or will never take it."""
        self._batch = None

    @property
    def waiting(self) -> int:
        """How many things shown wait to be told, those of a batch under way not among them."""
        return self._many

    def _next(self) -> Shown | None:
        with self._lock:
            if not self._waiting:
                return None
            shown = self._waiting.popleft()
            self._many -= len(shown[-1])
            return shown


def _entries(shown: Shown) -> Iterator[dict[str, object]]:
    """Write out who saw whose words; one's own are no exposure."""
    viewer, action, instant, revision, resources = shown
    at = datetime.fromtimestamp(instant / 1_000_000, UTC).isoformat().replace("+00:00", "Z")
    for resource in resources:
        for words in resource.words:
            if words.author is None or words.author == viewer:
                continue
            places = {"community": words.community, "thread": words.thread, "post": words.post}
            yield {
                "viewer": viewer,
                "author": words.author,
                "action": action.value,
                "at": at,
                "revision": revision,
                **{name: place for name, place in places.items() if place},
            }
