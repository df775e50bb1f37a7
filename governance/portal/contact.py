"""Doors to the safe contact, and to the notices on one's page."""

from http import HTTPStatus
from types import MappingProxyType
from typing import Final, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.identity.current import sign_in_required, signed_in
from governance.identity.proofs.proof import proof_required
from governance.identity.sessions.once import said_once, say_once
from governance.patients.contact import service as contacts
from governance.patients.contact.errors import BadContactError, TooSoonError
from governance.patients.contact.models import PatientNotice
from governance.patients.contact.notices import Kind, notify, put_away
from governance.patients.service import find_patient, patient_for
from governance.ui.clock import now
from governance.ui.dates import readers_zone
from governance.ui.house import house
from governance.ui.languages import page_language
from governance.ui.problems import register_status

blueprint = Blueprint("contact", __name__, url_prefix="/my", template_folder="templates")
register_status(BadContactError.code, HTTPStatus.BAD_REQUEST)
register_status(TooSoonError.code, HTTPStatus.TOO_MANY_REQUESTS)
_QUIET: Final = MappingProxyType({"any": (None, None), "day": (17, 9), "morning": (12, 9), "night": (6, 22)})
"""By what a form sends: between which hours nothing is sent. Their words are in `portal/contact_change.html`."""


class _State(NamedTuple):
    address: str = ""
    times: str = "any"
    is_confirmed: bool = False
    zone: str = ""


@blueprint.get("/contact")
@sign_in_required
def shown() -> ResponseReturnValue:
    """Show where we may write to, and take the code that was sent there."""
    return _page()


@blueprint.get("/contact/change")
@proof_required
def change() -> ResponseReturnValue:
    """Ask where and when."""
    return render_template("portal/contact_change.html", state=_state(), wrong="")


@blueprint.post("/contact/change")
@proof_required
def changed() -> ResponseReturnValue:
    """Note it, and send a code there."""
    address, times = request.form.get("address", "").strip(), request.form.get("times", "")
    person, at, keyring = signed_in(), now(), house().keyring
    try:
        quiet = _QUIET.get(times, _QUIET["any"])
        wanted = contacts.Contact(address, *quiet, language=page_language(), zone=readers_zone()).checked()
    except BadContactError:
        page = render_template("portal/contact_change.html", state=_State(address, times), wrong="address")
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        patient = patient_for(session, keyring, (person.account_id, person.platform_id, person.account_key), at)
        before = contacts.contact_of(session, keyring, patient.id)
        contacts.set_contact(session, keyring, patient.id, wanted, at)
        if before is not None and before[1]:
            # On the page alone: the old address may be what is not safe any more.
            notify(session, keyring, patient.id, Kind.CONTACT, at)
    return redirect(url_for("contact.shown"), HTTPStatus.SEE_OTHER)


@blueprint.post("/contact/confirm")
@sign_in_required
def confirmed() -> ResponseReturnValue:
    """Take the code. A wrong one is counted before it is told."""
    with transaction() as session:
        patient = find_patient(session, signed_in().account_id)
        code = request.form.get("code", "")
        good = patient is not None and contacts.confirm(session, house().keyring, patient.id, code, now())
    if not good:
        return _page(wrong="code"), HTTPStatus.UNPROCESSABLE_ENTITY
    say_once("contact_confirmed")
    return redirect(url_for("contact.shown"), HTTPStatus.SEE_OTHER)


@blueprint.post("/contact/remove")
@sign_in_required
def removed() -> ResponseReturnValue:
    """Write there no more, at once."""
    with transaction() as session:
        patient = find_patient(session, signed_in().account_id)
        if patient is not None:
            contacts.remove_contact(session, house().keyring, patient.id)
    say_once("contact_removed")
    return redirect(url_for("contact.shown"), HTTPStatus.SEE_OTHER)


@blueprint.post("/notices/seen")
@sign_in_required
def notices_seen() -> ResponseReturnValue:
    """Put away what the page told."""
    with transaction() as session:
        patient = find_patient(session, signed_in().account_id)
        if patient is not None:
            put_away(session, patient.id, now())
    return redirect(url_for("portal.choices"), HTTPStatus.SEE_OTHER)


def notices_now() -> list[str]:
    """Return the kinds of what is new for the person who is signed in, each once, the newest first."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        found = [] if patient is None else [one.kind for one in PatientNotice.unseen_of(session, patient.id)]
    return list(dict.fromkeys(found))


def _page(wrong: str = "") -> str:
    return render_template(
        "portal/contact.html",
        state=_state(),
        wrong=wrong,
        can_send=house().settings.mail is not None,
        said="" if wrong else said_once("contact_confirmed", "contact_removed"),
    )


def _state() -> _State:
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        found = None if patient is None else contacts.contact_of(session, house().keyring, patient.id)
    if found is None:
        return _State()
    contact, is_confirmed = found
    hours = (contact.quiet_from, contact.quiet_to)
    times = next((name for name, said in _QUIET.items() if said == hours), "any")
    return _State(contact.address, times, is_confirmed, contact.zone)
