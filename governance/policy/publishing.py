"""Publishing: a checked record becomes a version that holds, with its texts kept by hash for ever.

A version is never edited. Under the same number only one thing may change: a text that nobody could read yet, such
as a late translation, is approved.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger import hints
from governance.ledger.rows import keep
from governance.ledger.service import append
from governance.policy.errors import PolicyNotPublishableError
from governance.policy.history import History, history_of
from governance.policy.models import PolicyText, PolicyTextUse, PolicyVersion
from governance.policy.records import MAIN_LANGUAGE, PolicyRecord, TextVersion
from governance.ui.clock import to_instant

ON_PUBLICATION: Final = frozenset({"disclosure"})
"""Records of which a version holds once it was published; by the others the program works as they lie in its folder."""


class News(NamedTuple):
    """What publishing a record changed: the version, if it is a new one, and the texts that may be read from now on."""

    record: PolicyRecord
    is_new: bool
    texts: tuple[TextVersion, ...]


def publish(
    session: Session, keyring: Keyring, record: PolicyRecord, now: Instant, *, waits: bool = False
) -> News | None:
    """Publish a record, or the texts that were approved since; None if all of it was published before.

    `waits`: rows in force have to know of a new version before it counts as carried out, see `note_applied`.
    Raises `PolicyNotPublishableError`.
    """
    history = history_of(session, record.id)
    known = history.named(record.version)
    if known is None:
        _check_follows(history, record)
        row = PolicyVersion(record=record.id, version=record.version, published=now, document=record.document)
        row.since, row.applied = _since(history, record, now), None if waits else now
        keep(session, keyring, row)
        before: tuple[TextVersion, ...] = ()
    else:
        _check_same(known.record, record)
        before = known.record.texts
    added = tuple(text for text in record.texts if text not in before)
    for text in added:
        _keep_text(session, keyring, record, text, now)
    if known is not None and not added:
        return None
    _enter(session, keyring, record, added, now)
    return News(record, is_new=known is None, texts=added)


def note_applied(session: Session, keyring: Keyring, row: PolicyVersion, now: Instant) -> None:
    """Write down that everybody's row in force knows of a version."""
    row.applied, row.upto = now, None
    keep(session, keyring, row)


def _since(history: History, record: PolicyRecord, now: Instant) -> Instant:
    """Return from when a version holds. The first one was read before anybody published it, as its header says."""
    effective = to_instant(record.effective)
    return max(effective, now) if history.versions else min(effective, now)


def _check_follows(history: History, record: PolicyRecord) -> None:
    if "[texts." in record.document and MAIN_LANGUAGE not in record.sha256_by_language:
        raise PolicyNotPublishableError(f"`{record.id}` has no approved English text; approve it first")
    if not history.versions:
        return
    last = history.versions[-1].record
    if record.number not in set(_next(last.number)):
        raise PolicyNotPublishableError(
            f"`{record.id}` {record.version} does not follow {last.version}, which was published last; number it "
            + " or ".join(".".join(map(str, number)) for number in _next(last.number))
        )


def _next(number: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the numbers that may follow: a version that was left out would hide what it changed."""
    major, minor, patch = number
    return [(major + 1, 0, 0), (major, minor + 1, 0), (major, minor, patch + 1)]


def _check_same(known: PolicyRecord, record: PolicyRecord) -> None:
    if _digest(known) != _digest(record):
        raise PolicyNotPublishableError(
            f"`{record.id}` {record.version} was published with other data; raise its version"
        )
    approved = {(text.language, text.variant): text.sha256 for text in known.texts}
    for text in record.texts:
        if approved.get((text.language, text.variant), text.sha256) != text.sha256:
            raise PolicyNotPublishableError(
                f"the text {text.language}, {text.variant} of `{record.id}` {record.version} was published in other "
                "words; raise the version"
            )


def _digest(record: PolicyRecord) -> str:
    """Return what tells two contents of one version apart, texts and the limits for reading them aside."""
    header = (record.change, record.effective, record.summary, record.owner)
    tables = {name: table for name, table in record.tables.items() if name != "reading"}
    said = json.dumps([header, tables], sort_keys=True, default=_plain)
    return hashlib.sha256(said.encode()).hexdigest()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _keep_text(session: Session, keyring: Keyring, record: PolicyRecord, text: TextVersion, now: Instant) -> None:
    if session.get(PolicyText, text.sha256) is None:
        keep(session, keyring, PolicyText(sha256=text.sha256, content=text.content.encode()))
    use = PolicyTextUse(
        record=record.id,
        version=record.version,
        language=text.language,
        variant=text.variant.value,
        sha256=text.sha256,
        approved=now,
    )
    keep(session, keyring, use)


def _enter(
    session: Session, keyring: Keyring, record: PolicyRecord, added: Iterable[TextVersion], now: Instant
) -> None:
    """Have the ledger prove what was published when."""
    facts: dict[str, str | int] = {"record": record.id, "version": record.version, "change": record.change.value}
    append(session, keyring, now, "policy", {**facts, **dict(_hashes(added))})
    told = {"record": record.id, "version": record.version}
    hints.give_hint(session, hints.News(hints.Hint.POLICY, None, now, told))


def _hashes(texts: Iterable[TextVersion]) -> Iterator[tuple[str, str]]:
    for text in texts:
        yield f"{text.language}.{text.variant}", text.sha256
