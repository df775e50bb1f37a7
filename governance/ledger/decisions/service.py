"""Writing and reading decisions. What was asked and what was shown are kept apart: neither proves the other."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session

from governance.crypto.envelope import EnvelopeError, seal, unseal
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.decide import explain, own_accounts
from governance.decision.facts import Facts, Request, Words
from governance.decision.provisions import WhoKind
from governance.decision.verdicts import Decision, Step, Verdict
from governance.decision.vocabulary import FOREVER, NOT_SENT, AccountKey, Action, Instant, NotSentType, Reason
from governance.ledger.decisions.models import LoggedDecision

_DAY: Final = 24 * 3600 * 1_000_000
SHOWN_TO_PATIENTS: Final = 30 * _DAY
"""Microseconds that a patient can look back."""
KEPT: Final = 396 * _DAY
"""Microseconds, thirteen months, after which a row goes unless a case holds it."""
BATCH: Final = 1_000
"""How many rows `forget_old` deletes at once."""
_log = structlog.get_logger()


class Kind(StrEnum):
    """Whether a forum asked us, or told us what it showed."""

    ASKED = "asked"
    SHOWN = "shown"


class Noted(NamedTuple):
    """One decision as it was taken; what stands in the log is worked out later, off the request."""

    id: UUID
    """Sent to the platform with the answer."""
    platform_id: UUID
    revision: int
    """Of the platform, when the facts were read: from it the decision can be taken again."""
    request: Request
    facts: Facts | None
    decision: Decision
    observed: bool = False
    """Whether it was shown whatever was decided, because the community only observes."""
    beyond_quota: bool = False


class Logged(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed in a row; of what was only shown there is no decision of ours, nor a reason."""

    viewer: str
    action: str
    permit: bool
    decision: str = ""
    reason: Reason | None = None
    step: Step | None = None
    line: str = ""
    capacity: str = ""
    observed: bool = False
    named: bool = False
    """Whether a choice by name, or a block between the two, decided."""
    beyond_quota: bool = False
    """Whether the viewer had asked about too many people; taken again by the revision alone, it would come out else."""
    revision: int = 0
    community: str = ""
    thread: str = ""
    post: str = ""


class _Written(NamedTuple):
    kind: Kind
    author: AccountKey
    at: Instant


class Shown(NamedTuple):
    """What a platform says that it showed to a professional, by a decision it took itself."""

    author: AccountKey
    viewer: AccountKey
    action: Action
    at: Instant
    community: str = ""
    thread: str = ""
    post: str = ""
    revision: int = 0
    """Of the platform, on which its own decision stood; 0 if it does not say."""


class Entry(NamedTuple):
    """A row as it can be read with our keys."""

    kind: Kind
    platform_id: UUID
    author: AccountKey
    at: Instant
    logged: Logged


def belongs_in_log(noted: Noted) -> bool:
    """Say whether a decision is kept: about professionals all, about members only what was refused them.

    A record of what ordinary members read would be the watching that patients fear.
    """
    return not noted.decision.permit or noted.facts is None or bool(noted.facts.viewer.governed_by)


def write(session: Session, keyring: Keyring, group: Iterable[Noted]) -> None:
    """Write down a group of decisions, a row for every author."""
    rows = [row for noted in group for row in _rows(keyring, noted)]
    if rows:
        LoggedDecision.add_all(session, rows)


def write_shown(session: Session, keyring: Keyring, platform_id: UUID, shown: Iterable[Shown]) -> None:
    """Write down what a platform showed, a row each; whose viewer belongs in the log, the caller has seen to."""
    rows = [_row(keyring, platform_id, _Written(Kind.SHOWN, one.author, one.at), _exposure(one)) for one in shown]
    if rows:
        LoggedDecision.add_all(session, rows)


def read(session: Session, keyring: Keyring, authors: Sequence[AccountKey], since: Instant) -> list[Entry]:
    """Return what is kept about a patient's accounts from an instant on, newest first. Raises `EnvelopeError`."""
    return [_entry(keyring, row) for row in LoggedDecision.about(session, authors, since)]


def each_about(session: Session, keyring: Keyring, authors: Sequence[AccountKey], since: Instant) -> Iterator[Entry]:
    """Walk what is kept about a patient's accounts from an instant on, newest first, a part at a time.

    What does not open is left out, and wakes somebody: one broken row must not close a patient's page.
    """
    for row in LoggedDecision.walk_about(session, authors, since):
        try:
            yield _entry(keyring, row)
        except (EnvelopeError, msgspec.MsgspecError):
            _log.critical("broken_row", kind="decision_log")


def was_shown(session: Session, authors: Sequence[AccountKey], since: Instant) -> bool:
    """Say whether a forum told us of anything of these accounts that it showed by a decision of its own."""
    return LoggedDecision.is_any(session, authors, since, Kind.SHOWN.value)


def each_since(session: Session, keyring: Keyring, since: Instant, until: Instant = FOREVER) -> Iterator[Entry]:
    """Walk everything that was asked or shown in a time, a part at a time; for jobs, never for a page.

    What does not open is left out, and wakes somebody.
    """
    for row in LoggedDecision.walk_between(session, since, until):
        try:
            yield _entry(keyring, row)
        except (EnvelopeError, msgspec.MsgspecError):
            _log.critical("broken_row", kind="decision_log")


def hold(session: Session, authors: Sequence[AccountKey], since: Instant) -> None:
    """Keep what there is about a patient's accounts, because a case was filed."""
    LoggedDecision.hold(session, authors, since)


def release(session: Session, authors: Sequence[AccountKey]) -> None:
    """Let the time run again when the case is over."""
    LoggedDecision.release(session, authors)


def forget_old(session: Session, now: Instant, kept_since: Instant | None = None) -> int:
    """Delete up to a thousand rows that are thirteen months old; call again while it returns as many.

    `kept_since`: from when on they are kept instead, where that is longer.
    """
    oldest = Instant(now - KEPT)
    return LoggedDecision.forget_before(session, oldest if kept_since is None else min(oldest, kept_since), BATCH)


def _rows(keyring: Keyring, noted: Noted) -> Iterator[dict[str, Any]]:
    verdicts = _verdicts(noted)
    own = own_accounts(noted.request)
    for words in noted.request.words:
        if words.author in own:
            continue
        logged = _logged(noted, words, _deciding(verdicts, words.author) or noted.decision.verdict)
        yield _row(keyring, noted.platform_id, _Written(Kind.ASKED, words.author, noted.request.at), logged)


def _row(keyring: Keyring, platform_id: UUID, written: _Written, logged: Logged) -> dict[str, Any]:
    row_id = new_id()
    return {
        "id": row_id,
        "platform_id": platform_id,
        "kind": written.kind.value,
        "author": written.author,
        "at": written.at,
        "sealed": seal(_key(keyring), msgspec.json.encode(logged), *_place(row_id)),
        "held": False,
    }


def _verdicts(noted: Noted) -> Sequence[Verdict]:
    return () if noted.facts is None else explain(noted.request, noted.facts).verdicts


def _deciding(verdicts: Sequence[Verdict], author: AccountKey) -> Verdict | None:
    """Return the verdict that decided about one author: refusals come first."""
    return next((verdict for verdict in verdicts if verdict.author == author), None)


def _logged(noted: Noted, words: Words, verdict: Verdict) -> Logged:
    return Logged(
        decision=str(noted.id),
        viewer=noted.request.viewer,
        action=noted.request.action.value,
        permit=noted.decision.permit,
        reason=noted.decision.reason,
        step=verdict.step,
        line="" if verdict.line is None else verdict.line.id,
        capacity="" if verdict.capacity is None else verdict.capacity.value,
        observed=noted.observed,
        named=_by_name(verdict),
        beyond_quota=noted.beyond_quota,
        revision=noted.revision,
        community=_sent(words.community),
        thread=_sent(words.thread),
        post=_sent(words.post),
    )


def _by_name(verdict: Verdict) -> bool:
    return verdict.step is Step.BLOCK or (verdict.line is not None and verdict.line.who.kind is WhoKind.NAMED)


def _exposure(shown: Shown) -> Logged:
    return Logged(
        viewer=shown.viewer,
        action=shown.action.value,
        permit=True,
        revision=shown.revision,
        community=shown.community,
        thread=shown.thread,
        post=shown.post,
    )


def _sent(place: str | NotSentType) -> str:
    return "" if place is NOT_SENT else place


def _entry(keyring: Keyring, row: LoggedDecision) -> Entry:
    plain = unseal(_key(keyring), row.sealed, *_place(row.id))
    logged = msgspec.json.decode(plain, type=Logged)
    return Entry(Kind(row.kind), row.platform_id, AccountKey(row.author), Instant(row.at), logged)


def _key(keyring: Keyring) -> bytes:
    return keyring.derive("decision-log")


def _place(row_id: UUID) -> tuple[str, str, str]:
    return "decision_log", "sealed", str(row_id)
