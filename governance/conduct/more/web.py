"""Doors of professionals: prove that a registration is yours, say where you work, and be here on no register."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance.conduct import service
from governance.conduct.more.service import more_of
from governance.conduct.proofs.models import ProfessionalProvider
from governance.conduct.proofs.proving import prove_by_code
from governance.conduct.schemas import AnswerSchema
from governance.conduct.service import ForumAccount, apply_unregistered
from governance.conduct.work.service import declare_work, leave_work
from governance.db.extension import reading, transaction
from governance.errors import BadInputError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.proofs.proof import proof_required
from governance.identity.sessions.once import said_once, say_once
from governance.policy.current import policies
from governance.policy.here import policies_here
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load

blueprint = Blueprint("professional_more", __name__, url_prefix="/professional")
_NO_CODE: Final = "wrong"


@blueprint.get("/proof")
@sign_in_required
def proof() -> ResponseReturnValue:
    """Say how control is proven, and ask for a code if one is on its way."""
    return _page("conduct/proof.html")


@blueprint.post("/proof")
@proof_required
def type_code() -> ResponseReturnValue:
    """Take the code."""
    typed, at = _answer(), now()
    with transaction() as session:
        hcp_id = service.hcp_of(session, signed_in().account_id)
        good = prove_by_code(session, house().keyring, hcp_id, typed, at)
    if not good:
        return _page("conduct/proof.html", _NO_CODE)
    say_once("proven")
    return redirect(url_for("professional_more.proof"), HTTPStatus.SEE_OTHER)


@blueprint.get("/work")
@sign_in_required
def work() -> ResponseReturnValue:
    """Show where a professional works, and ask."""
    return _page("conduct/work.html")


@blueprint.post("/work")
@sign_in_required
def say_work() -> ResponseReturnValue:
    """Take a place of work; it binds refusals from now on."""
    try:
        with transaction() as session:
            hcp_id = service.hcp_of(session, signed_in().account_id)
            declare_work(session, house().keyring, hcp_id, _answer(), now())
    except BadInputError:
        return _page("conduct/work.html", "missing")
    say_once("work_said")
    return redirect(url_for("professional_more.work"), HTTPStatus.SEE_OTHER)


@blueprint.post("/work/left")
@sign_in_required
def left_work() -> ResponseReturnValue:
    """End a place of work, at once."""
    with transaction() as session:
        hcp_id = service.hcp_of(session, signed_in().account_id)
        leave_work(session, house().keyring, hcp_id, _answer(), now())
    say_once("work_left")
    return redirect(url_for("professional_more.work"), HTTPStatus.SEE_OTHER)


@blueprint.get("/unregistered")
@proof_required
def unregistered() -> ResponseReturnValue:
    """Ask people on no register what they do, and say what it changes."""
    return _role_page()


@blueprint.post("/unregistered")
@proof_required
def say_role() -> ResponseReturnValue:
    """Take their work: they are governed from now on, and it opens nothing."""
    role, person = _answer(), signed_in()
    if role not in policies().registers.unregistered:
        return _role_page(errors=True)
    account = ForumAccount(person.account_id, person.platform_id, person.account_key)
    with transaction() as session:
        apply_unregistered(session, house().keyring, account, role, now())
    say_once("role_said")
    return redirect(url_for("conduct.home"), HTTPStatus.SEE_OTHER)


def _role_page(*, errors: bool = False) -> ResponseReturnValue:
    page = render_template("conduct/unregistered.html", roles=policies().registers.unregistered, errors=errors)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _page(template: str, error: str = "") -> ResponseReturnValue:
    at = now()
    with reading() as session:
        hcp_id = service.hcp_of(session, signed_in().account_id)
        found = more_of(session, house().keyring, hcp_id, at)
        providers = ProfessionalProvider.all_by_name(session)
    page = render_template(
        template,
        more=found,
        providers=providers,
        registers=policies().registers.registers,
        days=policies().registers.code_days,
        words=policies_here().conduct.record,
        error=error,
        errors=bool(error),
        said="" if error else said_once("proven", "work_said", "work_left"),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


def _answer() -> str:
    values = form_values()
    return str(load(AnswerSchema(), {"answer": "", **values})["answer"])
