"""Doors to what waits: the list with its cancel button, undoing, and ending *hide me*."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final, NamedTuple
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance.crypto.data_keys import KeyGoneError
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.errors import BadInputError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.once import said_once, say_once
from governance.optout.browser import after_press, forget_closing, last_closing, note_age, receipts, said_of_age
from governance.optout.names import names_for
from governance.optout.proving import needs_another, press_of, way_to_prove
from governance.optout.ratchet import InForce, Lack, Lacking, asked_for, choose, would_open
from governance.optout.undo import undo, undoable
from governance.optout.waiting import Opens, cancel
from governance.optout.words import changes, sentence
from governance.patients.service import find_patient
from governance.policy.current import policies
from governance.policy.here import policies_here
from governance.policy.views.optout import OptoutPolicy
from governance.portal.standing import Pending, patient_id_of, pending
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.problems import register_status

_MINUTE: Final = 60_000_000
blueprint = Blueprint("changes", __name__, url_prefix="/my", template_folder="templates")
register_status("nothing_waits", HTTPStatus.NOT_FOUND)
register_status("too_late_to_undo", HTTPStatus.CONFLICT)


@blueprint.get("/waiting")
@sign_in_required
def waiting() -> ResponseReturnValue:
    """Show what waits, each with its cancel button, and what became of the rest."""
    return render_template("portal/waiting.html", pending=pending_now(), policy=_words(), said=said_once("stopped"))


@blueprint.post("/waiting/cancel")
@sign_in_required
def cancel_one() -> ResponseReturnValue:
    """Stop one change, at once."""
    change_id = _id_of(request.form.get("change", ""))
    with transaction() as session:
        patient_id = patient_id_of(session, signed_in().account_id)
        cancel(session, house().keyring, patient_id, change_id, now())
    say_once("stopped")
    return redirect(url_for("changes.waiting"), HTTPStatus.SEE_OTHER)


@blueprint.post("/undo")
@sign_in_required
def take_back() -> ResponseReturnValue:
    """Undo the last closing of this session."""
    last, at = last_closing(), now()
    with transaction() as session:
        # Another account may be signed in here since.
        if last is not None and patient_id_of(session, signed_in().account_id) == last[0]:
            back = undo(session, house().keyring, last, at, within=_policy().undo_minutes * _MINUTE)
            receipts().give(session, back, at)
            say_once("undone")
    forget_closing()
    return redirect(url_for("portal.choices"), HTTPStatus.SEE_OTHER)


@blueprint.get("/show-again")
@sign_in_required
def show_again() -> ResponseReturnValue:
    """Say what ending *hide me* opens, and what it takes."""
    return _show_again_page()


@blueprint.post("/show-again")
@sign_in_required
def end_hiding() -> ResponseReturnValue:
    """Have *hide me* end after its wait, or say what is missing."""
    age, person = request.form.get("age", ""), signed_in()
    note_age(age)
    press = press_of(person, _policy(), now(), of_age=said_of_age())
    with transaction() as session:
        patient_id = patient_id_of(session, person.account_id)
        asked = asked_for(session, house().keyring, patient_id, press.at)
        if asked is None:
            return redirect(url_for("portal.choices"), HTTPStatus.SEE_OTHER)
        outcome = choose(session, house().keyring, patient_id, asked._replace(hold=False), press)
        after_press(session, outcome.directive, press.at)
    if isinstance(outcome, Lacking):
        return _say_what_lacks(outcome.lack, age)
    if isinstance(outcome, InForce):
        say_once("shown_again")
        return redirect(url_for("portal.choices"), HTTPStatus.SEE_OTHER)
    return redirect(url_for("changes.waiting"), HTTPStatus.SEE_OTHER)


def _say_what_lacks(lack: Lack, age: str) -> ResponseReturnValue:
    if lack in {Lack.GUARDIAN, Lack.HELD} or age == "younger":
        return needs_another(lack, now())
    if lack is Lack.AGE:
        return _show_again_page(missing_age=True)
    return way_to_prove("changes.show_again")


def _show_again_page(*, missing_age: bool = False) -> ResponseReturnValue:
    opening = _opening()
    if opening is None:
        return redirect(url_for("portal.choices"), HTTPStatus.SEE_OTHER)
    page = render_template(
        "portal/show_again.html", opening=opening, errors=missing_age, policy=_words(), undoable=last_change()
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if missing_age else HTTPStatus.OK


def _opening() -> dict[str, Any] | None:
    """Return what ending *hide me* would open; none for who is not hidden, or has this waiting already."""
    person = signed_in()
    press = press_of(person, _policy(), now(), of_age=said_of_age())
    with reading() as session:
        patient = find_patient(session, person.account_id)
        asked = None if patient is None else asked_for(session, house().keyring, patient.id, press.at)
        if patient is None or asked is None or not asked.hold:
            return None
        seen = asked._replace(hold=False)
        witness, lack, asks = would_open(session, house().keyring, patient.id, seen, press)
        names = names_for(session, house().keyring, (person.account_id, person.platform_id), press.at)
    due = Instant(press.at + press.wait)
    example = "" if witness is None else sentence(_words(), Opens.of(witness, press.at), names, due)
    return {"example": example, "lack": None if lack is None else lack.value, "age": press.consent_age, "asks": asks}


class LastChange(NamedTuple):
    """What the last press of this session closed, in words, and until when it can be undone."""

    steps: tuple[str, ...]
    until: Instant


def last_change() -> LastChange | None:
    """Return what the last press of this session did; none where it cannot be undone."""
    last, person = last_closing(), signed_in()
    if last is None:
        return None
    with reading() as session, suppress(KeyGoneError):
        patient = find_patient(session, person.account_id)
        if patient is None or patient.id != last[0]:
            return None
        within, at = _policy().undo_minutes * _MINUTE, now()
        found = undoable(session, house().keyring, last, at, within=within)
        if found is None:
            return None
        names = names_for(session, house().keyring, (person.account_id, person.platform_id), at)
        before, after = found.before.choices, found.closed.choices
        # Of first choices that close everything no step is left to tell but the choices themselves.
        told = changes(_words(), before, after, names) or changes(_words(), None, after, names)
        return LastChange(tuple(told), found.until)
    return None


def pending_now() -> Pending:
    """Return what waits for the person who is signed in."""
    person = signed_in()
    # Of somebody whose record was erased nothing waits, and their page must still open.
    with reading() as session, suppress(KeyGoneError):
        return pending(session, house().keyring, (person.account_id, person.platform_id), _words(), now())
    return Pending()


def _id_of(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError:
        raise BadInputError("this did not come from the buttons of our page; open the page again") from None


def _policy() -> OptoutPolicy:
    return policies().optout


def _words() -> OptoutPolicy:
    return policies_here().optout
