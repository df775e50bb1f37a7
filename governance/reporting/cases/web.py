"""Doors of a professional who is heard: a code opens what is said of them; they answer, and ask for another look once.

The code is in the browser's sealed session for as long as the page is open, in no address, and never stored.
"""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.errors import GovernanceError
from governance.identity.access import anyone
from governance.identity.sessions.once import said_once, say_once
from governance.policy.current import policies
from governance.reporting.cases import hearings
from governance.reporting.cases.models import Case
from governance.reporting.cases.outside import may_appeal
from governance.reporting.cases.states import Side
from governance.reporting.handed import GUESSES
from governance.reporting.inbox.throttle import Guesses
from governance.reporting.work import Work
from governance.sentences import said_by
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import in_our_words
from governance.ui.pages import form_values

blueprint = Blueprint("heard", __name__, url_prefix="/your-side", template_folder="../templates")
_CODE: Final = "heard"
_SAID: Final = ("answered", "appealed")


@blueprint.get("")
@anyone
def ask() -> ResponseReturnValue:
    """Ask for the code, or show what it opens."""
    return _page()


@blueprint.post("")
@anyone
def act() -> ResponseReturnValue:
    """Open, answer, ask for another look, or leave."""
    sent = form_values()
    if sent.get("go") == "leave":
        browser.pop(_CODE, None)
        return redirect(url_for("heard.ask"), HTTPStatus.SEE_OTHER)
    if _CODE not in browser:
        return _open(str(sent.get("code", "")))
    try:
        with transaction() as session:
            _do(Work(session, house().keyring, now()), str(sent.get("go", "")), str(sent.get("said", "")))
    except GovernanceError as error:
        return _page(in_our_words(said_by(error)), str(sent.get("said", "")))
    return redirect(url_for("heard.ask"), HTTPStatus.SEE_OTHER)


def _open(typed: str) -> ResponseReturnValue:
    guesses: Guesses = current_app.extensions[GUESSES]
    address = request.remote_addr or ""
    if not guesses.may_try(address):
        error = gettext("too many codes were tried; wait a minute, then try again")
        return _page(error, status=HTTPStatus.TOO_MANY_REQUESTS)
    with reading() as session:
        found = hearings.by_code(session, house().keyring, typed)
    if found is None:
        guesses.was_wrong(address)
        return _page(gettext("this code opens nothing; look at every sign and try again"))
    browser[_CODE] = typed
    return redirect(url_for("heard.ask"), HTTPStatus.SEE_OTHER)


def _do(work: Work, go: str, text: str) -> None:
    found = hearings.by_code(work.session, work.keyring, browser[_CODE])
    if found is None:
        browser.pop(_CODE, None)
    elif go == "appeal":
        hearings.appeal(work, policies().desk, found.hearing, text)
        say_once("appealed")
    else:
        hearings.answer(work, found.hearing, text)
        say_once("answered")


def _page(error: str = "", text: str = "", status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> ResponseReturnValue:
    with reading() as session:
        found = hearings.by_code(session, house().keyring, browser[_CODE]) if _CODE in browser else None
        appealing = found is not None and _may_appeal(session, found)
        letters = hearings.letters(session, house().keyring, found) if found else ()
    if found is None:
        page = render_template("reporting/heard/code.html", error=error, errors=bool(error))
    else:
        page = render_template(
            "reporting/heard/letters.html",
            letters=letters,
            appealing=appealing,
            text=text,
            said=said_once(*_SAID),
            error=error,
            errors=bool(error),
        )
    return page, status if error else HTTPStatus.OK


def _may_appeal(session: Session, found: hearings.Heard) -> bool:
    case = session.get_one(Case, found.hearing.case_id)
    return may_appeal(case, Side.PROFESSIONAL, now(), policies().desk.appeal_days)
