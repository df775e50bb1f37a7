"""Doors to measures that somebody looks at again, and to one's own ties."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.errors import GovernanceError, NotFoundError
from governance.identity.current import staff_member, staff_required
from governance.identity.models import Platform
from governance.identity.permissions import Role
from governance.identity.sessions.once import said_once, say_once
from governance.policy.current import policies
from governance.reporting.cases import ties
from governance.reporting.cases.errors import NotSaidError
from governance.reporting.cases.ties import TieKind
from governance.reporting.desk.shown import names_of_staff
from governance.reporting.desk.words import by_when
from governance.reporting.protection.reviews import RENEWED, RIGHT, WRONG, open_for, review
from governance.reporting.work import Work
from governance.sentences import said_by
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import in_our_words
from governance.ui.pages import form_values

blueprint = Blueprint("looks", __name__, url_prefix="/desk", template_folder="../../templates")
_RESULTS: Final = (RIGHT, WRONG, RENEWED)


@blueprint.get("/measures")
@staff_required(Role.OFFICER)
def reviews() -> ResponseReturnValue:
    """Measures to look at again."""
    return _reviews()


@blueprint.post("/measures/<uuid:review_id>")
@staff_required(Role.OFFICER)
def look(review_id: UUID) -> ResponseReturnValue:
    """Say what a look found."""
    sent, officer = form_values(), staff_member().staff_id
    said = str(sent.get("result", "")), str(sent.get("words", ""))
    error = _tried(lambda work: review(work, policies().desk, review_id, officer, said))
    if error:
        return _reviews(error)
    say_once("looked")
    return redirect(url_for("looks.reviews"), HTTPStatus.SEE_OTHER)


@blueprint.get("/ties")
@staff_required(Role.OFFICER)
def own_ties() -> ResponseReturnValue:
    """People and places I am tied to."""
    return _ties()


@blueprint.post("/ties")
@staff_required(Role.OFFICER)
def declare() -> ResponseReturnValue:
    """Say whom one is tied to."""
    sent, officer = form_values(), staff_member().staff_id
    error = _tried(lambda work: _declared(work, officer, sent))
    if error:
        return _ties(error, sent)
    say_once("declared")
    return redirect(url_for("looks.own_ties"), HTTPStatus.SEE_OTHER)


@blueprint.post("/ties/<uuid:tie_id>/end")
@staff_required(Role.OFFICER)
def end(tie_id: UUID) -> ResponseReturnValue:
    """End a tie."""
    with transaction() as session:
        ties.end(_work(session), staff_member().staff_id, tie_id)
    say_once("ended")
    return redirect(url_for("looks.own_ties"), HTTPStatus.SEE_OTHER)


def _declared(work: Work, officer: UUID, sent: dict[str, str]) -> object:
    try:
        kind = TieKind(str(sent.get("kind", "")))
    except ValueError:
        raise NotSaidError("pick what it is") from None
    forum = next((one.id for one in _forums(work.session) if str(one.id) == sent.get("forum")), None)
    return ties.declare(work, officer, kind, str(sent.get("words", "")), forum if kind is TieKind.ACCOUNT else None)


def _tried(act: Callable[[Work], object]) -> str:
    """Do something in one transaction; return what is wrong with it, if anything."""
    try:
        with transaction() as session:
            act(_work(session))
    except NotFoundError:
        raise
    except GovernanceError as error:
        return in_our_words(said_by(error))
    return ""


def _reviews(error: str = "") -> ResponseReturnValue:
    with reading() as session:
        rows = open_for(_work(session), staff_member().staff_id)
        names = names_of_staff(session, house().keyring)
    page = render_template(
        "reporting/desk/reviews.html",
        rows=rows,
        names=names,
        me=staff_member().staff_id,
        at=now(),
        results=_RESULTS,
        by_when=by_when,
        said=said_once("looked"),
        error=error,
        errors=bool(error),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


def _ties(error: str = "", sent: dict[str, str] | None = None) -> ResponseReturnValue:
    with transaction() as session:
        found = ties.declared(_work(session), staff_member().staff_id)
        forums = [(str(one.id), one.shown) for one in _forums(session)]
        listed = [(str(tie.id), tie.kind, words) for tie, words in found]
    page = render_template(
        "reporting/desk/ties.html",
        listed=listed,
        forums=forums,
        given=sent or {},
        said=said_once("declared", "ended"),
        error=error,
        errors=bool(error),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


def _forums(session: Session) -> list[Platform]:
    return [one for one in Platform.all_by_name(session) if one.ended is None]


def _work(session: Session) -> Work:
    return Work(session, house().keyring, now())
