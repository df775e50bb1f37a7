"""Jobs of risk disclosure: what people read now is kept, and what was published is carried out, whoever began it."""

from collections.abc import Callable, Iterable
from typing import Final

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.disclosure.rollout import CARRY_OUT, carry_on, publish_disclosure
from governance.disclosure.service import RECORD
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work, enqueue
from governance.policy.errors import PolicyNotPublishableError
from governance.policy.models import PolicyVersion
from governance.policy.publishing import publish
from governance.policy.records import PolicyRecord

_log = structlog.get_logger()
KEEP: Final = "disclosure_keep"
"""Comes every day."""


def keep_handler(
    keyring: Keyring, clock: Callable[[], Instant], records: Callable[[], Iterable[PolicyRecord]]
) -> Handler:
    """Return what publishes records of which nothing was published, and goes on with what was left half done."""

    def effect(session: Session) -> None:
        at = clock()
        keep_what_is_read(session, keyring, records(), at)
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


def keep_what_is_read(session: Session, keyring: Keyring, records: Iterable[PolicyRecord], now: Instant) -> None:
    """Publish what people read and work by now, so that it stays readable; a new disclosure waits for its publisher."""
    known = PolicyVersion.records(session)
    for record in records:
        if record.id == RECORD:
            if RECORD not in known:
                publish_disclosure(session, keyring, record, now)
            continue
        try:
            publish(session, keyring, record, now)
        except PolicyNotPublishableError:
            _log.error("policy_not_kept", record=record.id, do="run `governance policy publish`, which says why")
