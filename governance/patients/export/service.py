"""Collecting everything that is held about a person, and packing it. Its form: `ui/static/export.schema.json`."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant
from governance.ledger.holding import Holding, Whose
from governance.patients.service import find_patient
from governance.patients.whose import resting, whose
from governance.ui.clock import in_iso, to_datetime

VERSION: Final = "1"
SCHEMA: Final = "export.schema.json"
_NO_RECORD: Final = UUID(int=0)


def about(session: Session, account_id: UUID, key: AccountKey, now: Instant) -> Whose:
    """Return the person behind an account, also if they have no record: their account alone is something too."""
    patient = find_patient(session, account_id)
    found = None if patient is None else whose(session, patient.id, now)
    return found or Whose(_NO_RECORD, (account_id,), (key,), frozenset(), now)


def collected(
    session: Session, keyring: Keyring, person: Whose, holdings: Sequence[Holding], *, service: str
) -> dict[str, Any]:
    """Return everything that all rooms hold of a person; `service` is our own address."""
    told: dict[str, Any] = {
        "$schema": f"{service}/static/{SCHEMA}",
        "version": VERSION,
        "made": in_iso(person.now),
        "service": service,
    }
    for holding in holdings:
        sections = holding.told(session, keyring, person)
        if not told.keys().isdisjoint(sections):
            raise ValueError("two rooms tell the same section of an export; this is a fault in the program")
        told |= sections
    if person.rests_in is None:
        told["earlier_records"] = [
            collected(session, keyring, one, holdings, service=service) for one in resting(session, person)
        ]
    return told


def as_json(told: dict[str, Any]) -> str:
    """Return what is told as people can read it too."""
    return json.dumps(told, ensure_ascii=False, indent=2)


def packed(texts: Mapping[str, str], now: Instant) -> bytes:
    """Return one zip file with these texts by file name; its own times say nothing of its content."""
    made, file = to_datetime(now), io.BytesIO()
    when = (made.year, made.month, made.day, made.hour, made.minute, made.second)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            entry = zipfile.ZipInfo(name, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return file.getvalue()
