"""Doors for guardians, who sign in by an account of their own. They see classes and what they refused themselves.

INVARIANT: no page here reads reports, accounts, posts, refusals by name, or who could have seen something.
"""

from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant, Level
from governance.effective.layers import Layers, Party
from governance.errors import BadInputError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.proofs.proof import LASTS, proved_within, to_proof
from governance.identity.sessions.once import said_once, say_once
from governance.patients.ages.again import age_said
from governance.patients.ages.bands import Band, midnight
from governance.patients.ages.service import Claim, People
from governance.patients.guardians import hearings, requests
from governance.patients.guardians.errors import (
    CodeSpentError,
    OwnGuardianError,
    TiedGuardianError,
)
from governance.patients.guardians.hearings import Subject
from governance.patients.guardians.refusing import ACTIONS, CIRCLES, refuse, refused_by
from governance.patients.guardians.schemas import AgeSchema, AnswerSchema, AskSchema, RefuseSchema, WantSchema
from governance.patients.guardians.service import Basis, Guardian, Links, Scope, Terms
from governance.patients.guardians.wishes import wishes
from governance.patients.models import Patient
from governance.policy.current import policies
from governance.policy.here import policies_here
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load
from governance.ui.problems import register_status

blueprint = Blueprint("guardian", __name__, url_prefix="/guardian", template_folder="../templates")
for _error, _status in (
    (CodeSpentError, HTTPStatus.GONE),
    (OwnGuardianError, HTTPStatus.CONFLICT),
    (TiedGuardianError, HTTPStatus.CONFLICT),
):
    register_status(_error.code, _status)
register_status("not_guardian", HTTPStatus.NOT_FOUND)
_ZONE = "Europe/London"


@blueprint.get("")
@sign_in_required
def home() -> ResponseReturnValue:
    """Show a guardian whom they look after here, and how to ask for a link."""
    with reading() as session:
        linked = Links(session, house().keyring, now()).of_account(signed_in().account_id)
    return render_template("guardians/home.html", linked=linked, said=said_once("link_asked"))


@blueprint.get("/ask")
@sign_in_required
def ask_form() -> ResponseReturnValue:
    """Ask by which code, by what right, and shown by what."""
    return _ask_page({}, {})


@blueprint.post("/ask")
@sign_in_required
def ask() -> ResponseReturnValue:
    """Take a request for a link; it does nothing until staff and the young person looked at it."""
    values = form_values()
    given = load(AskSchema(), values)
    given = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    missing = _missing(given)
    if missing:
        return _ask_page(values, missing)
    with transaction() as session:
        ends = None if not given["until"] else midnight(date.fromisoformat(given["until"]), _ZONE)
        terms = Terms(given["name"], given["calls"], Basis(given["basis"]), given["evidence"])
        Links(session, house().keyring, now()).ask(signed_in().account_id, given["code"], terms, ends)
    say_once("link_asked")
    return redirect(url_for("guardian.home"), HTTPStatus.SEE_OTHER)


@blueprint.get("/<uuid:link_id>")
@sign_in_required
def one(link_id: UUID) -> ResponseReturnValue:
    """Show one young person's page: what waits for a yes, and what this guardian refuses."""
    person, at = signed_in(), now()
    with reading() as session:
        guardian = _guardian(session, link_id, at)
        layers = Layers(session, house().keyring, guardian.link.patient_id, at)
        refused = refused_by(layers, Party(guardian.party))
        asked = requests.open_for(session, house().keyring, [guardian])
        tied = Links(session, house().keyring, at).is_tied(guardian)
    return render_template(
        "guardians/one.html",
        guardian=guardian,
        refused={who.kind.value: actions for who, actions in refused.items()},
        asked=[one.wish for one in asked],
        waiting=wishes().shown(person, link_id, at),
        may_refuse=Scope.REFUSE in guardian.terms.scope,
        may_agree=Scope.AGREE in guardian.terms.scope and not tied,
        circles=CIRCLES,
        kinds=ACTIONS,
        bands=list(Band)[:-1],
        policy=policies_here().optout,
        said=said_once("refused", "asked_for", "yes", "no", "released", "age"),
    )


@blueprint.post("/<uuid:link_id>/refuse")
@sign_in_required
def refuse_for(link_id: UUID) -> ResponseReturnValue:
    """Refuse something for a young person, at once."""
    wanted, at = load(RefuseSchema(), form_values()), now()
    with transaction() as session:
        guardian = _guardian(session, link_id, at, Scope.REFUSE)
        refuse(session, house().keyring, guardian, (wanted["circle"], ACTIONS[wanted["what"]]), at)
    return _back(link_id, "refused")


@blueprint.post("/<uuid:link_id>/release")
@sign_in_required
def release(link_id: UUID) -> ResponseReturnValue:
    """Let the young person take this guardian's refusals away, if they want to."""
    at = now()
    with transaction() as session:
        Links(session, house().keyring, at).release(_guardian(session, link_id, at, Scope.REFUSE))
    return _back(link_id, "released")


@blueprint.post("/<uuid:link_id>/age")
@sign_in_required
def say_age(link_id: UUID) -> ResponseReturnValue:
    """Take what a guardian says of an age. It makes nobody older: of two ages the younger holds."""
    band, at = load(AgeSchema(), form_values())["band"], now()
    with transaction() as session:
        guardian = _guardian(session, link_id, at)
        patient = session.get_one(Patient, guardian.link.patient_id)
        before = patient.adult_from
        with age_said(session, patient, at):
            People(session, house().keyring, policies().optout, at).says(patient, guardian.party, Claim(band))
        if patient.adult_from != before:
            # It closes at once, and could be meant to: staff hear the young person.
            about = (Subject.DISAGREEMENT, guardian.party)
            hearings.ask(session, house().keyring, patient.id, about, at)
    return _back(link_id, "age")


@blueprint.post("/<uuid:link_id>/want")
@sign_in_required
def want(link_id: UUID) -> ResponseReturnValue:
    """Ask the young person for something; only their own yes begins it."""
    wanted, at = load(WantSchema(), form_values()), now()
    if wanted["level"] not in policies().optout.offered(wanted["circle"], minor=True)[1:]:
        raise BadInputError("this level is not offered here; pick one of those on the page")
    with transaction() as session:
        guardian = _guardian(session, link_id, at, Scope.AGREE)
        wish = requests.Request(wanted["circle"], Level(wanted["level"]))
        requests.ask(session, house().keyring, guardian, wish, at)
    return _back(link_id, "asked_for")


@blueprint.post("/<uuid:link_id>/answer")
@sign_in_required
def answer(link_id: UUID) -> ResponseReturnValue:
    """Take a guardian's yes or no to a young person's wish. A yes opens, so it needs a proof of who says it."""
    given, at = load(AnswerSchema(), form_values()), now()
    yes = given["answer"] == "yes"
    if yes and not proved_within(signed_in(), LASTS, at):
        return to_proof("guardian.home")
    wishes().answer(signed_in(), link_id, given["about"], yes, at)
    return _back(link_id, given["answer"])


def _guardian(session: Any, link_id: UUID, at: Instant, scope: Scope | None = None) -> Guardian:  # noqa: ANN401 - a session
    return Links(session, house().keyring, at).acting(signed_in().account_id, link_id, scope)


def _back(link_id: UUID, word: str) -> ResponseReturnValue:
    say_once(word)
    return redirect(url_for("guardian.one", link_id=link_id), HTTPStatus.SEE_OTHER)


def _missing(given: dict[str, Any]) -> dict[str, str]:
    found = {name: name for name in ("code", "name", "calls", "basis", "evidence") if not given[name]}
    if given["until"]:
        try:
            date.fromisoformat(given["until"])
        except ValueError:
            found["until"] = "until"
    return found


def _ask_page(given: dict[str, Any], errors: dict[str, str]) -> ResponseReturnValue:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return render_template("guardians/ask.html", given=given, errors=errors, bases=list(Basis)[:-1]), status
