"""Doors of opt-out: one question a page, then check, then confirm. Nothing is stored before that."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant, Level
from governance.errors import BadInputError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.browser import transaction_forgetting
from governance.optout.browser import after_press, note_age, said_of_age
from governance.optout.choices import Choices
from governance.optout.draft import (
    DRAFT,
    age_now,
    answered,
    digest_of,
    draft_now,
    first_missing,
    go_to,
    in_force_now,
    is_minor,
    names_now,
    own_in_words,
    policy_now,
    professionals_here,
    wanted_by,
)
from governance.optout.errors import LevelNotForThemError, NotAcknowledgedError
from governance.optout.own.crossing import crossings
from governance.optout.own.places import name_places
from governance.optout.own.words import RuleWords
from governance.optout.proving import needs_another, press_of, way_to_prove
from governance.optout.ratchet import Lack, Lacking, Opening, Outcome, Press, Waits, choose, would_open
from governance.optout.schemas import ConfirmSchema, LevelSchema, TeamSchema
from governance.optout.waiting import Opens
from governance.optout.words import people_named, sentence
from governance.patients.service import find_patient, patient_for
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load

blueprint = Blueprint("optout", __name__, url_prefix="/choices", template_folder="templates")


@blueprint.get("/care-team")
@sign_in_required
def care_team() -> ResponseReturnValue:
    """Ask what the care team may do."""
    return _ask_level("care_team")


@blueprint.post("/care-team")
@sign_in_required
def pick_care_team() -> ResponseReturnValue:
    """Take the answer for the care team."""
    return _pick_level("care_team")


@blueprint.get("/others")
@sign_in_required
def others() -> ResponseReturnValue:
    """Ask what all other professionals may do."""
    return _ask_level("others")


@blueprint.post("/others")
@sign_in_required
def pick_others() -> ResponseReturnValue:
    """Take the answer for all others."""
    return _pick_level("others")


@blueprint.get("/team")
@sign_in_required
def team() -> ResponseReturnValue:
    """Ask who of the professionals on this forum is in the care team."""
    picked = draft_now().get("team", [])
    return render_template("optout/team.html", professionals=professionals_here(), picked=picked, policy=policy_now())


@blueprint.post("/team")
@sign_in_required
def pick_team() -> ResponseReturnValue:
    """Take the answer; members of the team on other forums stay in it."""
    members = set(load(TeamSchema(), form_values("members"))["members"])
    here = {professional.key for professional in professionals_here()}
    if members - here:
        raise BadInputError("this person is not on the page; pick from those that are")
    elsewhere = set(draft_now().get("team", [])) - here
    return answered("team", sorted(members | elsewhere))


@blueprint.get("/check")
@sign_in_required
def check() -> ResponseReturnValue:
    """Show all answers before they count."""
    draft = draft_now()
    missing = first_missing(draft)
    return go_to(missing) if missing else _check_page(draft)


@blueprint.post("/check")
@sign_in_required
def confirm() -> ResponseReturnValue:
    """Put in force what closes of the answers that were on the page, let wait what opens, or say what is missing."""
    draft, form = draft_now(), load(ConfirmSchema(), form_values())
    if first_missing(draft) or form["seen"] != digest_of(draft):
        # Another tab changed an answer: what is confirmed must be what was read.
        return go_to(first_missing(draft)) if first_missing(draft) else _check_page(draft, changed=True)
    try:
        note_age(form["age"])
        outcome = _choose(draft)
    except NotAcknowledgedError:
        return render_template("optout/read_first.html"), HTTPStatus.CONFLICT
    if isinstance(outcome, Lacking):
        return _say_what_lacks(draft, outcome.lack, form["age"])
    page = "changes.waiting" if isinstance(outcome, Waits) else "portal.saved"
    return redirect(url_for(page), HTTPStatus.SEE_OTHER)


@blueprint.get("/prove")
@sign_in_required
def prove() -> ResponseReturnValue:
    """Send a person to prove who they are, and back to their answers."""
    return way_to_prove("optout.check")


def _ask_level(circle: str, status: HTTPStatus = HTTPStatus.OK, *, errors: bool = False) -> ResponseReturnValue:
    policy = policy_now()
    page = render_template(
        "optout/level.html",
        circle=circle,
        offered=policy.offered(circle, minor=is_minor()),
        picked=draft_now().get(circle, ""),
        before=in_force_now(),
        age=age_now(),
        policy=policy,
        errors=errors,
    )
    return page, status


def _pick_level(circle: str) -> ResponseReturnValue:
    values = form_values()
    if "level" not in values:
        return _ask_level(circle, HTTPStatus.UNPROCESSABLE_ENTITY, errors=True)
    level: Level = load(LevelSchema(), values)["level"]
    if level not in policy_now().offered(circle, minor=is_minor()):
        raise BadInputError("this level is not offered here; pick one of those on the page")
    return answered(circle, level.value)


def _check_page(draft: Mapping[str, Any], *, changed: bool = False, missing_age: bool = False) -> ResponseReturnValue:
    wanted, before = wanted_by(draft), in_force_now()
    here = professionals_here()
    team = [professional for professional in here if professional.key in wanted.team]
    page = render_template(
        "optout/check.html",
        wanted=wanted,
        before=before,
        team=team,
        elsewhere=len(wanted.team) - len(team),
        seen=digest_of(draft),
        changed=changed,
        errors=missing_age,
        people=people_named(wanted, {one.key: one.name for one in here}),
        own=own_in_words(wanted),
        crossings=_crossings(wanted),
        age=age_now(),
        opening=_opening(wanted),
        policy=policy_now(),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if missing_age else HTTPStatus.OK


def _crossings(wanted: Choices) -> list[str]:
    """Say of choices that cross what comes of it, before they are saved."""
    in_words = RuleWords(policy_now(), names_now(), now())
    return [in_words.crossing(found) for found in crossings(wanted)]


def _say_what_lacks(draft: Mapping[str, Any], lack: Lack, age: str) -> ResponseReturnValue:
    if lack in {Lack.GUARDIAN, Lack.HELD} or age == "younger":
        # Answers that cannot count must not come back in the next change.
        browser.pop(DRAFT, None)
        return needs_another(lack, now())
    if lack is Lack.AGE:
        return _check_page(draft, missing_age=True)
    return way_to_prove("optout.check")


def _choose(draft: Mapping[str, Any]) -> Outcome:
    person, keyring, wanted = signed_in(), house().keyring, wanted_by(draft)
    press = press_of(person, policy_now(), now(), of_age=said_of_age())
    # Saved choices beside answers that still wait would tell a person who looks that nothing was saved; answers that
    # lack something are kept for when it is there.
    with transaction() if _lack(wanted, press) else transaction_forgetting(DRAFT) as session:
        account = (person.account_id, person.platform_id, person.account_key)
        patient = patient_for(session, keyring, account, press.at)
        outcome = choose(session, keyring, patient.id, wanted, press)
        name_places(session, keyring, patient.id, draft.get("typed", {}))
        after_press(session, outcome.directive, press.at)
    return outcome


def _lack(wanted: Choices, press: Press) -> Lack | None:
    return _would_open(wanted, press).lack


def _opening(wanted: Choices) -> dict[str, Any] | None:
    """Say who could do what, of those who may not do it now, and what it takes."""
    press = press_of(signed_in(), policy_now(), now(), of_age=said_of_age())
    witness, lack, asks = _would_open(wanted, press)
    if witness is None:
        return None
    names = names_now()
    due = Instant(press.at + press.wait)
    example = sentence(policy_now(), Opens.of(witness, press.at), names, due)
    return {"example": example, "lack": None if lack is None else lack.value, "age": press.consent_age, "asks": asks}


def _would_open(wanted: Choices, press: Press) -> Opening:
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        if patient is None:
            return Opening(None)
        try:
            return would_open(session, house().keyring, patient.id, wanted, press)
        except (NotAcknowledgedError, LevelNotForThemError):
            # Said when the answers are confirmed, with the way on.
            return Opening(None)
