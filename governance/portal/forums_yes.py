"""Doors by which a patient lets a yes count on the forum they came from: shown in words, after a wait, with a stop."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.effective.roster import badge_names
from governance.errors import BadInputError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.once import say_once
from governance.optout.ages import may_decide_alone
from governance.optout.browser import note_age, said_of_age
from governance.optout.proving import press_of, way_to_prove
from governance.optout.ratchet import Press
from governance.optout.waiting import Opens
from governance.optout.words import sentence
from governance.patients.forums.yes import Counting, cancel, counting, wish
from governance.patients.service import find_patient
from governance.policy.current import policies
from governance.policy.here import policies_here
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.problems import register_status

blueprint = Blueprint("forums_yes", __name__, url_prefix="/my/forums", template_folder="templates")
register_status("no_wish", HTTPStatus.NOT_FOUND)


@blueprint.get("/yes")
@sign_in_required
def ask() -> ResponseReturnValue:
    """Say whom a person's yes would let in on this forum, and what it takes."""
    return _page()


@blueprint.post("/yes")
@sign_in_required
def take() -> ResponseReturnValue:
    """Have a person's yes count on this forum after its wait, or say what is missing."""
    person, age = signed_in(), request.form.get("age", "")
    note_age(age)
    press = press_of(person, policies().optout, now(), of_age=said_of_age())
    found = _counting(press)
    if found is None or found[1].counts:
        return redirect(url_for("forums.shown"), HTTPStatus.SEE_OTHER)
    patient_id, there = found
    alone = may_decide_alone(there.document.adult_from, press.consent_age, press.at)
    if alone is False or age == "younger":
        page = render_template("optout/guardian.html", policy=policies_here().optout, age=press.consent_age)
        return page, HTTPStatus.CONFLICT
    if alone is None and not press.of_age:
        return _page(missing_age=True)
    if not press.proved:
        return way_to_prove("forums_yes.ask")
    with transaction() as session:
        wish(session, house().keyring, (patient_id, person.platform_id), (press.at, _due(press)))
    say_once("yes_waits")
    return redirect(url_for("forums.shown"), HTTPStatus.SEE_OTHER)


@blueprint.post("/yes/stop")
@sign_in_required
def stop() -> ResponseReturnValue:
    """Stop a yes that waits, at once."""
    with transaction() as session:
        patient = find_patient(session, signed_in().account_id)
        if patient is not None:
            cancel(session, house().keyring, patient.id, _wish_named(), now())
    say_once("yes_stopped")
    return redirect(url_for("forums.shown"), HTTPStatus.SEE_OTHER)


def _page(*, missing_age: bool = False) -> ResponseReturnValue:
    press = press_of(signed_in(), policies().optout, now(), of_age=said_of_age())
    found = _counting(press)
    if found is None or found[1].counts:
        return redirect(url_for("forums.shown"), HTTPStatus.SEE_OTHER)
    page = render_template(
        "portal/forums/yes.html", opening=_opening(found[1], press), errors=missing_age, policy=policies_here().optout
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if missing_age else HTTPStatus.OK


def _opening(there: Counting, press: Press) -> dict[str, Any]:
    with reading() as session:
        names = badge_names(session, house().keyring, signed_in().platform_id, press.at)
    alone = may_decide_alone(there.document.adult_from, press.consent_age, press.at)
    lack = "guardian" if alone is False else "age" if alone is None and not press.of_age else None
    shown = there.witness
    example = "" if shown is None else sentence(policies_here().optout, Opens.of(shown, press.at), names, _due(press))
    lack = lack or (None if press.proved else "proof")
    # Nobody is asked for a child: below the age at which they decide alone, their yes counts where it was said.
    return {"example": example, "lack": lack, "age": press.consent_age, "asks": None}


def _counting(press: Press) -> tuple[UUID, Counting] | None:
    person = signed_in()
    with reading() as session:
        patient = find_patient(session, person.account_id)
        if patient is None:
            return None
        return patient.id, counting(session, house().keyring, patient.id, person.platform_id, press.at)


def _due(press: Press) -> Instant:
    return Instant(press.at + press.wait)


def _wish_named() -> UUID:
    try:
        return UUID(request.form.get("wish", ""))
    except ValueError:
        raise BadInputError("this did not come from the buttons of our page; open the page again") from None
