"""What each caller has used of what they may ask for, and the answer to who asks for more.

Flask-Limiter costs as much as a whole empty request; this is the library under it, with rates that are read once.
"""

from functools import partial
from http import HTTPStatus
from math import ceil
from threading import Timer
from typing import Final, NamedTuple, NoReturn, cast

import structlog
from flask import Flask, Response, after_this_request
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from governance.decision.vocabulary import Instant
from governance.ui.problems import problem

_NAME: Final = "governance.budgets"
_FORGET_EVERY: Final = 4096
"""Requests, after which callers that were not seen for long are forgotten."""
_SECOND: Final = 1_000_000
_log = structlog.get_logger()


class _Busy:
    """Stands where the storage would start its timer."""

    def is_alive(self) -> bool:
        """Say that a timer runs."""
        return True


class Budget(NamedTuple):
    """Which limit counts for a request, and for whom."""

    policy: str
    rate: RateLimitItem
    who: str


class Budgets:
    """What was used of the budgets of one app."""

    def __init__(self, storage: str) -> None:
        """Count in a storage: in this process, or where several share it."""
        self._storage = storage_from_string(storage, wrap_exceptions=True)
        if isinstance(self._storage, MemoryStorage):
            # Its own way to forget starts a thread a hundred times a second, a sixth of what a decision costs.
            self._storage.timer = cast("Timer", _Busy())
        self._used = FixedWindowRateLimiter(self._storage)
        self._counted = 0

    def takes(self, budget: Budget) -> bool:
        """Count one; say whether it is still within the limit. While nothing can be counted, all are."""
        self._counted += 1
        if self._counted % _FORGET_EVERY == 0:
            self._forget()
        try:
            return self._used.hit(budget.rate, budget.policy, budget.who)
        except StorageError as error:
            # Who cannot count must not keep a patient from saying no.
            _log.error("limits_not_counted", error=type(error.__cause__ or error).__qualname__)
            return True

    def refuse(self, budget: Budget, words: str, now: Instant) -> NoReturn:
        """Raise `TooManyRequests` in such words; the answer says when to come back."""
        seconds = self._seconds_left(budget, now)
        after_this_request(partial(_tell, budget, seconds))
        raise TooManyRequests(words, retry_after=seconds)

    def refusal(self, budget: Budget, words: str, now: Instant) -> Response:
        """Return the same answer, for the place of one that was made already."""
        seconds = self._seconds_left(budget, now)
        answer = problem(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", words)
        answer.headers["Retry-After"] = str(seconds)
        answer.headers["Cache-Control"] = "no-store"
        return _tell(budget, seconds, answer)

    def _forget(self) -> None:
        """Let go of callers whose time is over; the storage does so itself with each one that is looked at."""
        if isinstance(self._storage, MemoryStorage):
            for key in list(self._storage.expirations):
                self._storage.get(key)

    def _seconds_left(self, budget: Budget, now: Instant) -> int:
        """Return how long it takes until the budget is full again; a whole window if nobody can tell any more."""
        try:
            full_at = float(self._used.get_window_stats(budget.rate, budget.policy, budget.who).reset_time)
        except StorageError:
            return budget.rate.get_expiry()
        return max(1, ceil(full_at - now / _SECOND))


def _tell(budget: Budget, seconds: int, answer: Response) -> Response:
    """Write the fields of draft-ietf-httpapi-ratelimit-headers into an answer that refuses."""
    answer.headers["RateLimit-Policy"] = f'"{budget.policy}";q={budget.rate.amount};w={budget.rate.get_expiry()}'
    answer.headers["RateLimit"] = f'"{budget.policy}";r=0;t={seconds}'
    return answer


def keep_budgets(app: Flask, storage: str) -> Budgets:
    """Give an app its budgets, unused; return them."""
    budgets = app.extensions[_NAME] = Budgets(storage)
    return budgets


def budgets_of(app: Flask) -> Budgets:
    """Return the budgets of an app."""
    found: Budgets = app.extensions[_NAME]
    return found
