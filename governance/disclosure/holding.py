"""What this room holds of a patient: that they were told, in which words, and from when that counts no more."""

from typing import Any

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.disclosure.models import Acknowledgement, AskAgain, Reader
from governance.ledger.holding import Holding, Told, Whose
from governance.ledger.rows import forget
from governance.ui.clock import in_iso, in_iso_or_none


def _told(session: Session, _keyring: Keyring, whose: Whose) -> Told:
    return {
        "acknowledgements": [
            {
                "at": in_iso(Instant(one.at)),
                "version": one.version,
                "language": one.language,
                "variant": one.variant,
                "text_sha256": one.text_sha256,
                "all_answered_right": one.understood,
                "answers_tried": one.tries,
            }
            for one in Acknowledgement.all_of(session, whose.patient_id)
        ],
        "asked_again_from": [in_iso(Instant(at)) for at in AskAgain.instants(session, whose.patient_id)],
        "seen_here": _seen(session, whose),
    }


def _seen(session: Session, whose: Whose) -> dict[str, Any] | None:
    reader = session.get(Reader, whose.patient_id)
    if reader is None:
        return None
    return {
        "last": in_iso(Instant(reader.seen)),
        "news_read_up_to_version": reader.informed or None,
        "reminder_read": in_iso_or_none(reader.reminded),
    }


def _forgotten(session: Session, keyring: Keyring, whose: Whose) -> None:
    Acknowledgement.forget_of(session, whose.patient_id)
    reader = session.get(Reader, whose.patient_id)
    if reader is not None:
        session.delete(reader)
    for again in AskAgain.all_of(session, whose.patient_id):
        forget(session, keyring, again)
    session.flush()


HOLDING = Holding((Acknowledgement, Reader, AskAgain), _told, _forgotten)
