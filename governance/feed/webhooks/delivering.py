"""One look after one webhook's events: takes what is due, sends it, and writes what became of it.

INVARIANT: an event is over only when a 2xx was seen, in the transaction that ends the job. A worker killed between the
two has it sent once more: at least once, in no promised order.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import SystemRandom
from typing import Final, NamedTuple, Protocol
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.models import find_revision
from governance.feed.webhooks.bodies import body_of, event_name, headers_of
from governance.feed.webhooks.keys import Signing
from governance.feed.webhooks.models import State, Webhook, WebhookEvent, WebhookPace
from governance.feed.webhooks.sending import Outcome
from governance.feed.webhooks.service import address_of, generations, wake
from governance.feed.webhooks.waits import due_after, rest_after, wait_after
from governance.ledger.hints import Hint
from governance.ledger.outbox.backoff import SECOND, Chance

AT_ONCE: Final = 20
"""Events of one look."""
LOOK: Final = 20 * SECOND
"""How long one look goes on: the worker has other work, such as mail."""
_SLOW: Final = 3 * SECOND
"""How long one try may take before the rest waits for another look: slow addresses take turns with all other work."""
_BACK: Final = 2
"""Failures in a row, after which a success is a return: what waits is sent without further waiting."""
_TRIES_IN_VAIN: Final = 2
_log = structlog.get_logger("governance.webhooks")


class Sends(Protocol):
    """What brings a parcel to its address: a `Sender`."""

    def send(self, address: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Try once."""


class Parcel(NamedTuple):
    """One event as it is sent."""

    event_id: UUID
    body: bytes


class Round(NamedTuple):
    """What one look has to send, and where."""

    address: str
    signing: Signing
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class Postman:
    """Whatever deliveries need."""

    keyring: Keyring
    sender: Sends
    source: str
    """Our public address: of whom the events are."""
    clock: Callable[[], Instant]
    chance: Chance = SystemRandom().random


def take(session: Session, postman: Postman, webhook_id: UUID, job_id: UUID) -> Round | None:
    """Return what is to be sent now; none if this job is not the one that looks after the webhook any more."""
    now = postman.clock()
    pace, row = WebhookPace.locked(session, webhook_id), session.get(Webhook, webhook_id)
    if pace is None or row is None or pace.pump != job_id:
        return None
    due = () if pace.paused is not None or pace.rests_until > now else _due(session, row, now)
    parcels = tuple(Parcel(event.id, body_of(event, postman.source)) for event in due)
    signing = Signing(row.id, generations(row, now), row.hmac)
    return Round(address_of(postman.keyring, row), signing, parcels)


def send_all(postman: Postman, found: Round) -> Iterator[tuple[UUID, Outcome]]:
    """Send one after the other, until nobody is there or the time of one look is over."""
    ends, in_vain = postman.clock() + LOOK, 0
    for parcel in found.parcels:
        now = postman.clock()
        if now >= ends or in_vain >= _TRIES_IN_VAIN:
            return
        headers = headers_of(postman.keyring, found.signing, event_name(parcel.event_id), parcel.body, now)
        outcome = postman.sender.send(found.address, parcel.body, headers)
        yield parcel.event_id, outcome
        if outcome.away or outcome.gone or postman.clock() - now > _SLOW:
            return
        in_vain = 0 if outcome.delivered else in_vain + 1


def settle(
    session: Session, postman: Postman, webhook_id: UUID, job_id: UUID, outcomes: list[tuple[UUID, Outcome]]
) -> None:
    """Write what became of the events, and have the next job look after what is left."""
    now = postman.clock()
    pace = WebhookPace.locked(session, webhook_id)
    if pace is None:
        return
    # Two looks at one time, as after a ping: what one of them delivered stays delivered.
    waiting = WebhookEvent.waiting_among(session, webhook_id, [event_id for event_id, _ in outcomes])
    for event_id, outcome in outcomes:
        if event_id in waiting:
            _note(session, postman, (pace, waiting[event_id]), outcome, now)
    if pace.pump == job_id:
        session.flush()
        pace.pump = None
        due = None if pace.paused is not None else WebhookEvent.next_due(session, webhook_id)
        if due is not None:
            wake(session, postman.keyring, pace, Instant(max(due, now)))


def _due(session: Session, row: Webhook, now: Instant) -> list[WebhookEvent]:
    due = list(WebhookEvent.due_now(session, row.id, now, AT_ONCE))
    for event in due:
        if event.data is None:
            # Under the lock: who changes something after this writes an event of their own.
            event.data = msgspec.json.encode(_data(session, row, event.hint)).decode()
    return due


def _data(session: Session, row: Webhook, hint: str) -> Mapping[str, int]:
    return {"revision": find_revision(session, row.platform_id)} if hint == Hint.CHANGES else {}


def _note(
    session: Session, postman: Postman, both: tuple[WebhookPace, WebhookEvent], outcome: Outcome, now: Instant
) -> None:
    pace, event = both
    event.tries += 1
    event.trouble = pace.trouble = outcome.trouble or None
    if outcome.delivered:
        event.state, event.ended = State.DELIVERED, now
        back, pace.failures, pace.delivered, pace.rests_until = pace.failures >= _BACK, 0, now, now
        if back:
            WebhookEvent.hurry(session, pace.webhook_id, now)
        return
    pace.failures += 1
    # An address that answered with a fault to one event may take the next one; one that is away rests.
    rest = rest_after(pace.failures, postman.chance, outcome.retry_after)
    due = due_after(event.begun, now, max(rest, wait_after(event.tries, postman.chance)))
    # No rest outlasts an event's last chance.
    pace.rests_until = now + rest if due is None else min(now + rest, due)
    if outcome.gone:
        pace.paused = now
        for one in WebhookEvent.waiting_of(session, pace.webhook_id):
            _give_up(one, outcome.trouble, now)
    elif due is None:
        _give_up(event, outcome.trouble, now)
        _log.warning("webhook_event_dead", webhook=str(pace.webhook_id), trouble=outcome.trouble)
    else:
        event.due = due


def _give_up(event: WebhookEvent, trouble: str, now: Instant) -> None:
    event.state, event.ended, event.trouble = State.DEAD, now, trouble
