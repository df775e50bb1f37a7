"""Doors of custody: an officer asks who made a report and reads it once released; a custodian answers."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.errors import BadInputError
from governance.identity.current import staff_required
from governance.identity.permissions import Role
from governance.identity.sessions.once import said_once, say_once
from governance.identity.staff.models import StaffMember
from governance.identity.staff.service import staff_name
from governance.reporting.custody import service as custody
from governance.reporting.custody.sealing import has_identity
from governance.reporting.custody.service import Asked, State
from governance.reporting.errors import NoSuchReportError, NoSuchRequestError
from governance.reporting.keeping.service import key_for
from governance.reporting.vaults.current import open_vault, vault_required
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.problems import register_status

_ANSWERS: Final = {"release": custody.release, "refuse": custody.refuse}
for _code, _status in {
    "custody_closed": HTTPStatus.CONFLICT,
    "own_request": HTTPStatus.FORBIDDEN,
    "request_answered": HTTPStatus.CONFLICT,
    "no_such_request": HTTPStatus.NOT_FOUND,
}.items():
    register_status(_code, _status)

officers: Final = Blueprint("reporter_name", __name__, url_prefix="/desk/names")
custodians: Final = Blueprint("custody", __name__, url_prefix="/custody/requests")


@officers.get("/<uuid:report_id>")
@staff_required(Role.OFFICER)
@vault_required
def asked(report_id: UUID) -> ResponseReturnValue:
    """Show what was asked about who made a report, and the form that asks."""
    return _asked_page(report_id)


@officers.post("/<uuid:report_id>")
@staff_required(Role.OFFICER)
def ask(report_id: UUID) -> ResponseReturnValue:
    """Ask a custodian who made a report."""
    try:
        with transaction() as session:
            custody.ask(_work(session), report_id, open_vault(), request.form.get("reason", ""))
    except BadInputError:
        return _asked_page(report_id, wrong=gettext("Write why the name is needed, in at most 4000 letters."))
    say_once("asked")
    return redirect(url_for("reporter_name.asked", report_id=report_id), HTTPStatus.SEE_OTHER)


@officers.post("/<uuid:report_id>/read")
@staff_required(Role.OFFICER)
def read(report_id: UUID) -> ResponseReturnValue:
    """Show who made a report, after it was written down that it was read."""
    with transaction() as session:
        found = custody.identity(_work(session), report_id, open_vault())
    return render_template("reporting/name_read.html", found=found, report_id=report_id)


@custodians.get("")
@staff_required(Role.CUSTODIAN)
@vault_required
def waiting() -> ResponseReturnValue:
    """Requests for a reporter's name."""
    with reading() as session:
        found = custody.waiting(session, house().keyring, open_vault())
        named = [(one, _name(session, one)) for one in found]
    return render_template("reporting/name_requests.html", waiting=named, said=said_once("released", "refused"))


@custodians.get("/<uuid:request_id>")
@staff_required(Role.CUSTODIAN)
@vault_required
def answer_page(request_id: UUID) -> ResponseReturnValue:
    """Show one request with its reason, and both answers."""
    return _answer_page(request_id)


@custodians.post("/<uuid:request_id>")
@staff_required(Role.CUSTODIAN)
def answer(request_id: UUID) -> ResponseReturnValue:
    """Release a name, or keep it closed; it is written down before anybody reads anything."""
    act = _ANSWERS.get(request.form.get("answer", ""))
    if act is None:
        return _answer_page(request_id, {"answer": gettext("Choose one of the two.")})
    try:
        with transaction() as session:
            act(_work(session), request_id, open_vault(), request.form.get("words", ""))
    except BadInputError:
        return _answer_page(request_id, {"words": gettext("Write why, in at most 4000 letters.")})
    say_once("released" if act is custody.release else "refused")
    return redirect(url_for("custody.waiting"), HTTPStatus.SEE_OTHER)


def _asked_page(report_id: UUID, wrong: str = "") -> ResponseReturnValue:
    vault = open_vault()
    with reading() as session:
        key_for(session, house().keyring, report_id, vault)
        if not has_identity(session, report_id):
            raise NoSuchReportError
        found = custody.requests_of(session, house().keyring, report_id, vault)
    page = render_template(
        "reporting/name_asked.html",
        requests=found,
        report_id=report_id,
        waits=any(one.state is State.ASKED for one in found),
        released=any(one.state is State.RELEASED for one in found),
        wrong=wrong,
        errors=bool(wrong),
        said=said_once("asked"),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK


def _answer_page(request_id: UUID, problem: dict[str, str] | None = None) -> ResponseReturnValue:
    with reading() as session:
        found = custody.waiting(session, house().keyring, open_vault())
        one = next((one for one in found if one.request_id == request_id), None)
        if one is None:
            raise NoSuchRequestError(gettext("there is no such request for you; go back to your list"))
        name = _name(session, one)
    page = render_template(
        "reporting/name_answer.html",
        one=one,
        name=name,
        problem=problem or {},
        errors=bool(problem),
        given=request.form,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK


def _name(session: Session, one: Asked) -> str:
    return staff_name(session, house().keyring, session.get_one(StaffMember, one.asked_by))


def _work(session: Session) -> Work:
    return Work(session, house().keyring, now())
