"""Doors of the verifier's desk: who waits, one registration side by side, and two presses for every act."""

import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from governance.conduct.desk.missing import Problem, problems
from governance.conduct.desk.queue import file_of, queue, with_number
from governance.conduct.due.policy import ahead_in_force
from governance.conduct.errors import BadFileError, BadNumberError, NotMatchedError, NumberTakenError
from governance.conduct.feeds.files import day_in
from governance.conduct.findings import MARKS, WORSE, Findings, Verifier, said_in
from governance.conduct.one_person import OnePerson
from governance.conduct.schemas import AnswerSchema, CheckSchema, ConfirmSchema, EndSchema, JoinSchema, MarkSchema
from governance.conduct.verifying import Verifying
from governance.db.extension import reading
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.errors import GovernanceError, NotFoundError
from governance.identity.current import staff_member, staff_required
from governance.identity.permissions import Role
from governance.identity.sessions.browser import transaction_forgetting
from governance.identity.sessions.once import said_once, say_once
from governance.identity.staff.models import StaffMember
from governance.identity.staff.service import staff_name
from governance.policy.current import policies
from governance.sentences import said_by
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import in_our_words
from governance.ui.pages import form_values, load

_FRESH: Final = timedelta(minutes=15)
_DRAFT: Final = "desk"
"""In the session: what a verifier is about to do, between the two presses."""
_SEEN: Final = (Status.GOOD, Status.RESTRICTED, Status.LAPSED, Status.SUSPENDED, Status.REMOVED)
_FORMS: Final[Mapping[str, Schema]] = {
    "check": CheckSchema(),
    "status": MarkSchema(),
    "end": EndSchema(),
    "join": JoinSchema(),
}
_DAY: Final = 24 * 3600 * 1_000_000
_PAGE: Final = 50

blueprint = Blueprint("desk", __name__, url_prefix="/desk/registrations")


@blueprint.get("")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def registrations() -> ResponseReturnValue:
    """Registrations to look at."""
    at = now()
    with reading() as session:
        waiting = queue(session, house().keyring, ahead_in_force(), at, _PAGE)
    return render_template("conduct/desk.html", waiting=waiting, at=at, said=said_once("marked"), most=_PAGE)


@blueprint.post("/find")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def find() -> ResponseReturnValue:
    """Lead to whoever told us a number, waiting or not. It travels in a form: addresses are kept by many."""
    typed = str(load(AnswerSchema(), {"answer": "", **form_values()})["answer"]).strip()
    with reading() as session:
        found = with_number(session, house().keyring, typed)
    if len(found) == 1:
        return redirect(url_for("desk.registration", hcp_id=found[0].id), HTTPStatus.SEE_OTHER)
    page = render_template("conduct/desk_found.html", found=found, at=now(), typed=typed, errors=not found)
    return page, HTTPStatus.OK if found else HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/<uuid:hcp_id>")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def registration(hcp_id: UUID) -> ResponseReturnValue:
    """Show one registration: what was said beside what is to be found. `of`: another one of the same person."""
    return _file_page(hcp_id, of=said_in(request.args.get("of", "")))


@blueprint.post("/<uuid:hcp_id>/<act>")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def prepare(hcp_id: UUID, act: str) -> ResponseReturnValue:
    """Take what a verifier wants to mark, and show it before it counts."""
    if act not in _FORMS:
        raise NotFoundError("there is no such act; go back to the registration")
    values = form_values()
    last = values.pop("last", "")
    given = load(_FORMS[act], values)
    with reading() as session:
        file = file_of(session, house().keyring, hcp_id, said_in(str(last)))
    wrong = problems(act, given, file, now())
    if wrong:
        return _file_page(hcp_id, wrong, act, values, of=said_in(str(last)))
    browser[_DRAFT] = {"hcp": str(hcp_id), "act": act, "last": str(last), "given": values}
    return redirect(url_for("desk.confirm", hcp_id=hcp_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/<uuid:hcp_id>/confirm")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def confirm(hcp_id: UUID) -> ResponseReturnValue:
    """Show once more what is about to be marked."""
    draft = _draft(hcp_id)
    if not draft:
        return redirect(url_for("desk.registration", hcp_id=hcp_id), HTTPStatus.SEE_OTHER)
    with reading() as session:
        file = file_of(session, house().keyring, hcp_id, said_in(draft["last"]))
    given = load(_FORMS[draft["act"]], draft["given"])
    return render_template(
        "conduct/desk_confirm.html",
        file=file,
        draft=draft,
        given=given,
        seen=_digest(draft),
    )


@blueprint.post("/<uuid:hcp_id>/confirm")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def mark(hcp_id: UUID) -> ResponseReturnValue:
    """Do what was shown, or say why it cannot be done."""
    draft = _draft(hcp_id)
    if not draft or load(ConfirmSchema(), form_values())["seen"] != _digest(draft):
        return redirect(url_for("desk.registration", hcp_id=hcp_id), HTTPStatus.SEE_OTHER)
    given = load(_FORMS[draft["act"]], draft["given"])
    try:
        _do(hcp_id, draft, given)
    except (NotMatchedError, NumberTakenError, BadNumberError, BadFileError) as error:
        of = said_in(draft["last"])
        return _file_page(hcp_id, (Problem("evidence", _said(error)),), draft["act"], draft["given"], of=of)
    say_once("marked")
    return redirect(url_for("desk.registrations"), HTTPStatus.SEE_OTHER)


def _do(hcp_id: UUID, draft: Mapping[str, Any], given: dict[str, Any]) -> None:
    at = now()
    with transaction_forgetting(_DRAFT) as session:
        verifying = Verifying(session, house().keyring, acting_verifier(), at)
        if draft["act"] == "status":
            verifying.mark(hcp_id, **given, last=draft["last"])
        elif draft["act"] == "end":
            verifying.end(hcp_id, **given, last=draft["last"])
        elif draft["act"] == "join":
            OnePerson(session, house().keyring, verifying, at).join(hcp_id, **given, last=draft["last"])
        else:
            register = file_of(session, house().keyring, hcp_id, said_in(draft["last"])).register
            until = Instant(at + policies().conduct.recheck_manual_days * _DAY)
            verifying.check(hcp_id, _findings(given), register, until=until, last=draft["last"])


def _findings(given: dict[str, Any]) -> Findings:
    given = {**given, "renews": day_in(given["renews"].strip())}
    if given["assurance"] < Assurance.A3:
        # Nobody was found on a register, so nobody's status was either.
        return Findings(**{**given, "status": Status.UNKNOWN})
    return Findings(**given)


def _file_page(
    hcp_id: UUID,
    wrong: tuple[Problem, ...] = (),
    act: str = "",
    given: Mapping[str, Any] | None = None,
    *,
    of: UUID | None = None,
) -> ResponseReturnValue:
    with reading() as session:
        file = file_of(session, house().keyring, hcp_id, of)
    page = render_template(
        "conduct/desk_file.html",
        file=file,
        at=now(),
        errors=wrong,
        act=act,
        given=dict(given or {}),
        marks=MARKS,
        statuses=_SEEN,
        worse=WORSE,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK


def _said(error: GovernanceError) -> str:
    said: str = in_our_words(error.wrong if isinstance(error, BadNumberError) else said_by(error))
    return f"{said[:1].upper()}{said[1:]}"


def _draft(hcp_id: UUID) -> dict[str, Any]:
    """Return what is about to be done to this registration; another one's is none."""
    draft: dict[str, Any] = browser.get(_DRAFT, {})
    return draft if draft.get("hcp") == str(hcp_id) else {}


def _digest(draft: Mapping[str, Any]) -> str:
    return sha256(json.dumps(draft, sort_keys=True).encode()).hexdigest()


def acting_verifier() -> Verifier:
    """Return who acts at the desk."""
    member = staff_member()
    with reading() as session:
        known = session.get_one(StaffMember, member.staff_id)
        return Verifier(str(known.id), known.subject_digest, staff_name(session, house().keyring, known))
