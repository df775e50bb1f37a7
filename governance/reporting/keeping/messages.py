"""The dialogue: messages between a reporter and those who work on the report, under the report's key."""

from typing import Final, Literal, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.errors import BadInputError
from governance.reporting.errors import NoSuchReportError
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.models import Report, ReportMessage
from governance.reporting.work import Work
from governance.sentences import Sentence

By = Literal["reporter", "officer"]
LONGEST: Final = 8000
_WORDS: Final = ("report_message", "sealed_words")


class Message(NamedTuple):
    """One message, opened."""

    number: int
    by: By
    at: Instant
    text: str
    staff_id: UUID | None
    """Which officer wrote; none for the reporter."""


class _Words(msgspec.Struct, frozen=True):
    text: str
    at: int
    staff: UUID | None = None


def write_message(work: Work, key: ReportKey, by: By, text: str, *, staff_id: UUID | None = None) -> int:
    """Add a message and return its number. Raises `BadInputError`, `NoSuchReportError`."""
    said = text.strip()
    if not 0 < len(said) <= LONGEST:
        raise BadInputError(Sentence("write 1 to %(most)s letters", {"most": LONGEST}))
    # Held until the end of the transaction: of two messages at once each gets a number of its own.
    if Report.locked(work.session, key.report_id) is None:
        raise NoSuchReportError
    number = ReportMessage.last_number(work.session, key.report_id) + 1
    sealed = key.seal(msgspec.json.encode(_Words(said, int(work.now), staff_id)), *_WORDS, str(number))
    row = ReportMessage(report_id=key.report_id, number=number, by=by, day=work.today, sealed_words=sealed)
    work.keep(row, key.report_id)
    return number


def messages(session: Session, report_id: UUID, key: ReportKey) -> tuple[Message, ...]:
    """Return the messages of a report, the first one first."""
    found = []
    for row in ReportMessage.of(session, report_id):
        words = msgspec.json.decode(key.unseal(row.sealed_words, *_WORDS, str(row.number)), type=_Words)
        by: By = "officer" if row.by == "officer" else "reporter"
        found.append(Message(row.number, by, Instant(words.at), words.text, words.staff))
    return tuple(found)
