"""Doors of registering: one question a page, then check, then confirm. Nothing is stored before that."""

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.conduct import service
from governance.conduct.errors import BadNumberError
from governance.conduct.numbers import read_number
from governance.conduct.schemas import AnswerSchema, ConfirmSchema
from governance.conduct.service import ForumAccount
from governance.errors import BadInputError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.proofs.proof import proof_required
from governance.identity.sessions.browser import transaction_forgetting
from governance.identity.sessions.once import say_once
from governance.policy.current import policies
from governance.policy.here import policies_here
from governance.policy.views.registers import HcpRegister
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import in_our_words, page_language
from governance.ui.pages import form_values, load

_DRAFT: Final = "joining"
"""In the session: the answers given so far, by page."""
_PAGES: Final = ("register", "profession", "number", "name")

blueprint = Blueprint("joining", __name__, url_prefix="/professional/register")


@blueprint.get("/register")
@sign_in_required
def register() -> ResponseReturnValue:
    """Ask on which register somebody is."""
    return _page("register")


@blueprint.post("/register")
@sign_in_required
def pick_register() -> ResponseReturnValue:
    """Take the register; a number and a profession of another one are forgotten."""
    code = _answer()
    if code not in _registers():
        return _page("register", gettext("Pick the register you are on"))
    return _go_on("register", code) if _draft().get("register") == code else _start_over(code)


@blueprint.get("/profession")
@sign_in_required
def profession() -> ResponseReturnValue:
    """Ask which profession of that register is theirs."""
    return _page("profession")


@blueprint.post("/profession")
@sign_in_required
def pick_profession() -> ResponseReturnValue:
    """Take the profession."""
    wanted = _answer()
    if wanted not in _register().professions:
        return _page("profession", gettext("Pick your profession"))
    return _go_on("profession", wanted)


@blueprint.get("/number")
@sign_in_required
def number() -> ResponseReturnValue:
    """Ask for the number."""
    return _page("number")


@blueprint.post("/number")
@sign_in_required
def type_number() -> ResponseReturnValue:
    """Take the number, or say what seems mistyped."""
    typed = _answer()
    try:
        return _go_on("number", read_number(_register(), typed).number)
    except BadNumberError as error:
        wrong = in_our_words(error.wrong)
        return _page("number", f"{wrong[:1].upper()}{wrong[1:]}", typed)


@blueprint.get("/name")
@sign_in_required
def name() -> ResponseReturnValue:
    """Ask for the name that the register shows."""
    return _page("name")


@blueprint.post("/name")
@sign_in_required
def type_name() -> ResponseReturnValue:
    """Take the name."""
    typed = " ".join(_answer().split())
    if not service.is_name(typed):
        return _page("name", gettext("Type your name as the register shows it"))
    return _go_on("name", typed)


@blueprint.get("/check")
@proof_required
def check() -> ResponseReturnValue:
    """Show all answers, and what registering changes, before it counts."""
    missing = _first_missing(_draft())
    return _go_to(missing) if missing else _check_page(_draft())


@blueprint.post("/check")
@proof_required
def confirm() -> ResponseReturnValue:
    """Register somebody with the answers that were on the page.

    It cannot be undone: whoever finds somebody's phone open must not make them a professional for ever.
    """
    draft = _draft()
    seen = load(ConfirmSchema(), form_values())["seen"]
    if _first_missing(draft) or seen != _digest(draft):
        # Another tab changed an answer: what is confirmed must be what was read.
        return _go_to(_first_missing(draft)) if _first_missing(draft) else _check_page(draft)
    person, at = signed_in(), now()
    found = read_number(_register(), draft["number"])
    words = service.words_of(found, draft["profession"], draft["name"], page_language())
    account = ForumAccount(person.account_id, person.platform_id, person.account_key)
    with transaction_forgetting(_DRAFT) as session:
        service.apply(session, house().keyring, account, words, at)
    say_once("registered")
    return redirect(url_for("conduct.home"), HTTPStatus.SEE_OTHER)


def _page(question: str, error: str = "", typed: str | None = None) -> ResponseReturnValue:
    draft = _draft()
    before = _PAGES[: _PAGES.index(question)]
    missing = next((page for page in before if page not in draft), "")
    if missing:
        return _go_to(missing)
    page = render_template(
        f"conduct/{question}.html",
        registers=_registers(),
        register=_registers().get(draft.get("register", "")),
        given=draft.get(question, "") if typed is None else typed,
        error=error,
        errors=bool(error),
        back=f"joining.{before[-1]}" if before else "conduct.home",
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


def _check_page(draft: Mapping[str, Any]) -> ResponseReturnValue:
    found = read_number(_register(), draft["number"])
    return render_template(
        "conduct/check.html",
        draft=draft,
        register=_register(),
        doubt="" if found.doubt is None else in_our_words(found.doubt),
        becoming=policies_here().conduct.record.words("becoming"),
        seen=_digest(draft),
    )


def _answer() -> str:
    values = form_values()
    return str(load(AnswerSchema(), {"answer": "", **values})["answer"])


def _start_over(code: str) -> ResponseReturnValue:
    kept = {"name": _draft()["name"]} if "name" in _draft() else {}
    browser[_DRAFT] = {**kept, "register": code}
    return _go_to(_first_missing(browser[_DRAFT]))


def _go_on(page: str, answer: str) -> ResponseReturnValue:
    draft = {**_draft(), page: answer}
    browser[_DRAFT] = draft
    return _go_to(_first_missing(draft))


def _first_missing(draft: Mapping[str, Any]) -> str:
    return next((page for page in _PAGES if page not in draft), "")


def _go_to(page: str) -> ResponseReturnValue:
    return redirect(url_for(f"joining.{page or 'check'}"), HTTPStatus.SEE_OTHER)


def _draft() -> dict[str, Any]:
    draft: dict[str, Any] = browser.get(_DRAFT, {})
    return draft


def _register() -> HcpRegister:
    found = _registers().get(_draft().get("register", ""))
    if found is None:
        raise BadInputError("pick your register first; open the first page again")
    return found


def _registers() -> Mapping[str, HcpRegister]:
    return policies().registers.registers


def _digest(draft: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(draft, sort_keys=True).encode()).hexdigest()
