"""What can be counted without knowing anybody: kinds of requests, how they ended, what was decided.

Labels are names of our own routes and words of our own lists: no account, no place, no platform.
"""

import os
from collections.abc import Iterable
from functools import cache
from typing import Final

from flask import Flask
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from governance.decision.vocabulary import Reason
from governance.pdp.service import Answer

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_NAME: Final = "governance.metrics"
_MANY_PROCESSES: Final = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class Metrics:
    """The numbers of one app."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "governance_requests",
            "Requests by route, method and status.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "governance_request_seconds",
            "How long answers took.",
            ("route",),
            registry=self._registry,
            buckets=_BUCKETS,
        )
        # The library looks its numbers up by words, each of which it makes a text first.
        self._of = cache(self._numbers_of)
        self._decided = cache(self._number_of)
        self._decisions = Counter(
            "governance_decisions",
            "Decisions by what the platform was told, and whether it only observes.",
            ("reason", "observed"),
            registry=self._registry,
        )
        self._beyond_quota = Counter(
            "governance_probing_quotas_reached",
            "Accounts of professionals that asked about too many people in an hour.",
            registry=self._registry,
        )

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        ended, took = self._of(route, method if method in _METHODS else "other", status)
        ended.inc()
        took.observe(seconds)

    def _numbers_of(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(route, method, status), self._seconds.labels(route)

    def count_decisions(self, answers: Iterable[Answer]) -> None:
        """Count what was decided."""
        kinds: dict[tuple[Reason, bool], int] = {}
        for answer in answers:
            kind = answer.decision.reason, answer.observed
            kinds[kind] = kinds.get(kind, 0) + 1
        for (reason, observed), many in kinds.items():
            self._decided(reason, observed).inc(many)

    def _number_of(self, reason: Reason, observed: bool) -> Counter:  # noqa: FBT001 - a label, as `cache` hands it on
        return self._decisions.labels(reason.value, "yes" if observed else "no")

    def count_beyond_quota(self) -> None:
        """Count an account that asked about too many people."""
        self._beyond_quota.inc()

    def shown(self) -> bytes:
        """Return all numbers in the text format of Prometheus, of all workers where they share a folder."""
        if not os.environ.get(_MANY_PROCESSES):
            return generate_latest(self._registry)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody)  # type: ignore[no-untyped-call] # the library leaves it out
        return generate_latest(everybody)


def count_in(app: Flask) -> Metrics:
    """Give an app its numbers."""
    metrics = Metrics()
    app.extensions[_NAME] = metrics
    return metrics


def metrics_of(app: Flask) -> Metrics:
    """Return the numbers of an app."""
    metrics: Metrics = app.extensions[_NAME]
    return metrics
