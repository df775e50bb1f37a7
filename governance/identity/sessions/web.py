"""Doors where people see where they are signed in, and end it."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.browser import browser_session
from governance.identity.sessions.once import said_once, say_once
from governance.identity.sessions.own import end_others, end_own, own_sessions
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("own_sessions", __name__)


@blueprint.get("/my/sessions")
@sign_in_required
def shown() -> ResponseReturnValue:
    """Show where somebody is signed in."""
    with reading() as session:
        found = own_sessions(session, house().keyring, signed_in(), now())
    return render_template("identity/sessions.html", sessions=found, said=said_once("ended", "others_ended"))


@blueprint.post("/my/sessions/end")
@sign_in_required
def end() -> ResponseReturnValue:
    """End one sign-in, at once."""
    with transaction() as session:
        was_this = end_own(session, signed_in(), request.form.get("session", ""), now())
    if was_this:
        browser_session().end()
    else:
        say_once("ended")
    return redirect(url_for("identity.how_to_sign_in" if was_this else "own_sessions.shown"), HTTPStatus.SEE_OTHER)


@blueprint.post("/my/sessions/end-others")
@sign_in_required
def end_all_others() -> ResponseReturnValue:
    """End every sign-in but this one, at once."""
    person = signed_in()
    with transaction() as session:
        end_others(session, person.account_id, person.session_digest)
    say_once("others_ended")
    return redirect(url_for("own_sessions.shown"), HTTPStatus.SEE_OTHER)
