"""Doors of the form. All of it has one address, so that no history of a browser tells how far somebody went."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import structlog
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.errors import BadInputError, GovernanceError
from governance.identity.access import anyone
from governance.identity.current import current_sign_in
from governance.identity.sessions.browser import transaction_exchanging
from governance.policy.here import policies_here
from governance.reporting.errors import CustodyClosedError, DutyClosedError
from governance.reporting.evidence import service as evidence
from governance.reporting.evidence.errors import PictureRefusedError
from governance.reporting.evidence.images import LARGEST_FILE, paint_anew
from governance.reporting.evidence.throttle import Uploads
from governance.reporting.filing.draft import (
    FORM,
    SENT,
    begin,
    blocks,
    form_now,
    forums,
    handed_in,
    keep,
    known_types,
    people,
    picked,
    pictures_in,
    platform_of,
)
from governance.reporting.filing.reading import when_read
from governance.reporting.filing.schemas import ANSWERS, NOTHING_SAID
from governance.reporting.filing.service import Told, hand_in, is_open
from governance.reporting.filing.steps import STEPS, WISHES, Missing, after, before, first_missing, missing_in
from governance.reporting.handed import BLOCK, UPLOADS
from governance.reporting.keeping.codes import last_signs
from governance.reporting.work import Work
from governance.sentences import Sentence
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load

blueprint = Blueprint("tell", __name__, url_prefix="/tell-us", template_folder="../templates")
_ROOM_FOR_THE_FORM: Final = 256 * 1024
_NOT_THE_SAME: Final = Missing(Sentence("These are not the last 4 signs of your code. Look at it once more"), "last")
_NO_NAMES: Final = Missing(
    Sentence("We cannot keep a name just now. Pick the code, and tell us who you are later"), "reach"
)
_log = structlog.get_logger()


@blueprint.url_value_preprocessor
def let_pictures_in(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a request of these pages be as long as a photo; before anything reads its form."""
    request.max_content_length = LARGEST_FILE + _ROOM_FOR_THE_FORM


@blueprint.get("")
@anyone
def ask() -> ResponseReturnValue:
    """Show what comes next: the first page, a question, or the code of what was sent."""
    sent, form = browser.get(SENT), form_now()
    if sent is not None:
        return _code_page(sent)
    try:
        with reading() as session:
            is_open(session, None if form is None else platform_of(form["said"]), now())
    except DutyClosedError as error:
        return _closed_page(error)
    if form is None:
        return render_template("reporting/tell/start.html", **_words(), reads=when_read(now()))
    return _page(form)


@blueprint.post("")
@anyone
def take() -> ResponseReturnValue:
    """Take what a page asked, and go on."""
    values, form = form_values(*(["wishes"] if request.form.get("step") == "wish" else [])), form_now()
    step, go = values.pop("step", ""), values.pop("go", "on")
    if browser.get(SENT) is not None:
        return _confirm(values, go)
    if form is None or go == "away":
        return _begin_or_end(step, form)
    # Another tab may have gone on: what is answered must be what was asked.
    return _next() if step != form["step"] else _pressed(form, step, go, values)


def _pressed(form: dict[str, Any], step: str, go: str, values: dict[str, Any]) -> ResponseReturnValue:
    if not _is_a_button(step, go):
        # What is no button of ours must not count as *Send*.
        raise BadInputError("this did not come from the buttons of our page; open the page again")
    if step == "pictures":
        return _with_pictures(form, go)
    if go == "back":
        return _at(form, before(step) or step)
    if go.startswith("change:") and step == "check":
        return _at({**form, "changing": True}, _known_step(go.removeprefix("change:")))
    return _send(form) if step == "check" else _answer(form, step, values)


def _is_a_button(step: str, go: str) -> bool:
    named = {"check": "change:", "pictures": "drop:"}.get(step)
    return go in {"on", "back"} or (step == "pictures" and go == "add") or (named is not None and go.startswith(named))


def _begin_or_end(step: str, form: Mapping[str, Any] | None) -> ResponseReturnValue:
    if form is not None:
        with transaction() as session:
            for picture in pictures_in(form):
                evidence.drop(session, picture)
        browser.pop(FORM, None)
    elif step == "start":
        begin()
    return _next()


def _answer(form: dict[str, Any], step: str, values: dict[str, Any]) -> ResponseReturnValue:
    said = {**form["said"], **load(ANSWERS[step], values)}
    if step == "about" and said["about"] not in ("", *known_types()):
        raise BadInputError("this did not come from the buttons of our page; open the page again")
    missing = missing_in(step, said)
    if missing is not None:
        return _page({**form, "said": said}, missing)
    return _at({**form, "said": said, "changing": False}, _behind(form, step))


def _behind(form: Mapping[str, Any], step: str) -> str:
    """Return what comes behind a question: the next one, or the check for who changed an answer there."""
    return "check" if form.get("changing") else after(step)


def _with_pictures(form: dict[str, Any], go: str) -> ResponseReturnValue:
    if go.startswith("drop:"):
        return _drop(form, go.removeprefix("drop:"))
    if go == "back":
        return _at(form, before("pictures"))
    if go == "add" or request.files.get("picture"):
        # Also for who picked one and forgot to press the button for it.
        return _add(form, "pictures" if go == "add" else _behind(form, "pictures"))
    return _at({**form, "changing": False}, _behind(form, "pictures"))


def _add(form: dict[str, Any], then: str) -> ResponseReturnValue:
    file = request.files.get("picture")
    sent = b"" if file is None else file.read()
    if not sent:
        return _page(form, Missing(Sentence("Pick a picture first"), "picture"))
    uploads: Uploads = current_app.extensions[UPLOADS]
    try:
        painted = paint_anew(sent)
        with transaction() as session:
            uploads.take(request.remote_addr or "", evidence.room_for_more(session, now()))
            kept = evidence.keep(session, painted, [one.name for one in pictures_in(form)], now())
    except PictureRefusedError as error:
        return _page(form, Missing(error.told, "picture"))
    return _at({**form, "pictures": [*form["pictures"], kept.as_json()]}, then)


def _drop(form: dict[str, Any], picture_id: str) -> ResponseReturnValue:
    rest = []
    for picture in pictures_in(form):
        if str(picture.id) == picture_id:
            with transaction() as session:
                evidence.drop(session, picture)
        else:
            rest.append(picture.as_json())
    return _at({**form, "pictures": rest}, "pictures")


def _send(form: dict[str, Any]) -> ResponseReturnValue:
    lacks = first_missing(form["said"])
    if lacks:
        return _at(form, lacks)
    handed, at = handed_in(form), now()
    try:
        with transaction_exchanging(FORM, SENT) as (session, sent):
            told = hand_in(Work(session, house().keyring, at), handed, house().settings.public_url)
            sent.update(_kept(told, form))
    except DutyClosedError as error:
        return _closed_page(error)
    except CustodyClosedError:
        return _page({**form, "step": "reach"}, _NO_NAMES)
    # In a transaction of its own: nothing but what is sealed may link a report to a block.
    sent["block"] = _block(form["said"])
    browser[SENT] = dict(sent)
    return _code_page(sent)


def _kept(told: Told, form: Mapping[str, Any]) -> dict[str, Any]:
    return {**told._asdict(), "danger": form["said"]["danger"], "block": ""}


def _block(said: Mapping[str, Any]) -> str:
    """Block whom a signed-in person wants blocked; say `done`, or `failed`: the report is filed in either case."""
    person, whom = current_sign_in(), blocks(said)
    if person is None or whom is None:
        return ""
    try:
        with transaction() as session:
            account = (person.account_id, person.platform_id, person.account_key)
            current_app.extensions[BLOCK](session, house().keyring, account, whom, now())
    except GovernanceError as error:
        _log.error("block_failed", code=error.code)
        return "failed"
    return "done"


def _confirm(values: Mapping[str, Any], go: str) -> ResponseReturnValue:
    """Take the last signs of the code; who is signed in may leave them out, for they find their way back."""
    sent = browser[SENT]
    if "last" not in values:
        # The form before was sent once more.
        return _next()
    skipped = go == "skip" and current_sign_in() is not None
    if not skipped and last_signs(values["last"]) != last_signs(sent["code"]):
        return _code_page(sent, _NOT_THE_SAME)
    browser.pop(SENT)
    return render_template("reporting/tell/done.html", sent=sent, reads=when_read(now()), **_words())


def _page(form: Mapping[str, Any], missing: Missing | None = None) -> ResponseReturnValue:
    step, said = form["step"], {**NOTHING_SAID, **form["said"]}
    page = render_template(
        f"reporting/tell/{step}.html",
        step=step,
        number=STEPS.index(step) + 1,
        many=len(STEPS),
        said=said,
        errors=missing,
        earlier=before(step),
        forums=forums() if step in ("where", "check") else (),
        people=people(said) if step == "who" else (),
        picked=picked(said) if step in ("wish", "check") else None,
        pictures=pictures_in(form),
        wishes=WISHES,
        policy=policies_here().reporting,
        may_need_to_leave=True,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if missing else HTTPStatus.OK


def _code_page(sent: Mapping[str, Any], missing: Missing | None = None) -> ResponseReturnValue:
    page = render_template("reporting/tell/code.html", sent=sent, errors=missing, may_need_to_leave=True)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if missing else HTTPStatus.OK


def _closed_page(error: DutyClosedError) -> ResponseReturnValue:
    page = render_template(
        "reporting/tell/closed.html",
        contact=error.contact,
        policy=policies_here().reporting,
        may_need_to_leave=True,
    )
    return page, HTTPStatus.SERVICE_UNAVAILABLE


def _at(form: Mapping[str, Any], step: str) -> ResponseReturnValue:
    keep({**form, "step": step})
    return _next()


def _words() -> dict[str, Any]:
    return {"policy": policies_here().reporting, "may_need_to_leave": True}


def _known_step(step: str) -> str:
    if step not in STEPS:
        raise BadInputError("this did not come from the buttons of our page; open the page again")
    return step


def _next() -> ResponseReturnValue:
    return redirect(url_for("tell.ask"), HTTPStatus.SEE_OTHER)
