"""Doors of the officers' desk: the list, one case, protecting somebody, and one page for each act."""

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.errors import GovernanceError, NotFoundError
from governance.identity.current import staff_member, staff_required
from governance.identity.permissions import Role
from governance.identity.sessions.browser import browser_session
from governance.identity.sessions.once import said_once, say_once
from governance.policy.current import policies
from governance.policy.here import policies_here
from governance.reporting.cases.members import leave_if_tied
from governance.reporting.cases.models import CaseMember
from governance.reporting.cases.opening import open_cases
from governance.reporting.cases.service import CaseWork
from governance.reporting.cases.states import State
from governance.reporting.desk import acting, pages
from governance.reporting.desk.acts import ACTS
from governance.reporting.desk.fields import DeskAct, read
from governance.reporting.desk.queue import queue, search
from governance.reporting.desk.shown import Shown, names_of_staff, show
from governance.reporting.evidence.service import content_of
from governance.reporting.vaults.current import open_vault, unlocked, vault_required
from governance.reporting.work import Work
from governance.sentences import said_by
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import in_our_words
from governance.ui.pages import form_values

blueprint = Blueprint("cases", __name__, url_prefix="/desk/cases", template_folder="../templates")
_LISTS: Final = ("regimes", "about")


@blueprint.get("")
@staff_required(Role.OFFICER)
def cases() -> ResponseReturnValue:
    """Reports to work on."""
    at = now()
    with transaction() as session:
        # Whatever came in this minute is here at once, without a worker.
        open_cases(_work(session), policies().desk)
    with reading() as session:
        lines = queue(session, staff_member().staff_id)
        over = queue(session, staff_member().staff_id, over=True)
        names = names_of_staff(session, house().keyring)
    return render_template(
        "reporting/desk/queue.html",
        lines=lines,
        over=over,
        at=at,
        names=names,
        me=staff_member().staff_id,
        is_open=unlocked() is not None,
        said=said_once(*pages.SAID),
        **pages.words(),
    )


@blueprint.post("/search")
@staff_required(Role.OFFICER)
@vault_required
def find() -> ResponseReturnValue:
    """Show one's own cases that hold what was typed; what was typed is in no address."""
    typed = str(form_values().get("typed", ""))
    with reading() as session:
        lines = search(session, house().keyring, open_vault(), typed)
        names = names_of_staff(session, house().keyring)
    return render_template(
        "reporting/desk/found.html", lines=lines, typed=typed, names=names, at=now(), **pages.words()
    )


@blueprint.get("/<uuid:case_id>")
@staff_required(Role.OFFICER)
@vault_required
def case(case_id: UUID) -> ResponseReturnValue:
    """Show one case."""
    return pages.case_page(_shown(case_id), now())


@blueprint.post("/<uuid:case_id>/protect-now")
@staff_required(Role.OFFICER)
@vault_required
def protect_now(case_id: UUID) -> ResponseReturnValue:
    """Block the two whom a case is about from each other, in one press."""
    return _protected(case_id, {**_shown(case_id).people, "what": "pair"})


@blueprint.get("/<uuid:case_id>/protect")
@staff_required(Role.OFFICER)
@vault_required
def protect(case_id: UUID) -> ResponseReturnValue:
    """Show the ways to protect somebody, with what is known filled in."""
    shown = _shown(case_id)
    return pages.protect_page(shown, {**shown.people, "what": "pair"})


@blueprint.post("/<uuid:case_id>/protect")
@staff_required(Role.OFFICER)
@vault_required
def do_protect(case_id: UUID) -> ResponseReturnValue:
    """Protect somebody, now."""
    return _protected(case_id, form_values())


@blueprint.get("/<uuid:case_id>/do/<act>")
@staff_required(Role.OFFICER)
@vault_required
def prepare(case_id: UUID, act: str) -> ResponseReturnValue:
    """Show the form of one act."""
    shown, found = _shown(case_id), _act(act)
    return pages.act_page(shown, act, {field.name: field.before(shown) for field in found.asked(shown)})


@blueprint.post("/<uuid:case_id>/do/<act>")
@staff_required(Role.OFFICER)
@vault_required
def do(case_id: UUID, act: str) -> ResponseReturnValue:
    """Do one act, or say what is missing."""
    found, shown, sent = _act(act), _shown(case_id), form_values(*_LISTS)
    filled = read(found.asked(shown), sent, shown)
    if filled.missing:
        return pages.act_page(shown, act, filled.values, filled.missing)
    try:
        with transaction() as session:
            at_work = CaseWork(_work(session), policies().desk, case_id, open_vault())
            _check(found, at_work)
            code = found.does(at_work, filled.values)
    except NotFoundError:
        raise
    except GovernanceError as error:
        return pages.act_page(shown, act, filled.values, [], in_our_words(said_by(error)))
    if code:
        browser_session()[pages.CODE] = {"case": str(case_id), "code": code}
    return _on(case_id, act)


@blueprint.post("/<uuid:case_id>/answer/<uuid:proposal_id>")
@staff_required(Role.OFFICER)
@vault_required
def answer(case_id: UUID, proposal_id: UUID) -> ResponseReturnValue:
    """Answer what another officer proposed, and do it if the answer is yes."""
    sent = form_values()
    _leave_if_tied(case_id)
    try:
        said = acting.Answered(proposal_id, sent.get("answer") == "yes", str(sent.get("words", "")))
        acting.answer(open_vault(), case_id, said, now())
    except NotFoundError:
        raise
    except GovernanceError as error:
        return pages.case_page(_shown(case_id), now(), in_our_words(said_by(error)))
    with reading() as session:
        is_there = CaseMember.is_in(session, case_id, staff_member().staff_id)
    # What two people deleted has no page any more.
    say_once("answered" if is_there else "deleted")
    where = url_for("cases.case", case_id=case_id) if is_there else url_for("cases.cases")
    return redirect(where, HTTPStatus.SEE_OTHER)


@blueprint.get("/<uuid:case_id>/picture/<number>")
@staff_required(Role.OFFICER)
@vault_required
def picture(case_id: UUID, number: str) -> ResponseReturnValue:
    """Show one picture that came with a report."""
    pictures = [one for report in _shown(case_id).reports for one in report.pictures]
    if number not in map(str, range(len(pictures))):
        raise NotFoundError("there is no such picture; go back to the case")
    with reading() as session:
        content = content_of(session, pictures[int(number)])
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return content, {"Content-Type": kind, "Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"}


def _protected(case_id: UUID, sent: dict[str, Any]) -> ResponseReturnValue:
    _leave_if_tied(case_id)
    try:
        acting.protect(open_vault(), case_id, sent, now())
    except NotFoundError:
        raise
    except GovernanceError as error:
        return pages.protect_page(_shown(case_id), sent, in_our_words(said_by(error)))
    return _on(case_id, "protected")


def _on(case_id: UUID, did: str) -> ResponseReturnValue:
    """Lead back to the case, or to the list where it is closed to this officer now."""
    with reading() as session:
        is_in = any(line.case.id == case_id for line in queue(session, staff_member().staff_id))
    if not is_in:
        say_once("out" if did == "recuse" else "done")
        return redirect(url_for("cases.cases"), HTTPStatus.SEE_OTHER)
    say_once("protected" if did == "protected" else "done")
    return redirect(url_for("cases.case", case_id=case_id), HTTPStatus.SEE_OTHER)


def _shown(case_id: UUID) -> Shown:
    _leave_if_tied(case_id)
    with transaction() as session:
        return show(_work(session), policies_here().desk, case_id, open_vault())


def _leave_if_tied(case_id: UUID) -> None:
    """Before anything of a case is shown or done; what is said in it tells nobody who declared that they are tied."""
    with transaction() as session:
        leave_if_tied(CaseWork(_work(session), policies().desk, case_id, open_vault()))


def _act(name: str) -> DeskAct:
    if name not in ACTS:
        raise NotFoundError("there is no such act; go back to the case")
    return ACTS[name]


def _check(act: DeskAct, at_work: CaseWork) -> None:
    if State(at_work.case.state) not in act.states:
        raise NotFoundError("this cannot be done as the case stands; go back to it")


def _work(session: Session) -> Work:
    return Work(session, house().keyring, now())
