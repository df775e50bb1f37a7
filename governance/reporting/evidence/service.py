"""Keeping pictures before and after their report is sent. No HTTP, no clock.

Before, the key of a picture lies in the sealed session of the browser alone; when the report is sent it goes under the
report's own key, and the parts stay as they are. A report that is not sent leaves nothing anybody could open.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
from hashlib import sha256
from itertools import count
from typing import Any, Final, NamedTuple, Self
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from governance.crypto.streaming import seal_parts, unseal_parts
from governance.decision.vocabulary import Instant
from governance.errors import NotFoundError
from governance.ledger.rows import forget
from governance.reporting.evidence.errors import PictureRefusedError
from governance.reporting.evidence.images import Painted
from governance.reporting.evidence.models import Evidence, EvidencePart
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.work import Work
from governance.sentences import Sentence

MOST_PICTURES: Final = 6
"""Of one report."""
MOST_WAITING: Final = 500
"""Of all reports that are being written: 3 GB at worst."""
_HOUR: Final = 3600 * 1_000_000
_WAITS: Final = 2 * _HOUR
"""Longer than a browser's session rests."""
_KEY_BYTES: Final = 32
_PLACE: Final = ("report_evidence", "sealed_about")
_ENOUGH: Final = Sentence("A report holds 6 pictures. Take one away to add another one, or send it and add more later")
FULL: Final = Sentence(
    "We cannot take pictures just now. Send what you wrote, and add the picture later with your code"
)


class Picture(NamedTuple):
    """One picture, with the key that opens it: for the browser's session, and sealed with the report."""

    id: UUID
    name: str
    key: bytes
    kind: str
    sha256: str

    def as_json(self) -> dict[str, str]:
        """Return what JSON can hold."""
        return {**self._asdict(), "id": str(self.id), "key": b64encode(self.key).decode()}

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> Self:
        """Return what `as_json` made."""
        return cls(UUID(said["id"]), said["name"], b64decode(said["key"]), said["kind"], said["sha256"])


def room_for_more(session: Session, now: Instant) -> int:
    """Return how many pictures wait for their reports; one more must find room. Raises `PictureRefusedError`."""
    forget_never_sent(session, now)
    waiting = Evidence.waiting(session)
    if waiting >= MOST_WAITING:
        raise PictureRefusedError(FULL)
    return waiting


def keep(session: Session, painted: Painted, others: Collection[str], now: Instant) -> Picture:
    """Keep a picture of a report, beside others by name, until `attach`. Raises `PictureRefusedError`.

    Of a report that is not sent yet the caller asks `room_for_more` before; with a code it never waits.
    """
    if len(others) >= MOST_PICTURES:
        raise PictureRefusedError(_ENOUGH)
    # A name of ours: what a file is called says who made it, and when.
    taken = {one.partition(".")[0] for one in others}
    free = next(str(number) for number in count(1) if str(number) not in taken)
    name = f"{free}.{'png' if painted.kind == 'image/png' else 'jpg'}"
    made = Picture(uuid4(), name, secrets.token_bytes(_KEY_BYTES), painted.kind, sha256(painted.content).hexdigest())
    session.add(Evidence(id=made.id, waits_until=(now + _WAITS) // _HOUR * _HOUR))
    session.flush()
    parts = seal_parts(made.key, painted.content, *_PLACE, str(made.id))
    session.add_all(EvidencePart(evidence_id=made.id, number=n, sealed=part) for n, part in enumerate(parts))
    return made


def attach(work: Work, key: ReportKey, pictures: Sequence[Picture]) -> list[Picture]:
    """Give a report its pictures, sealed under its key; those that were forgotten meanwhile are left out."""
    known = {one.id: one for one in pictures}
    waiting = Evidence.waiting_ones(work.session, list(known)) if known else []
    for row in waiting:
        about = json.dumps(known[row.id].as_json()).encode()
        row.report_id, row.waits_until = key.report_id, None
        row.sealed_about = key.seal(about, *_PLACE, str(row.id))
        # From here on a picture must not be lost, so the journal outside has all of it.
        work.keep(row, key.report_id)
        for part in EvidencePart.rows_of(work.session, row.id):
            work.keep(part, key.report_id)
    there = {row.id for row in waiting}
    return [one for one in pictures if one.id in there]


def drop(session: Session, picture: Picture) -> None:
    """Take away a picture of a report that is not sent yet."""
    Evidence.delete_all(session, [row.id for row in Evidence.waiting_ones(session, [picture.id])])


def pictures_of(session: Session, key: ReportKey) -> list[Picture]:
    """Return the pictures of a report, by their names. Raises `EnvelopeError`."""
    rows = Evidence.of_report(session, key.report_id)
    found = [
        Picture.of_json(json.loads(key.unseal(row.sealed_about, *_PLACE, str(row.id))))
        for row in rows
        if row.sealed_about is not None
    ]
    return sorted(found, key=lambda one: one.name)


def content_of(session: Session, picture: Picture) -> bytes:
    """Return what a picture shows. Raises `EnvelopeError` if it was changed, `NotFoundError` if it is gone."""
    parts = EvidencePart.of(session, picture.id)
    if not parts:
        raise NotFoundError(str(Sentence("this picture is not here any more")))
    return unseal_parts(picture.key, parts, *_PLACE, str(picture.id))


def forget_of(work: Work, report_id: UUID) -> None:
    """Delete the pictures of a report."""
    for row in Evidence.of_report(work.session, report_id):
        for part in EvidencePart.rows_of(work.session, row.id):
            forget(work.session, work.keyring, part)
        work.session.flush()
        forget(work.session, work.keyring, row)
    work.session.flush()


def forget_never_sent(session: Session, now: Instant) -> None:
    """Delete pictures whose reports were not sent in time; nobody has their keys any more."""
    found = Evidence.never_sent(session, now)
    if found:
        Evidence.delete_all(session, found)
