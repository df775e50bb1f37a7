"""What is in force about a patient besides their own choices, and what was asked about their posts."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Action, Capacity, Instant
from governance.effective.documents import PatientDocument
from governance.effective.errors import BrokenRowError
from governance.effective.layers import Layers
from governance.effective.models import GovernedAccount
from governance.effective.roster import badge_names
from governance.effective.service import Register
from governance.identity.models import Platform
from governance.ledger.decisions.models import LoggedDecision
from governance.ledger.decisions.service import SHOWN_TO_PATIENTS, Entry, read
from governance.ledger.holding import Holding, Told, Whose
from governance.ui.clock import in_iso

A_MEMBER = "a member"
"""Whoever is not here as a professional, and whoever is here as a patient: no export names one patient to another."""
_ALL: Final = frozenset(Action)
_log = structlog.get_logger()


def names_for(session: Session, keyring: Keyring, whose: Whose) -> dict[AccountKey, str]:
    """Return the badge names of all forums where a person has an account, to put words into their own record."""
    platforms = GovernedAccount.platforms_of(session, "patient", str(whose.rests_in or whose.patient_id))
    return {key: name for one in platforms for key, name in badge_names(session, keyring, one, whose.now).items()}


def _told(session: Session, keyring: Keyring, whose: Whose) -> Told:
    names = names_for(session, keyring, whose)
    return {
        "closed_by_others": _layers(session, keyring, whose),
        "asked_about_posts": _asked(session, keyring, whose, names),
    }


def _layers(session: Session, keyring: Keyring, whose: Whose) -> list[dict[str, Any]]:
    """Say who closed what; of a guardian that there is one, and nothing of who they are or what they showed us."""
    try:
        kept = Layers(session, keyring, whose.patient_id, whose.now).kept()
        document: PatientDocument = Register(session, keyring, whose.now).document("patient", str(whose.patient_id))
    except BrokenRowError as error:
        _log.critical("broken_row", kind="patient", code=error.code)
        return []
    layers = [{"by": layer.by.partition(":")[0], "closed": how_much(layer.refusals)} for layer in kept]
    # Whom a block keeps away may come from what somebody else reported: it is not this person's to be told here.
    blocks = [
        {"by": "staff", "closed": "one person", "from": in_iso(Instant(start)), "until": in_iso(Instant(end))}
        for _, start, end in document.blocks
    ]
    return [*layers, *blocks]


def how_much(refusals: tuple[Any, ...]) -> str:
    """Return to whom somebody else closed a record: `some` where not to all, or not in everything."""
    if all(line.name for line in refusals):
        return "one person"
    groups = {line.who for line in refusals if line.actions == _ALL and not line.name}
    return "everybody" if len(groups) > 1 else "some"


def _asked(session: Session, keyring: Keyring, whose: Whose, names: Mapping[AccountKey, str]) -> list[dict[str, Any]]:
    try:
        found = read(session, keyring, whose.keys, Instant(whose.now - SHOWN_TO_PATIENTS))
    except EnvelopeError as error:
        _log.critical("decision_log_not_told", code=error.code)
        return []
    forums = {one: session.get_one(Platform, one).shown for one in {entry.platform_id for entry in found}}
    return [_entry(entry, names, forums) for entry in found]


def _entry(entry: Entry, names: Mapping[AccountKey, str], forums: Mapping[UUID, str]) -> dict[str, Any]:
    logged = entry.logged
    at_work = logged.capacity == Capacity.PROFESSIONAL
    return {
        "at": in_iso(entry.at),
        "forum": forums[entry.platform_id],
        "what": entry.kind.value,
        "who": names.get(AccountKey(logged.viewer), "a professional") if at_work else A_MEMBER,
        "action": logged.action,
        # Why is left out: it would tell how the other one stands with their register.
        "allowed": logged.permit,
        "only_observed": logged.observed,
    }


def _forgotten(session: Session, _keyring: Keyring, whose: Whose) -> None:
    # What a case holds stays until the case is over (GDPR, Article 17(3)(e)); `forget_old` takes it then.
    LoggedDecision.forget_about(session, whose.keys)


HOLDING = Holding((LoggedDecision,), _told, _forgotten)
"""Rows in force and their history are no table of this: `erase` leaves a tombstone in their place."""
