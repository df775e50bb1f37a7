"""For how long what a replica knows may still let a professional in."""

from typing import Final

from governance.pep.replica.clocks import Clocks, Moment

USUAL_SECONDS: Final = 5.0
MOST_SECONDS: Final = 30.0


class Lease:
    """Runs from the moment at which the last answered question was *sent*.

    THREAT: counted from when the answer came, an answer that was on its way for a minute would be believed as if it
    were new, and what a patient closed in that minute would stay open.
    """

    def __init__(self, clocks: Clocks, seconds: float = USUAL_SECONDS) -> None:
        """Hold nothing yet. Raises `ValueError` for a lease that is longer than any patient is told of."""
        if not 0 < seconds <= MOST_SECONDS:
            raise ValueError(f"a lease lasts more than 0 and at most {MOST_SECONDS:.0f} seconds")
        self.seconds = seconds
        self._clocks = clocks
        self._held = Held(None, seconds, clocks)

    def renew(self, sent: Moment, granted: float | None = None) -> None:
        """Count from `sent`: all that the replica now knows was true then or later. Never counts back.

        `granted` is for how many seconds the service gave it, if that is less.
        """
        seconds = self.seconds if granted is None else min(self.seconds, granted)
        before = self._held.sent
        if before is None or sent.steady > before.steady:
            self._held = Held(sent, seconds, self._clocks)

    def end(self) -> None:
        """End at once, as when the service says that all this is of the past."""
        self._held = Held(None, self.seconds, self._clocks)

    def taken(self) -> "Held":
        """Return the lease as it is now. Take it before anything is looked up, and ask it when all was answered."""
        return self._held


class Held:
    """A lease as it was when a page began.

    INVARIANT: what is looked up after it was taken is at least as new as it. So a page for which it still holds at
    its end rests on nothing older than the lease allows, however long the page's thread was kept waiting in between.
    """

    __slots__ = ("_clocks", "_seconds", "sent")

    def __init__(self, sent: Moment | None, seconds: float, clocks: Clocks) -> None:
        """Keep what it was counted from."""
        self.sent = sent
        self._seconds = seconds
        self._clocks = clocks

    def holds(self) -> bool:
        """Say whether it has not run out."""
        return self.sent is not None and self._clocks.is_less_since(self.sent, self._seconds)
