"""Pages of the officers' desk, as the doors in `web.py` show them."""

from http import HTTPStatus
from typing import Any, Final

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.db.extension import reading
from governance.decision.vocabulary import Instant
from governance.identity.models import Platform
from governance.identity.sessions.browser import browser_session
from governance.identity.sessions.once import said_once
from governance.policy.here import policies_here
from governance.reporting.desk import acting
from governance.reporting.desk.acts import ACTS
from governance.reporting.desk.offered import next_act, offered
from governance.reporting.desk.queue import short_number
from governance.reporting.desk.shown import Shown
from governance.reporting.desk.words import by_when, event_said, records_said
from governance.reporting.training.service import SHOWN

SAID: Final = ("done", "protected", "out", "answered", "deleted")
CODE: Final = "hearing_code"
"""In the session, until it was shown once: the code of a professional who is heard."""


def case_page(shown: Shown, at: Instant, error: str = "") -> ResponseReturnValue:
    """Show one case, and a code for a hearing once."""
    case_id = shown.case.id
    kept = browser_session().get(CODE)
    code = kept["code"] if kept and kept["case"] == str(case_id) else ""
    if code:
        browser_session().pop(CODE)
    page = render_template(
        "reporting/desk/case.html",
        shown=shown,
        acts=offered(shown),
        next_act=next_act(shown),
        number=short_number(case_id),
        at=at,
        said=said_once(*SAID),
        error=error,
        errors=bool(error),
        code=code,
        **words(),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


def protect_page(shown: Shown, given: dict[str, Any], error: str = "") -> ResponseReturnValue:
    """Show the ways to protect somebody, filled in with what is given."""
    with reading() as session:
        forums = acting.forums(session) if shown.case.platform_id is None else []
    page = render_template(
        "reporting/desk/protect.html",
        shown=shown,
        given={name: given.get(name, "") for name in (*acting.ASKED, "what", "forum")},
        number=short_number(shown.case.id),
        forums=forums,
        error=error,
        errors=bool(error),
        **words(),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


def act_page(
    shown: Shown, name: str, given: dict[str, Any], missing: list[str] | None = None, error: str = ""
) -> ResponseReturnValue:
    """Show the form of one act, with what is missing or why it was refused."""
    act = ACTS[name]
    fields = act.asked(shown)
    choices = {field.name: field.options(shown) for field in fields if field.options is not None}
    page = render_template(
        "reporting/desk/act.html",
        shown=shown,
        act=act,
        fields=fields,
        name=name,
        choices=choices,
        given=given,
        missing=missing or [],
        error=error,
        errors=bool(missing or error),
        number=short_number(shown.case.id),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if missing or error else HTTPStatus.OK


def words() -> dict[str, Any]:
    """Return what every page of the desk speaks with."""
    here = policies_here()
    said = {"short_number": short_number, "event_said": event_said, "by_when": by_when, "records_said": records_said}
    with reading() as session:
        places = {one.id: _place(one) for one in Platform.all_by_name(session)}
    return {"reporting": here.reporting, "desk": here.desk, "retention": here.retention, "places": places, **said}


def _place(forum: Platform) -> str:
    """Return what a forum is called; the one of the training cases in the reader's language, lest it be overlooked."""
    called: str = gettext("Training: nobody here is real") if forum.shown == SHOWN else forum.shown
    return called
