"""What the worker does: look after a webhook's events, and once an hour see that no webhook was forgotten."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.feed.webhooks.delivering import Postman, send_all, settle, take
from governance.feed.webhooks.models import State, Webhook, WebhookEvent, WebhookPace
from governance.feed.webhooks.service import Announcer, begin, wake
from governance.ledger.hints import Hint, News
from governance.ledger.outbox.backoff import HOUR
from governance.ledger.outbox.errors import BadPayloadError
from governance.ledger.outbox.handlers import Effect, Handler, nothing
from governance.ledger.outbox.models import find_every
from governance.ledger.outbox.service import Work

UPKEEP: Final = "webhook_upkeep"
DELIVERED_KEPT: Final = 3 * 24 * HOUR
DEAD_KEPT: Final = 30 * 24 * HOUR
Writing = Callable[[], AbstractContextManager[Session]]
"""Gives a session of its own that is committed at the end."""


def delivering_handler(writing: Writing, postman: Postman) -> Handler:
    """Return what sends a webhook's events. No transaction is open while it sends: a receiver may be slow."""

    def deliver(work: Work) -> Effect:
        webhook_id = _webhook_in(work)
        with writing() as session:
            found = take(session, postman, webhook_id, work.id)
        if found is None:
            return nothing
        outcomes = list(send_all(postman, found))
        return lambda session: settle(session, postman, webhook_id, work.id, outcomes)

    return deliver


def upkeep_handler(postman: Postman) -> Handler:
    """Return what deletes events that are long over, and finds webhooks that no job looks after."""

    def look(_work: Work) -> Effect:
        return lambda session: keep_up(session, postman, postman.clock())

    return look


def keep_up(session: Session, postman: Postman, now: Instant) -> None:
    """Forget what is long over; wake what was left, as by a restore or by a job that somebody dropped."""
    WebhookEvent.forget_ended(session, State.DELIVERED, now - DELIVERED_KEPT)
    WebhookEvent.forget_ended(session, State.DEAD, now - DEAD_KEPT)
    for row in Webhook.all(session):
        is_new = session.get(WebhookPace, row.id) is None
        pace = begin(session, row.id)
        if is_new:
            # A restore brought its address back and lost what was to be told.
            Announcer(postman.keyring)(session, News(Hint.CHANGES, row.platform_id, now))
        if pace.pump is not None and find_every(session, pace.pump) is None:
            pace.pump = None
        due = None if pace.paused is not None else WebhookEvent.next_due(session, row.id)
        if due is not None:
            wake(session, postman.keyring, pace, Instant(max(due, now)))


def _webhook_in(work: Work) -> UUID:
    try:
        return UUID(str(work.payload["webhook"]))
    except (KeyError, ValueError):
        raise BadPayloadError("a webhook's job needs the webhook's id") from None
