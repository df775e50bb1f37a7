"""How often a forum may have us send on demand, for all its webhooks together; what happens by itself is not counted.

THREAT: a forum's client, or who stole its secret, has us knock at an address of its choice as fast as it can ask. The
budget of its requests is a thousand times too wide for that. Counted is the forum and not its token or webhook: both
can be had anew.
"""

from functools import partial
from math import ceil
from typing import Final
from uuid import UUID

import structlog
from flask import Flask, Response, after_this_request, current_app
from limits import parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from governance.config.limits import LimitSettings
from governance.decision.vocabulary import Instant

_NAME: Final = "governance.webhooks.brake"
_POLICY: Final = "sends"
_SECOND: Final = 1_000_000
_log = structlog.get_logger()


class Brake:
    """The sends on demand of one app's forums, counted where its settings say."""

    def __init__(self, settings: LimitSettings) -> None:
        """Begin with none."""
        self._rate = parse(settings.sends)
        self._used = FixedWindowRateLimiter(storage_from_string(settings.storage, wrap_exceptions=True))

    def count(self, platform_id: UUID, now: Instant) -> None:
        """Count one. Raises `TooManyRequests` beyond the limit, which says when to come back."""
        who = str(platform_id)
        try:
            if self._used.hit(self._rate, _POLICY, who):
                return
            full_at = float(self._used.get_window_stats(self._rate, _POLICY, who).reset_time)
        except StorageError as error:
            # As with all budgets: what cannot be counted is let through, and somebody is told.
            _log.error("limits_not_counted", error=type(error.__cause__ or error).__qualname__)
            return
        seconds = max(1, ceil(full_at - now / _SECOND))
        after_this_request(partial(self._tell, seconds))
        raise TooManyRequests(
            "so much was to be sent again or tried in a short time; wait as long as `Retry-After` says",
            retry_after=seconds,
        )

    def _tell(self, seconds: int, answer: Response) -> Response:
        answer.headers["RateLimit-Policy"] = f'"{_POLICY}";q={self._rate.amount};w={self._rate.get_expiry()}'
        answer.headers["RateLimit"] = f'"{_POLICY}";r=0;t={seconds}'
        return answer


def keep_brake(app: Flask, settings: LimitSettings) -> None:
    """Give an app its brake."""
    app.extensions[_NAME] = Brake(settings)


def brake() -> Brake:
    """Return the brake of the app that answers."""
    found: Brake = current_app.extensions[_NAME]
    return found
