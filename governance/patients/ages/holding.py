"""What is held of a patient as a person: who said which age, and where they live."""

from typing import Any

import structlog
from sqlalchemy.orm import Session

from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.holding import Holding, Told, Whose
from governance.ledger.rows import forget
from governance.patients.ages.models import Circumstances
from governance.patients.ages.told import told
from governance.ui.clock import in_iso, in_iso_or_none

_log = structlog.get_logger()


def _told(session: Session, keyring: Keyring, whose: Whose) -> Told:
    return {"age_and_country": _circumstances(session, keyring, whose)}


def _circumstances(session: Session, keyring: Keyring, whose: Whose) -> dict[str, Any] | None:
    """Say who said what by their part alone: which guardian, and what was shown to staff, is not told."""
    if session.get(Circumstances, whose.patient_id) is None:
        return None
    try:
        known = told(session, keyring, whose.patient_id)
    except (EnvelopeError, EpochGoneError) as error:
        _log.critical("circumstances_not_told", code=error.code)
        return None
    return {
        "country": known.country or None,
        "chosen_by_yourself": known.chosen,
        "zone": known.zone or None,
        "lives_by_the_clock_of": known.lives or None,
        "ages": [
            {"by": _part(by), "adult_from": in_iso(Instant(said.adult_from)), "said": in_iso(Instant(said.at))}
            for by, said in known.says.items()
        ],
        "found_wrong": [{"by": _part(by), "adult_from": in_iso(Instant(at))} for by, at in known.overruled.items()],
        "countries_asked_for": sorted(known.wished.values()),
        "died": in_iso_or_none(known.died),
        "cannot_decide_since": in_iso_or_none(known.incapable),
    }


def _part(source: str) -> str:
    return source.partition(":")[0]


def _forgotten(session: Session, keyring: Keyring, whose: Whose) -> None:
    row = session.get(Circumstances, whose.patient_id)
    if row is not None:
        forget(session, keyring, row)


HOLDING = Holding((Circumstances,), _told, _forgotten)
