"""Follows the service: one thread asks every two seconds, takes what changed in its order, and renews the lease.

A state counts only once a signed answer to a question of our own has continued it to where the service stands. So an
old bundle, however truly signed, is caught up with or thrown away, and never decided on.
"""

import logging
import random
import secrets
import threading
from typing import Final

from governance.pep.failures import UnansweredError
from governance.pep.replica.clocks import Clocks
from governance.pep.replica.evaluator import Evaluator
from governance.pep.replica.exposures import Exposures
from governance.pep.replica.feed import Asking, Feed, OtherEpochError
from governance.pep.replica.roster import Roster
from governance.pep.replica.state import NotReadyError, State
from governance.pep.wire.codec import WireError

_LOG: Final = logging.getLogger("governance.pep")
POLL_SECONDS: Final = 2.0
_JITTER: Final = 0.2
_MOST_ANSWERS: Final = 1_000
"""Answers in a row that a replica takes to catch up before it fetches a bundle instead."""
_MOST_BATCHES: Final = 4
"""Batches of exposures that are told between two questions; more would let the lease run out."""
_HINTS: Final = {
    "unreachable": "the service does not answer (unreachable)",
    "waiting": "there is no bundle yet, the next is asked for in a while (waiting)",
    "no_token": "the service gives no token (no_token): set up again if the client or its secret has changed",
}
"""What the log says to whoever reads it; other troubles by their code alone."""
_FIRST_WAIT, _LONGEST_WAIT = 2.0, 300.0
"""Seconds between two attempts to fetch a bundle."""
_EARLY: Final = 6 * 3600 * 1_000_000
"""Microseconds before a bundle's end at which the next one is fetched: of its two days in the last hours."""


class Follower:
    """Keeps one evaluator up to date."""

    def __init__(self, feed: Feed, evaluator: Evaluator, exposures: Exposures, roster: Roster, clocks: Clocks) -> None:
        """Prepare; nothing is asked yet."""
        self.trouble = "not_asked"
        """Why the last question was not answered; "" if it was."""
        self._feed = feed
        self._evaluator = evaluator
        self._exposures = exposures
        self._roster = roster
        self._clocks = clocks
        self._wait, self._next_bundle = _FIRST_WAIT, 0.0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._fetching: threading.Thread | None = None
        self._fetched: State | None = None

    def start(self) -> None:
        """Follow from now on, beside everything else."""
        self._thread = threading.Thread(target=self._run, name="replica", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Tell what professionals saw until now, and ask no more; what is known stays."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self.step()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.step()
            # Not all forums of a service at the same moment, however they were started.
            self._stop.wait(POLL_SECONDS * random.uniform(1 - _JITTER, 1 + _JITTER))  # noqa: S311 - no secret

    def step(self) -> None:
        """Ask once, whatever comes of it; never raises."""
        try:
            self._follow()
            self._told("")
            self._tell()
        except OtherEpochError:
            # From now on nothing here is known to be true, and another bundle is needed.
            self._evaluator.lease.end()
            self._told("other_epoch")
            self._fetch_at_once()
        except UnansweredError as failure:
            self._told(failure.code)
        except WireError:
            self._told("not_believed")
        except Exception:  # noqa: BLE001 - a thread that ends would leave the forum with what was true today
            self._told("failed")

    def _follow(self) -> None:
        known = self._known()
        fetched, self._fetched = self._fetched, None
        if fetched is None and known is None:
            fetched = self._fetch()
        if fetched is not None:
            self._adopt(fetched, known)
        elif known is not None:
            self._catch_up(known, known)
            if self._evaluator.time.now() >= known.expires - _EARLY:
                self._fetch_beside()

    def _adopt(self, fetched: State, known: State | None) -> None:
        """Take a bundle's state, once it was caught up with. Raises `WireError` for one that leads back."""
        self._catch_up(fetched, known)
        self._wait = _FIRST_WAIT

    def _catch_up(self, state: State, known: State | None) -> None:
        """Take answer after answer until there are no more, then decide on it, then renew the lease. In this order."""
        for _ in range(_MOST_ANSWERS):
            asking = self._asking(known, state.epoch)
            sent = self._clocks.now()
            answer = self._feed.changes(state.epoch, state.revision, asking)
            if answer.revision == state.revision < answer.newest:
                raise WireError("an answer that leads nowhere")
            state = state.after(answer)
            if answer.revision == answer.newest:
                break
        else:
            raise OtherEpochError
        if known is not None and known.epoch == state.epoch and state.revision < known.revision:
            raise WireError("a revision that was passed")
        self._evaluator.time.set(answer.now)
        self._evaluator.publish(state)
        self._evaluator.lease.renew(sent, answer.lease_ms / 1_000)

    def _asking(self, known: State | None, epoch: str) -> Asking:
        """Return what the next question says: by what pages are decided now, and for how long at most."""
        applied = known.revision if known is not None and known.epoch == epoch else None
        return Asking(secrets.token_urlsafe(16), max(1, int(self._evaluator.lease.seconds * 1_000)), applied)

    def _fetch(self) -> State:
        """Fetch a bundle, unless one was fetched a moment ago. Raises `UnansweredError`, `WireError`."""
        now = self._clocks.steady()
        if now < self._next_bundle:
            raise UnansweredError("waiting")
        self._next_bundle = now + self._wait
        self._wait = min(2 * self._wait, _LONGEST_WAIT)
        return State.of(self._feed.bundle())

    def _fetch_at_once(self) -> None:
        try:
            self._fetched = self._fetch()
        except (UnansweredError, WireError) as failure:
            self._told(failure.code if isinstance(failure, UnansweredError) else "not_believed")

    def _fetch_beside(self) -> None:
        """Fetch a bundle while the questions go on: the lease must not run out over it."""
        if self._fetching is None or not self._fetching.is_alive():
            self._fetching = threading.Thread(target=self._fetch_at_once, name="replica-bundle", daemon=True)
            self._fetching.start()

    def _tell(self) -> None:
        state = self._known()
        if state is not None:
            self._roster.refresh(state, self._feed, self._clocks.steady())
        for _ in range(_MOST_BATCHES):
            batch = self._exposures.batch()
            if batch is None:
                return
            self._exposures.done(taken=self._feed.tell(batch))

    def _known(self) -> State | None:
        try:
            return self._evaluator.state
        except NotReadyError:
            return None

    def _told(self, trouble: str) -> None:
        """Note how it went; a line in the log only when that is another than before."""
        if trouble != self.trouble:
            said = _HINTS.get(trouble, trouble) or "answers"
            _LOG.log(logging.WARNING if trouble else logging.INFO, "the feed: %s", said)
        self.trouble = trouble
