"""Doors to a patient's forums: joining another one, taking one out, coming back to a record by its printed code."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.errors import BadInputError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.models import Account
from governance.identity.proofs.proof import proof_required
from governance.identity.sessions.once import said_once, say_once
from governance.patients.forums import codes
from governance.patients.forums.errors import CodeSpentError, NothingJoinedError, NotJoinableError
from governance.patients.forums.handed import hands
from governance.patients.forums.joining import unlink
from governance.patients.forums.records import Work
from governance.patients.intake import service as intake
from governance.patients.recovery.service import NotRecoverableError, recover_by_code
from governance.patients.service import find_patient
from governance.portal.forum_list import followed, joined_forums, waiting_yes
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.problems import register_status

blueprint = Blueprint("forums", __name__, url_prefix="/my/forums", template_folder="templates")
register_status(CodeSpentError.code, HTTPStatus.GONE)
register_status(NothingJoinedError.code, HTTPStatus.NOT_FOUND)
register_status(NotRecoverableError.code, HTTPStatus.NOT_FOUND)
_STAYS: Final = "forums.shown"


@blueprint.get("")
@sign_in_required
def shown() -> ResponseReturnValue:
    """List a person's forums, and say if somebody typed their code."""
    person = signed_in()
    with reading() as session:
        typed_by = codes.typed_by(session, house().keyring, person.account_id, now())
    said = said_once("joined", "parted", "found", "said_no", "yes_waits", "yes_stopped")
    return render_template(
        "portal/forums/shown.html",
        forums=joined_forums(),
        follow=followed(),
        typed_by=typed_by,
        wishes=waiting_yes(),
        said=said,
    )


@blueprint.get("/add")
@proof_required
def new_code() -> ResponseReturnValue:
    """Say how another forum is joined."""
    return render_template("portal/forums/add.html", code="")


@blueprint.post("/add")
@proof_required
def show_code() -> ResponseReturnValue:
    """Make a code and show it, once."""
    with transaction() as session:
        code = codes.make_forum_code(session, house().keyring, signed_in().account_id, now())
    return render_template("portal/forums/add.html", code=code)


@blueprint.get("/code")
@proof_required
def type_code() -> ResponseReturnValue:
    """Ask for the code that another forum's session shows."""
    return render_template("portal/forums/code.html", wrong="")


@blueprint.post("/code")
@proof_required
def ask_whose() -> ResponseReturnValue:
    """Say whose code it is, and ask whether that is the same person."""
    typed = request.form.get("code", "")
    try:
        with transaction() as session:
            other = codes.maker_of(session, house().keyring, typed, signed_in().account_id, now())
    except (CodeSpentError, NotJoinableError) as error:
        page = render_template("portal/forums/code.html", wrong=error.code)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("portal/forums/whose.html", other=other, code=typed)


@blueprint.post("/code/yes")
@proof_required
def answer() -> ResponseReturnValue:
    """Say yes at the end where the code was typed; the other end is asked next."""
    with transaction() as session:
        typed = request.form.get("code", "")
        codes.answer_code(session, house().keyring, typed, signed_in().account_id, now())
    return render_template("portal/forums/answered.html")


@blueprint.get("/confirm")
@proof_required
def confirm() -> ResponseReturnValue:
    """Show who typed the code, and ask once more."""
    with reading() as session:
        other = codes.typed_by(session, house().keyring, signed_in().account_id, now())
    if other is None:
        return redirect(url_for(_STAYS), HTTPStatus.SEE_OTHER)
    return render_template("portal/forums/confirm.html", other=other)


@blueprint.post("/confirm")
@proof_required
def finish() -> ResponseReturnValue:
    """Join the two accounts."""
    with transaction() as session:
        codes.finish(_work(session), signed_in().account_id, _account_named())
    say_once("joined")
    return redirect(url_for(_STAYS), HTTPStatus.SEE_OTHER)


@blueprint.post("/no")
@sign_in_required
def say_no() -> ResponseReturnValue:
    """Say that whoever typed the code is somebody else."""
    with transaction() as session:
        codes.drop_code(session, signed_in().account_id, now())
    say_once("said_no")
    return redirect(url_for(_STAYS), HTTPStatus.SEE_OTHER)


@blueprint.post("/part")
@sign_in_required
def part() -> ResponseReturnValue:
    """Take a forum out of a person's record, once they have read what that does."""
    wanted = _account_named()
    one = next((forum for forum in joined_forums() if forum.account_id == wanted), None)
    if one is None:
        raise NothingJoinedError("this forum is not joined any more; look at the list of your forums")
    if request.form.get("sure") != "yes":
        return render_template("portal/forums/part.html", one=one)
    with transaction() as session:
        unlink(_work(session), session.get_one(Account, wanted))
    say_once("parted")
    return redirect(url_for(_STAYS), HTTPStatus.SEE_OTHER)


@blueprint.get("/come-back")
@proof_required
def come_back() -> ResponseReturnValue:
    """Ask for the printed code of a record whose forum or account is gone."""
    return render_template("portal/forums/come_back.html", wrong=False)


@blueprint.post("/come-back")
@proof_required
def take_back() -> ResponseReturnValue:
    """Join the person to the record of their printed code."""
    try:
        with transaction() as session:
            mine = session.get_one(Account, signed_in().account_id)
            recover_by_code(_work(session), request.form.get("code", ""), mine)
    except (NotRecoverableError, NotJoinableError):
        page = render_template("portal/forums/come_back.html", wrong=True)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    say_once("found")
    return redirect(url_for(_STAYS), HTTPStatus.SEE_OTHER)


@blueprint.post("/seen")
@sign_in_required
def seen() -> ResponseReturnValue:
    """Note that a person saw what staff took for them by phone or on paper."""
    with transaction() as session:
        patient = find_patient(session, signed_in().account_id)
        if patient is not None:
            intake.seen(_work(session), patient.id)
    return redirect(url_for("portal.choices"), HTTPStatus.SEE_OTHER)


def _work(session: Session) -> Work:
    return Work(session, house().keyring, hands(), now())


def _account_named() -> UUID:
    try:
        return UUID(request.form.get("account", ""))
    except ValueError:
        raise BadInputError("this did not come from the buttons of our page; open the page again") from None
