"""Doors of the way back. One address for all of it; the code is typed, and is never in an address."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.db.extension import reading, transaction
from governance.errors import GovernanceError
from governance.identity.access import anyone
from governance.identity.sessions.once import said_once, say_once
from governance.policy.here import policies_here
from governance.reporting.evidence.errors import PictureRefusedError
from governance.reporting.evidence.images import LARGEST_FILE, paint_anew
from governance.reporting.filing.reading import when_read
from governance.reporting.filing.steps import Missing
from governance.reporting.handed import ASK_AGAIN, GUESSES, MAY_ASK_AGAIN, NEWS, WITHDRAW
from governance.reporting.inbox.service import add_picture, inbox, write
from governance.reporting.inbox.throttle import Guesses
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.messages import LONGEST
from governance.reporting.keeping.reporters import by_code, is_mistyped
from governance.reporting.work import Work
from governance.sentences import Sentence
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values

blueprint = Blueprint("talk", __name__, url_prefix="/answers", template_folder="../templates")
_CODE: Final = "talk"
"""In the session, which the browser's secret seals: the code that was typed."""
_ROOM_FOR_THE_FORM: Final = 256 * 1024
_MISTYPED: Final = Missing(Sentence("This code has a mistake in it. Compare it sign by sign"), "code")
_WRONG: Final = Missing(Sentence("Nothing belongs to this code. Compare it sign by sign"), "code")
_WAIT: Final = Missing(Sentence("Too many wrong codes came from your network. Try again in a minute"), "code")
_EMPTY: Final = Missing(Sentence("Write something first"), "text")
_TOO_LONG: Final = Missing(Sentence("This is too long. Send it in two parts"), "text")
_MOST_IMPORTANT: Final = Missing(
    Sentence("This is too long. Say here what matters most, and send the rest later"), "text"
)
_NO_PICTURE: Final = Missing(Sentence("Pick a picture first"), "picture")


@blueprint.url_value_preprocessor
def let_pictures_in(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a request of these pages be as long as a photo; before anything reads its form."""
    request.max_content_length = LARGEST_FILE + _ROOM_FOR_THE_FORM


@blueprint.get("")
@anyone
def ask() -> ResponseReturnValue:
    """Show what a code opened, or ask for one."""
    key = _opened()
    if key is None:
        return _code_page()
    if browser[_CODE]["at"] == "back":
        return render_template("reporting/talk/take_back.html", may_need_to_leave=True)
    return _again_page() if browser[_CODE]["at"] == "again" else _page(key)


@blueprint.post("")
@anyone
def take() -> ResponseReturnValue:
    """Take a code, a message, a picture, or what somebody takes back."""
    values = form_values()
    go = values.get("go", "")
    if go == "open":
        return _open(values.get("code", ""))
    key = _opened()
    if key is None or go == "close":
        browser.pop(_CODE, None)
        return _again()
    if go in ("back", "again", "stay"):
        return _turn(go if go != "stay" else "")
    return _DOES.get(go, _write)(key, values)


def _open(typed: str) -> ResponseReturnValue:
    guesses: Guesses = current_app.extensions[GUESSES]
    address = request.remote_addr or ""
    if is_mistyped(typed):
        # Its last sign tells so, without a look at anything.
        return _code_page(_MISTYPED)
    if not guesses.may_try(address):
        return _code_page(_WAIT, HTTPStatus.TOO_MANY_REQUESTS)
    with reading() as session:
        found = by_code(session, house().keyring, typed)
    if found is None:
        guesses.was_wrong(address)
        return _code_page(_WRONG)
    browser[_CODE] = {"code": typed, "at": ""}
    return _again()


def _opened() -> ReportKey | None:
    kept = browser.get(_CODE)
    if kept is None:
        return None
    with reading() as session:
        found = by_code(session, house().keyring, kept["code"])
    return None if found is None else found.key


def _write(key: ReportKey, values: Mapping[str, Any]) -> ResponseReturnValue:
    text = values.get("text", "").strip()
    if not text or len(text) > LONGEST:
        return _page(key, _TOO_LONG if text else _EMPTY, text)
    with transaction() as session:
        write(Work(session, house().keyring, now()), key, text)
    say_once("written")
    return _again()


def _add(key: ReportKey, _values: Mapping[str, Any]) -> ResponseReturnValue:
    file = request.files.get("picture")
    sent = b"" if file is None else file.read()
    if not sent:
        return _page(key, _NO_PICTURE)
    try:
        painted = paint_anew(sent)
        with transaction() as session:
            add_picture(Work(session, house().keyring, now()), key, painted, gettext("I added a picture."))
    except PictureRefusedError as error:
        return _page(key, Missing(error.told, "picture"))
    say_once("added")
    return _again()


def _withdraw(key: ReportKey, _values: Mapping[str, Any]) -> ResponseReturnValue:
    said = gettext("I take back what I told you. Please do not go on because of me.")
    with transaction() as session:
        work = Work(session, house().keyring, now())
        write(work, key, said)
        # What follows from it, the room of cases says: where somebody is in danger, the case goes on.
        current_app.extensions.get(WITHDRAW, _nothing)(work, key)
    say_once("taken_back")
    return _turn("")


def _appeal(key: ReportKey, values: Mapping[str, Any]) -> ResponseReturnValue:
    text = values.get("text", "").strip()
    try:
        with transaction() as session:
            current_app.extensions[ASK_AGAIN](Work(session, house().keyring, now()), key, text)
    except GovernanceError as error:
        if error.code == "not_said":
            return _again_page(_MOST_IMPORTANT if text else _EMPTY, text)
        # It was asked for already, or the time for it is over: the page of the answers says how it stands.
        return _turn("")
    say_once("asked_again")
    return _turn("")


_DOES: Final = {"write": _write, "add": _add, "withdraw": _withdraw, "appeal": _appeal}


def _nothing(_work: Work, _key: ReportKey) -> None:
    """Do no more than tell those who work on it."""


def _no_news(_work: Work, _key: ReportKey) -> tuple[Sentence, ...]:
    return ()


def _never(_work: Work, _key: ReportKey) -> bool:
    return False


def _page(key: ReportKey, missing: Missing | None = None, text: str = "") -> ResponseReturnValue:
    with reading() as session:
        shown = inbox(session, key)
        work = Work(session, house().keyring, now())
        news = current_app.extensions.get(NEWS, _no_news)(work, key)
        appealing = current_app.extensions.get(MAY_ASK_AGAIN, _never)(work, key)
    page = render_template(
        "reporting/talk/inbox.html",
        inbox=shown,
        news=news,
        appealing=appealing,
        text=text,
        errors=missing,
        said=said_once("written", "added", "taken_back", "asked_again"),
        policy=policies_here().reporting,
        reads=when_read(now(), shown.opened.filed),
        may_need_to_leave=True,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if missing else HTTPStatus.OK


def _again_page(missing: Missing | None = None, text: str = "") -> ResponseReturnValue:
    page = render_template("reporting/talk/again.html", errors=missing, text=text, may_need_to_leave=True)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if missing else HTTPStatus.OK


def _code_page(missing: Missing | None = None, status: HTTPStatus | None = None) -> ResponseReturnValue:
    page = render_template("reporting/talk/code.html", errors=missing, may_need_to_leave=True)
    return page, status or (HTTPStatus.UNPROCESSABLE_ENTITY if missing else HTTPStatus.OK)


def _turn(to: str) -> ResponseReturnValue:
    """Lead to another page of the same address: `back`, `again`, or what a code opened."""
    browser[_CODE] = {**browser[_CODE], "at": to}
    return _again()


def _again() -> ResponseReturnValue:
    return redirect(url_for("talk.ask"), HTTPStatus.SEE_OTHER)
