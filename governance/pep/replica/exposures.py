"""What was shown to professionals by decisions taken here: kept until the service has it, for patients' own pages."""

import threading
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Final, NamedTuple

from governance.decision.vocabulary import Action, Instant
from governance.pep.questions import Resource

SHOWN: Final = frozenset({Action.VIEW, Action.FIND})
"""What puts something before somebody's eyes."""
MOST_IN_A_BATCH: Final = 1_000
_MOST_KEPT: Final = 200_000
"""Things shown that wait at most; when the service is away for longer, the oldest go first, and are counted."""
_MOST_UNCOUNTED: Final = 256
"""Things put down one by one before somebody counts them: a lock for every check would take a tenth of it."""

Entry = dict[str, object]
"""An exposure as it is sent."""
Shown = tuple[str, Action, Instant, int, Sequence[Resource]]
"""What one page let one professional see: by which action, when, by which revision. No object of its own: one is kept
for every check, and making it would take a tenth of that.
"""


class _Pages(NamedTuple):
    """Some pages, in their order, and how many things were shown on them all."""

    many: int
    pages: list[Shown]


class Batch(NamedTuple):
    """What is sent at once. Sent again it has the same key, so that nothing counts twice."""

    key: str
    exposures: list[Entry]


class Exposures:
    """Things shown, waiting to be told. Threads may share it."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        """Keep at most so many things."""
        self._most = most
        self._lock = threading.Lock()
        self._new: deque[Shown] = deque()
        """What nobody counted yet. Threads put it at the end without a lock: a deque takes it whole."""
        self._counted: deque[_Pages] = deque()
        self._many = 0
        self._entries = self._written()
        self._batch: Batch | None = None
        self.lost = 0
        """How many were dropped because the service was away for too long."""

    def note(self, shown: Shown) -> None:
        """Keep what a page showed by an action of `SHOWN`; written out when it is sent, while nobody waits."""
        self._new.append(shown)
        if len(self._new) >= _MOST_UNCOUNTED or len(shown[-1]) > 1:
            self._count()

    def batch(self) -> Batch | None:
        """Return what to send next: the same batch until it is `done`. None if nothing waits. For one thread."""
        if self._batch is None:
            self._count()
            entries = list(islice(self._entries, MOST_IN_A_BATCH))
            if len(entries) < MOST_IN_A_BATCH:
                # That was all; what is shown from now on is written out next time.
                self._entries = self._written()
            if entries:
                self._batch = Batch(str(uuid.uuid4()), entries)
        return self._batch

    def done(self, *, taken: bool = True) -> None:
        """Forget the last batch: the service has it, or will never take it."""
        batch, self._batch = self._batch, None
        if batch is not None and not taken:
            with self._lock:
                self.lost += len(batch.exposures)

    @property
    def waiting(self) -> int:
        """How many things shown wait to be told, those that are being written out not among them."""
        self._count()
        return self._many

    def _count(self) -> None:
        """Count what is new, and let the oldest go where that is too much."""
        with self._lock:
            # As many as there are now: nobody else takes one away, and what comes meanwhile is counted next time.
            pages = [self._new.popleft() for _ in range(len(self._new))]
            if pages:
                counted = _Pages(sum(len(shown[-1]) for shown in pages), pages)
                self._counted.append(counted)
                self._many += counted.many
            while self._many > self._most:
                gone = self._counted.popleft().many
                self._many -= gone
                self.lost += gone

    def _next(self) -> list[Shown] | None:
        with self._lock:
            if not self._counted:
                return None
            many, pages = self._counted.popleft()
            self._many -= many
            return pages

    def _written(self) -> Iterator[Entry]:
        """Write out what was counted, as it is sent: all at once would take many times the room."""
        for pages in iter(self._next, None):
            for shown in pages:
                yield from _entries(shown)


def _entries(shown: Shown) -> Iterator[Entry]:
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
