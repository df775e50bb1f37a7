"""Doors to *put something right*, and to what one's history shows. Their addresses and titles tell nobody why."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance.db.extension import transaction
from governance.decision.vocabulary import AccountKey, Instant
from governance.identity.current import sign_in_required, signed_in
from governance.identity.doors import comes_by_link
from governance.identity.proofs.proof import proof_required
from governance.identity.sessions.browser import browser_session
from governance.identity.sessions.once import said_once, say_once
from governance.identity.sessions.own import end_others
from governance.optout.browser import after_press, forget_closing, receipts
from governance.optout.draft import DRAFT, professionals_here
from governance.optout.models import Directive
from governance.patients.hiding.service import hide_history, show_history
from governance.patients.service import find_patient, patient_for
from governance.portal.righting import What, Wish, put_right
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("put_right", __name__, url_prefix="/my", template_folder="templates")


@blueprint.get("/put-right")
@sign_in_required
def ask() -> ResponseReturnValue:
    """Ask what should count instead; right after the press, say that it does."""
    if said_once("put_right"):
        return render_template("portal/put_right_done.html", by_link=comes_by_link())
    return _page()


@blueprint.post("/put-right")
@sign_in_required
def do() -> ResponseReturnValue:
    """Do it, at once."""
    wish = _wish()
    if wish is None:
        return _page(lacks=True), HTTPStatus.UNPROCESSABLE_ENTITY
    person, at = signed_in(), now()
    account = (person.account_id, person.platform_id, person.account_key)
    with transaction() as session:
        directive = put_right(session, house().keyring, account, wish, at)
        _remember(session, directive, at, was_made=wish.was_made)
        if request.form.get("others"):
            end_others(session, person.account_id, person.session_digest)
    say_once("put_right")
    return redirect(url_for("put_right.ask"), HTTPStatus.SEE_OTHER)


@blueprint.post("/history/hide")
@sign_in_required
def hide() -> ResponseReturnValue:
    """Let the history begin now."""
    person, at, keyring = signed_in(), now(), house().keyring
    with transaction() as session:
        patient = patient_for(session, keyring, (person.account_id, person.platform_id, person.account_key), at)
        hide_history(session, keyring, patient.id, at)
    forget_closing()
    return redirect(url_for("records.history"), HTTPStatus.SEE_OTHER)


@blueprint.get("/history/all")
@proof_required
def ask_for_all() -> ResponseReturnValue:
    """Ask whether pages shall show all of it again; the same page whether or not anything is hidden."""
    return render_template("portal/history_all.html")


@blueprint.post("/history/all")
@proof_required
def show_all() -> ResponseReturnValue:
    """Show all of it again."""
    with transaction() as session:
        patient = find_patient(session, signed_in().account_id)
        if patient is not None:
            show_history(session, house().keyring, patient.id)
    return redirect(url_for("records.history"), HTTPStatus.SEE_OTHER)


def _remember(session: Session, directive: Directive | None, at: Instant, *, was_made: bool) -> None:
    if not was_made:
        after_press(session, directive, at)
        return
    browser_session().pop(DRAFT, None)
    # THREAT: whoever made them do it looks at this very session next, and must find no undo that tells of it.
    forget_closing()
    if directive is not None:
        receipts().give(session, directive, at)


def _wish() -> Wish | None:
    sent, was_made = request.form.get("what", ""), bool(request.form.get("made"))
    if sent in (What.HIDE, What.STOP):
        return Wish(What(sent), was_made=was_made)
    whom = AccountKey(sent.removeprefix("one."))
    known = {one.key for one in professionals_here()}
    return Wish(What.ONE, whom, was_made) if sent.startswith("one.") and whom in known else None


def _page(*, lacks: bool = False) -> str:
    return render_template("portal/put_right.html", professionals=professionals_here(), lacks=lacks)
