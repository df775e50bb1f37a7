"""Webhooks of forums: set up, taken away, given new keys; and the events that are written for them."""

import hmac
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.envelope import seal, unseal
from governance.crypto.keys import Keyring, length_prefixed
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.feed.webhooks.addresses import target_of
from governance.feed.webhooks.errors import TooManyWebhooksError, WebhookNotFoundError
from governance.feed.webhooks.models import State, Webhook, WebhookEvent, WebhookPace
from governance.ledger.hints import Hint, News
from governance.ledger.outbox.service import enqueue
from governance.ledger.rows import forget, keep

KIND: Final = "webhook"
"""The job that looks after one webhook's events."""
MOST: Final = 10
"""Webhooks of one forum."""
OVERLAP: Final = 24 * 3_600 * 1_000_000
"""How long old keys sign beside new ones, in microseconds."""
ALWAYS: Final = frozenset({Hint.PING})
_ADDRESS: Final = "webhook.address"


class Wanted(NamedTuple):
    """What a forum asks for."""

    address: str
    hints: frozenset[Hint]
    by_hmac: bool = False


class Fare(NamedTuple):
    """How a webhook fares: what waits, what was given up, what went wrong last, and when it last took an event."""

    waiting: int
    dead: int
    trouble: str | None
    paused: Instant | None
    """Since when its forum said that it is gone."""
    delivered: Instant | None


class Announcer:
    """Writes an event for every webhook that wants a piece of news; a `Listener`."""

    def __init__(self, keyring: Keyring) -> None:
        """The keys seal the jobs."""
        self._keyring = keyring

    def __call__(self, session: Session, news: News) -> None:
        """Write the events in the caller's transaction: no news without them, and no event of what is rolled back."""
        for one in Webhook.wanting(session, news.hint, news.platform_id):
            pace = WebhookPace.locked(session, one.id)
            # One that a restore brought back has none until the hourly look; it then gets a hint of its own.
            if pace is not None and pace.paused is None:
                _write(session, self._keyring, pace, news)


def set_up(  # noqa: PLR0913 - whose, what, when, and where it may lead to
    session: Session, keyring: Keyring, platform_id: UUID, wanted: Wanted, now: Instant, *, loopback: bool = False
) -> Webhook:
    """Begin a webhook, or change the one of the same address: sent twice it is there once, and goes on if it paused.

    Raises `BadWebhookAddressError`, `TooManyWebhooksError`.
    """
    target_of(wanted.address, loopback=loopback)
    digest = _digest(keyring, platform_id, wanted.address)
    row = Webhook.at(session, digest)
    if row is None:
        if len(Webhook.of_platform(session, platform_id)) >= MOST:
            raise TooManyWebhooksError(f"a forum has at most {MOST} webhooks; take one away first")
        row = Webhook(id=new_id(), platform_id=platform_id, address_digest=digest, generation=1, created=now)
        row.sealed_address = seal(keyring.derive(_ADDRESS), wanted.address.encode(), _ADDRESS, str(row.id))
    row.hints = " ".join(sorted(wanted.hints | ALWAYS))
    row.hmac = wanted.by_hmac
    keep(session, keyring, row)
    pace = begin(session, row.id)
    if pace.paused is not None:
        pace.paused, pace.failures, pace.rests_until = None, 0, now
        # Whatever came meanwhile was told to nobody.
        _write(session, keyring, pace, News(Hint.CHANGES, platform_id, now))
    return row


def begin(session: Session, webhook_id: UUID) -> WebhookPace:
    """Return a webhook's pace, locked; a new one if there is none."""
    pace = WebhookPace.locked(session, webhook_id)
    if pace is None:
        pace = WebhookPace(webhook_id=webhook_id, failures=0, rests_until=0)
        session.add(pace)
        session.flush()
    return pace


def fares(session: Session, row: Webhook) -> Fare:
    """Return how a webhook fares."""
    pace, counts = session.get(WebhookPace, row.id), WebhookEvent.counts(session, row.id)
    return Fare(
        waiting=counts.get(State.WAITING, 0),
        dead=counts.get(State.DEAD, 0),
        trouble=None if pace is None else pace.trouble,
        paused=None if pace is None or pace.paused is None else Instant(pace.paused),
        delivered=None if pace is None or pace.delivered is None else Instant(pace.delivered),
    )


def find(session: Session, platform_id: UUID, webhook_id: UUID) -> Webhook:
    """Return a webhook of a forum. Raises `WebhookNotFoundError`."""
    row = Webhook.named(session, platform_id, webhook_id)
    if row is None:
        raise WebhookNotFoundError("there is no such webhook; `GET /v1/webhooks` lists yours")
    return row


def take_away(session: Session, keyring: Keyring, row: Webhook) -> None:
    """End a webhook: nothing more is sent, and what waited is forgotten."""
    WebhookPace.locked(session, row.id)
    WebhookPace.forget(session, row.id)
    session.expire_all()
    forget(session, keyring, row)


def rotate(session: Session, keyring: Keyring, row: Webhook, now: Instant, *, at_once: bool = False) -> None:
    """Give a webhook new keys; those before sign beside them for a day, or no more if they were stolen."""
    row.generation += 1
    row.overlap_until = None if at_once else now + OVERLAP
    keep(session, keyring, row)


def generations(row: Webhook, now: Instant) -> tuple[int, ...]:
    """Return the generations of keys that sign now, the newest first."""
    both = row.overlap_until is not None and now < row.overlap_until
    return (row.generation, row.generation - 1) if both else (row.generation,)


def ping(session: Session, keyring: Keyring, row: Webhook, now: Instant) -> WebhookEvent:
    """Have a ping sent now, whatever rests or waits; one that waits already is the one."""
    pace = begin(session, row.id)
    pace.paused, pace.rests_until = None, now
    event = WebhookEvent.unsent(session, row.id, Hint.PING) or _added(session, row.id, News(Hint.PING, None, now))
    event.due = now
    wake(session, keyring, pace, now, at_once=True)
    return event


def redeliver(session: Session, keyring: Keyring, row: Webhook, now: Instant, event_id: UUID | None = None) -> int:
    """Have an event sent again, or everything that was given up; return how many. Raises `WebhookNotFoundError`."""
    pace = begin(session, row.id)
    if event_id is None:
        again: Sequence[WebhookEvent] = WebhookEvent.in_state(session, row.id, State.DEAD, 1_000)
    else:
        again = [_event(session, row.id, event_id)]
    for event in again:
        event.state, event.ended, event.tries = State.WAITING, None, 0
        event.begun, event.due = now, now
    if again:
        pace.paused, pace.rests_until = None, now
        wake(session, keyring, pace, now, at_once=True)
    return len(again)


def wake(session: Session, keyring: Keyring, pace: WebhookPace, due: Instant, *, at_once: bool = False) -> None:
    """See to it that a job looks after a webhook; `at_once`: another one than that which may be due much later."""
    if pace.pump is None or at_once:
        wanted = due if at_once else Instant(max(due, pace.rests_until))
        pace.pump = enqueue(session, keyring, KIND, {"webhook": str(pace.webhook_id)}, wanted)


def address_of(keyring: Keyring, row: Webhook) -> str:
    """Return a webhook's address. Raises `EnvelopeError`."""
    return unseal(keyring.derive(_ADDRESS), row.sealed_address, _ADDRESS, str(row.id)).decode()


def hints_of(names: Iterable[str]) -> frozenset[Hint]:
    """Return hints by their names. Raises `ValueError`."""
    return frozenset(map(Hint, names))


def _write(session: Session, keyring: Keyring, pace: WebhookPace, news: News) -> None:
    if news.data is None and WebhookEvent.unsent(session, pace.webhook_id, news.hint) is not None:
        # It is filled when it is sent, and stands for this one too.
        return
    event = _added(session, pace.webhook_id, news)
    wake(session, keyring, pace, Instant(event.due))


def _added(session: Session, webhook_id: UUID, news: News) -> WebhookEvent:
    said = None if news.data is None else msgspec.json.encode(dict(news.data)).decode()
    event = WebhookEvent(
        id=new_id(), webhook_id=webhook_id, hint=news.hint.value, data=said, state=State.WAITING.value, tries=0
    )
    event.at = event.begun = event.due = news.at
    session.add(event)
    session.flush()
    return event


def _event(session: Session, webhook_id: UUID, event_id: UUID) -> WebhookEvent:
    found = WebhookEvent.named(session, webhook_id, event_id)
    if found is None:
        raise WebhookNotFoundError("this webhook has no such event; events are kept for some days after their end")
    return found


def _digest(keyring: Keyring, platform_id: UUID, address: str) -> str:
    key = keyring.derive("webhook.address-digest")
    return hmac.digest(key, length_prefixed(str(platform_id), address), "sha256").hex()
