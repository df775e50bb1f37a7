"""What is held of guardians: for the young person who has them, and for whoever is one."""

from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.decision.vocabulary import Instant
from governance.effective.errors import BrokenRowError
from governance.ledger.holding import Holding, Told, Whose
from governance.ledger.rows import forget
from governance.patients.contact.notices import Kind, notify
from governance.patients.guardians.models import GuardianCode, GuardianRequest, Guardianship, Hearing
from governance.patients.guardians.requests import wish_of
from governance.patients.guardians.service import Links, terms_of
from governance.patients.models import Patient, PatientAccount
from governance.ui.clock import in_iso, in_iso_or_none

_UNREADABLE = (EnvelopeError, EpochGoneError, KeyGoneError, BrokenRowError)
_log = structlog.get_logger()


def _told(session: Session, keyring: Keyring, whose: Whose) -> Told:
    keys, code = DataKeys(session, keyring), session.get(GuardianCode, whose.patient_id)
    links = Guardianship.of_patient(session, whose.patient_id)
    return {
        "guardians": [_link(keys, link) for link in links],
        "guardian_code_until": None if code is None else in_iso(Instant(code.expires)),
        "asked_by_guardians": list(_asked(keys, GuardianRequest.all_of(session, [link.id for link in links]), links)),
        "hearings": [
            {
                "kind": one.kind,
                "asked": in_iso(Instant(one.asked)),
                "due": in_iso(Instant(one.due)),
                "heard": in_iso_or_none(one.heard),
                "outcome": one.outcome,
            }
            for one in Hearing.all_of(session, whose.patient_id)
        ],
        "guardian_of": list(_own(session, keyring, whose)),
    }


def _link(keys: DataKeys, link: Guardianship) -> dict[str, Any]:
    """Say that there is one and by what right; not who it is, nor what they showed us, nor who of us looked at it."""
    try:
        basis: str | None = terms_of(keys, link).basis.value
    except _UNREADABLE as error:
        _log.critical("guardianship_not_told", code=error.code)
        basis = None
    times = {name: in_iso_or_none(getattr(link, name)) for name in ("asked", "approved", "seen", "ends", "ended")}
    return {"basis": basis, **times}


def _asked(keys: DataKeys, rows: Sequence[GuardianRequest], links: Sequence[Guardianship]) -> Iterable[dict[str, Any]]:
    by_id = {link.id: link for link in links}
    for row in rows:
        times = {"asked": in_iso(Instant(row.asked)), "answered": in_iso_or_none(row.answered)}
        try:
            wish = wish_of(keys, row, by_id[row.guardianship_id])
        except _UNREADABLE as error:
            _log.critical("guardian_request_not_told", code=error.code)
            yield {**times, "circle": None, "level": None}
            continue
        yield {**times, "circle": wish.circle, "level": wish.level.value}


def _own(session: Session, keyring: Keyring, whose: Whose) -> Iterable[dict[str, Any]]:
    """Tell a guardian what they said of themselves; nothing of the young person, whose age an end would tell."""
    links = Links(session, keyring, whose.now)
    for account_id in whose.account_ids:
        try:
            found = links.of_account(account_id)
        except _UNREADABLE as error:
            _log.critical("guardian_not_told", code=error.code)
            continue
        for one in found:
            yield {"name": one.terms.name, "basis": one.terms.basis.value, "asked": in_iso(Instant(one.link.asked))}


def _forgotten(session: Session, keyring: Keyring, whose: Whose) -> None:
    links = Guardianship.of_patient(session, whose.patient_id)
    code = session.get(GuardianCode, whose.patient_id)
    for row in (*GuardianRequest.all_of(session, [link.id for link in links]), *([code] if code else ())):
        session.delete(row)
    session.flush()
    for kept in (*Hearing.all_of(session, whose.patient_id), *links):
        forget(session, keyring, kept)
    session.flush()
    for account_id in whose.account_ids:
        for link in Guardianship.of_account(session, account_id):
            _without_guardian(session, keyring, link, whose)


def _without_guardian(session: Session, keyring: Keyring, link: Guardianship, whose: Whose) -> None:
    """End a link whose guardian is erased, and keep it for the young person without who it was.

    THREAT: a guardian who did harm deletes their record, so that no trace of it is left. That somebody was linked, by
    what right, when, and what they refused is about the young person, and stays; name, evidence and account are the
    guardian's own, and go. The account must be some account: it becomes the young person's own, which is a guardian's
    of nobody (`set_up`).
    """
    own = [one.account_id for one in PatientAccount.of_patient(session, link.patient_id)]
    stand_in = next((one for one in own if one not in whose.account_ids), None)
    was_open = link.ended is None
    try:
        if stand_in is None:
            raise KeyGoneError
        Links(session, keyring, whose.now).forget_guardian(link, stand_in)
    except _UNREADABLE:
        # A record without a key, or that rests, has no page on which anybody could see it.
        for row in GuardianRequest.all_of(session, [link.id]):
            session.delete(row)
        session.flush()
        forget(session, keyring, link)
    session.flush()
    if was_open and session.get(Patient, link.patient_id) is not None:
        notify(session, keyring, link.patient_id, Kind.GUARDIAN, whose.now)


HOLDING = Holding((Guardianship, GuardianCode, GuardianRequest, Hearing), _told, _forgotten)
