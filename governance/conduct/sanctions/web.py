"""Doors of the professional: the statement of reasons of one sanction, and the one appeal against it."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance.conduct.sanctions.models import Sanction
from governance.conduct.sanctions.overview import Told, told, told_all
from governance.conduct.sanctions.schemas import AppealSchema
from governance.conduct.sanctions.service import Sanctions
from governance.conduct.service import hcp_of
from governance.db.extension import reading, transaction
from governance.errors import BadInputError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.once import said_once, say_once
from governance.policy.current import policies
from governance.policy.here import policies_here
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load
from governance.ui.problems import register_status

blueprint = Blueprint("sanctions", __name__, url_prefix="/professional/measures")
for _code, _status in {
    "no_such_sanction": HTTPStatus.NOT_FOUND,
    "no_such_move": HTTPStatus.CONFLICT,
    "too_late": HTTPStatus.CONFLICT,
    "not_fresh": HTTPStatus.FORBIDDEN,
}.items():
    register_status(_code, _status)


@blueprint.get("/<uuid:sanction_id>")
@sign_in_required
def statement(sanction_id: UUID) -> ResponseReturnValue:
    """Show what was decided, why, under which rule, until when, and what one can do."""
    return _page("conduct/sanction.html", _mine(sanction_id), said=said_once("appealed"))


@blueprint.get("/<uuid:sanction_id>/appeal")
@sign_in_required
def appeal(sanction_id: UUID) -> ResponseReturnValue:
    """Ask what was wrong."""
    mine = _mine(sanction_id)
    if not mine.may_appeal:
        return redirect(url_for("sanctions.statement", sanction_id=sanction_id), HTTPStatus.SEE_OTHER)
    return _page("conduct/appeal.html", mine, errors=False, given="")


@blueprint.post("/<uuid:sanction_id>/appeal")
@sign_in_required
def send_appeal(sanction_id: UUID) -> ResponseReturnValue:
    """Take the appeal down; somebody who had no part in it decides."""
    words = load(AppealSchema(), form_values())["words"]
    try:
        with transaction() as session:
            hcp_id = hcp_of(session, signed_in().account_id)
            Sanctions(session, house().keyring, policies().conduct, now()).appeal(hcp_id, sanction_id, words)
    except BadInputError:
        page = _page("conduct/appeal.html", _mine(sanction_id), errors=True, given=words)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    say_once("appealed")
    return redirect(url_for("sanctions.statement", sanction_id=sanction_id), HTTPStatus.SEE_OTHER)


def all_of_mine() -> list[Told]:
    """Return what officers decided against the professional who is signed in. Raises `NotRegisteredError`."""
    with reading() as session:
        return told_all(_sanctions_in(session), session, hcp_of(session, signed_in().account_id))


def _mine(sanction_id: UUID) -> Told:
    with reading() as session:
        hcp_id = hcp_of(session, signed_in().account_id)
        return told(_sanctions_in(session), session.get(Sanction, sanction_id), hcp_id)


def _sanctions_in(session: Session) -> Sanctions:
    return Sanctions(session, house().keyring, policies().conduct, now())


def _page(template: str, mine: Told, **more: Any) -> str:  # noqa: ANN401 - what a template takes
    policy = policies_here().conduct
    rule = next((one for one in policy.rules() if one.code == mine.sanction.rule), None)
    return render_template(template, mine=mine, rule=rule, policy=policy, **more)
