"""Jobs of risk disclosure: what people read now is kept, and what was published is carried out, whoever began it."""

from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.disclosure.rollout import CARRY_OUT, carry_on, publish_disclosure
from governance.disclosure.service import RECORD
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work, enqueue
from governance.policy.models import PolicyVersion
from governance.policy.publishing import publish
from governance.policy.records import PolicyRecord

KEEP: Final = "disclosure_keep"
"""Comes every day."""


def keep_handler(
    keyring: Keyring, clock: Callable[[], Instant], records: Callable[[], Iterable[PolicyRecord]]
) -> Handler:
    """Return what publishes records of which nothing was published, and goes on with what was left half done."""

    def effect(session: Session) -> None:
        at = clock()
        publish_first(session, keyring, records(), at)
        if PolicyVersion.unfinished(session, RECORD) is not None:
            enqueue(session, keyring, CARRY_OUT, {}, at)

    def handle(_work: Work) -> Effect:
        return effect

    return handle


def carry_out_handler(keyring: Keyring, clock: Callable[[], Instant]) -> Handler:
    """Return what does the next people, and has itself called again until there are none."""

    def effect(session: Session) -> None:
        at = clock()
        if carry_on(session, keyring, at) is not None:
            enqueue(session, keyring, CARRY_OUT, {}, at)

    def handle(_work: Work) -> Effect:
        return effect

    return handle


def publish_first(session: Session, keyring: Keyring, records: Iterable[PolicyRecord], now: Instant) -> None:
    """Publish those records of which nothing was published yet, so that what people read now stays readable."""
    known = PolicyVersion.records(session)
    for record in records:
        if record.id not in known:
            (publish_disclosure if record.id == RECORD else publish)(session, keyring, record, now)
