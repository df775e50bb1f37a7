"""Doors to what was told before: one's own list, any text by its hash, and the notices on one's page."""

from http import HTTPStatus
from typing import Final, NamedTuple

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.db.extension import reading, transaction
from governance.disclosure.models import Acknowledgement
from governance.disclosure.notices import News, news_for
from governance.disclosure.service import RECORD, note_read
from governance.errors import NotFoundError
from governance.identity.access import anyone
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.once import said_once
from governance.patients.service import find_patient
from governance.policy.current import policies
from governance.policy.history import find_text, history_of
from governance.policy.records import TextVersion
from governance.ui.clock import now
from governance.ui.house import house

_HEADINGS: Final = ("title", "question")

blueprint = Blueprint("told", __name__, url_prefix="/disclosure", template_folder="../templates")


class Section(NamedTuple):
    """One section of a text, as its page shows it."""

    heading: bool
    label: str
    words: str


@blueprint.get("/told")
@sign_in_required
def told() -> ResponseReturnValue:
    """Show what somebody was told, when, and in which words."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        found = [] if patient is None else list(Acknowledgement.all_of(session, patient.id))
    return render_template("disclosure/told.html", told=found, said=said_once("told"), news=news_now())


@blueprint.get("/texts/<sha256>")
@anyone
def text(sha256: str) -> ResponseReturnValue:
    """Show a text by its hash: what is told now, and whatever was told before."""
    with reading() as session:
        found = find_text(session, sha256, policies().records.values())
    if found is None:
        raise NotFoundError("there is no such text; its address is in your receipt")
    return render_template("disclosure/text.html", text=found, sections=_sections(found))


@blueprint.post("/noticed")
@sign_in_required
def noticed() -> ResponseReturnValue:
    """Show the notices of a person's page no more. It says yes to nothing, and what is paused stays paused."""
    at = now()
    with transaction() as session:
        patient = find_patient(session, signed_in().account_id)
        newest = history_of(session, RECORD, policies().disclosure.record).at(at)
        if patient is not None:
            note_read(session, patient.id, newest.record.version, at)
    return redirect(url_for("portal.choices"), HTTPStatus.SEE_OTHER)


def news_now() -> News:
    """Return what the page of whoever is signed in says of what they were told."""
    person = signed_in()
    with reading() as session:
        patient = find_patient(session, person.account_id)
        return news_for(session, house().keyring, (None if patient is None else patient.id, person.platform_id), now())


def _sections(found: TextVersion) -> list[Section]:
    parts = {
        "risk": gettext("What may go wrong"),
        "practice": gettext("What you can do"),
        "explain": gettext("The answer"),
    }
    keys = [(key.rpartition(".")[2], words) for key, words in found.sections.items()]
    return [Section(last in _HEADINGS, parts.get(last, ""), words) for last, words in keys]
