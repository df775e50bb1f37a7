"""Doors of the verifier's desk: all that somebody holds, proofs of control, places of work."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.conduct.desk.queue import file_of
from governance.conduct.desk.web import acting_verifier
from governance.conduct.errors import NotMatchedError
from governance.conduct.findings import case_file, said_in, said_of
from governance.conduct.more.service import more_of
from governance.conduct.proofs.proving import follow
from governance.conduct.proofs.service import Act, ProofKind, note_seen, send_code
from governance.conduct.schemas import LeftSchema, LeftWorkSchema, ProofSchema
from governance.conduct.verifying import Verifying
from governance.conduct.work.service import leave_work
from governance.db.extension import reading, transaction
from governance.identity.current import staff_required
from governance.identity.permissions import Role
from governance.identity.sessions.once import said_once, say_once
from governance.policy.current import policies
from governance.sentences import said_by
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import in_our_words
from governance.ui.pages import form_values, load

_FRESH: Final = timedelta(minutes=15)

blueprint = Blueprint("desk_more", __name__, url_prefix="/desk/registrations/<uuid:hcp_id>")


@blueprint.get("/held")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def held(hcp_id: UUID) -> ResponseReturnValue:
    """Show all that somebody holds, how they proved it, and where they work."""
    return _page(hcp_id)


@blueprint.post("/held/proof")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def prove(hcp_id: UUID) -> ResponseReturnValue:
    """Send a code, or write down what was seen."""
    given = load(ProofSchema(), form_values())
    if given["kind"] is None:
        # Picked beforehand, an address typed for a letter would be written down as a proof that was seen.
        return _page(hcp_id, gettext("pick how it is proven"), given)
    try:
        code = _prove(hcp_id, given)
    except NotMatchedError as error:
        return _page(hcp_id, in_our_words(said_by(error)), given)
    if code:
        # Shown once, for the letter; it is kept nowhere.
        return render_template(
            "conduct/desk_letter.html", hcp_id=hcp_id, code=code, days=policies().registers.code_days
        )
    say_once("marked")
    return redirect(url_for("desk_more.held", hcp_id=hcp_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/held/left")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def left(hcp_id: UUID) -> ResponseReturnValue:
    """End one registration of several."""
    given = load(LeftSchema(), form_values())
    try:
        with transaction() as session:
            verifying = Verifying(session, house().keyring, acting_verifier(), now())
            verifying.leave(hcp_id, **given)
    except NotMatchedError as error:
        return _page(hcp_id, in_our_words(said_by(error)))
    say_once("marked")
    return redirect(url_for("desk_more.held", hcp_id=hcp_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/held/left-work")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def left_work(hcp_id: UUID) -> ResponseReturnValue:
    """End that somebody works somewhere, as their organisation said."""
    given = load(LeftWorkSchema(), form_values())
    with transaction() as session:
        leave_work(session, house().keyring, hcp_id, given["organisation"], now())
    say_once("marked")
    return redirect(url_for("desk_more.held", hcp_id=hcp_id), HTTPStatus.SEE_OTHER)


def _prove(hcp_id: UUID, given: dict[str, Any]) -> str:
    verifier, at, keyring = acting_verifier(), now(), house().keyring
    with transaction() as session:
        # What is proven must be what was on the page, and nobody proves their own.
        Verifying(session, keyring, verifier, at).taken(hcp_id, given["last"])
        said = said_of(session, hcp_id, said_in(given["last"]))
        if said is None:
            raise NotMatchedError("this record has no number to prove; let them register it first")
        act = Act(verifier.id, at)
        if given["kind"] is ProofKind.SEEN:
            follow(session, keyring, note_seen(session, keyring, said, given["detail"], act), verifier, at)
            return ""
        lasts = timedelta(days=policies().registers.code_days)
        return send_code(session, keyring, said, (given["kind"], given["detail"].strip()), act, lasts=lasts)


def _page(hcp_id: UUID, error: str = "", given: dict[str, Any] | None = None) -> ResponseReturnValue:
    at = now()
    with reading() as session:
        found = more_of(session, house().keyring, hcp_id, at)
        known = file_of(session, house().keyring, hcp_id)
        states = {
            one.said_id: case_file(session, house().keyring, hcp_id, one.said_id).last for one in found.registrations
        }
    page = render_template(
        "conduct/desk_held.html",
        hcp_id=hcp_id,
        name=known.case.words.name if known.case.words else known.badge,
        more=found,
        states=states,
        registers=policies().registers.registers,
        days=policies().registers.code_days,
        error=f"{error[:1].upper()}{error[1:]}",
        errors=bool(error),
        given=given or {},
        said="" if error else said_once("marked"),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
