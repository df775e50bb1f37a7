"""What a reporter does with their code: read, write, add a picture, take it back. No HTTP, no clock."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from governance.reporting.evidence import service as evidence
from governance.reporting.evidence.images import Painted
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.messages import Message, messages, write_message
from governance.reporting.keeping.service import Opened, opened_with
from governance.reporting.work import Work


class Inbox(NamedTuple):
    """What a code shows."""

    opened: Opened
    messages: tuple[Message, ...]
    pictures: int


def inbox(session: Session, key: ReportKey) -> Inbox:
    """Return a report with its dialogue. Raises `NoSuchReportError`."""
    opened = opened_with(session, key)
    said = messages(session, key.report_id, key)
    return Inbox(opened, said, len(evidence.pictures_of(session, key)))


def write(work: Work, key: ReportKey, text: str) -> None:
    """Write to those who work on the report. Raises `BadInputError`, `NoSuchReportError`."""
    write_message(work, key, "reporter", text)


def add_picture(work: Work, key: ReportKey, painted: Painted, told: str) -> None:
    """Add a picture, and say in the dialogue that it came. Raises `PictureRefusedError`, `NoSuchReportError`."""
    names = [one.name for one in evidence.pictures_of(work.session, key)]
    picture = evidence.keep(work.session, painted, names, work.now)
    evidence.attach(work, key, [picture])
    write_message(work, key, "reporter", f"{told} ({picture.name})")
