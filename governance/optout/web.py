"""Doors of opt-out: one question a page, then check, then confirm. Nothing is stored before that."""

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.decision.loosens import Witness
from governance.decision.vocabulary import AccountKey, Instant, Level
from governance.effective.roster import Professional, professionals_on
from governance.errors import BadInputError
from governance.identity.browser import transaction_forgetting
from governance.identity.current import sign_in_required, signed_in
from governance.optout import service
from governance.optout.browser import after_press, note_age, said_of_age
from governance.optout.choices import Choices
from governance.optout.errors import LevelNotForThemError, NotAcknowledgedError
from governance.optout.proving import press_of, way_to_prove
from governance.optout.ratchet import Lack, Lacking, Outcome, Press, Waits, asked_for, choose, would_open
from governance.optout.schemas import ConfirmSchema, LevelSchema, TeamSchema
from governance.optout.waiting import Opens
from governance.optout.words import sentence
from governance.patients.service import find_patient, patient_for
from governance.policy.current import policies
from governance.policy.views.optout import OptoutPolicy
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load

_DRAFT: Final = "choices"
"""In the session: the answers given so far, by page."""
_PAGES: Final = ("care_team", "others", "team")

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
    picked = _draft().get("team", [])
    return render_template("optout/team.html", professionals=_professionals(), picked=picked, policy=_policy())


@blueprint.post("/team")
@sign_in_required
def pick_team() -> ResponseReturnValue:
    """Take the answer; members of the team on other forums stay in it."""
    members = set(load(TeamSchema(), form_values("members"))["members"])
    here = {professional.key for professional in _professionals()}
    if members - here:
        raise BadInputError("this person is not on the page; pick from those that are")
    elsewhere = set(_draft().get("team", [])) - here
    return _answered("team", sorted(members | elsewhere))


@blueprint.get("/check")
@sign_in_required
def check() -> ResponseReturnValue:
    """Show all answers before they count."""
    draft = _draft()
    missing = _first_missing(draft)
    return _go_to(missing) if missing else _check_page(draft)


@blueprint.post("/check")
@sign_in_required
def confirm() -> ResponseReturnValue:
    """Put in force what closes of the answers that were on the page, let wait what opens, or say what is missing."""
    draft, form = _draft(), load(ConfirmSchema(), form_values())
    if _first_missing(draft) or form["seen"] != _digest(draft):
        # Another tab changed an answer: what is confirmed must be what was read.
        return _go_to(_first_missing(draft)) if _first_missing(draft) else _check_page(draft, changed=True)
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
    policy = _policy()
    page = render_template(
        "optout/level.html",
        circle=circle,
        offered=policy.offered(circle, minor=_is_minor()),
        picked=_draft().get(circle, ""),
        before=_now(),
        policy=policy,
        errors=errors,
    )
    return page, status


def _pick_level(circle: str) -> ResponseReturnValue:
    values = form_values()
    if "level" not in values:
        return _ask_level(circle, HTTPStatus.UNPROCESSABLE_ENTITY, errors=True)
    level: Level = load(LevelSchema(), values)["level"]
    if level not in _policy().offered(circle, minor=_is_minor()):
        raise BadInputError("this level is not offered here; pick one of those on the page")
    return _answered(circle, level.value)


def _answered(page: str, answer: object) -> ResponseReturnValue:
    draft = {**_draft(), page: answer}
    browser[_DRAFT] = draft
    return _go_to(_first_missing(draft))


def _first_missing(draft: Mapping[str, Any]) -> str:
    return next((page for page in _PAGES if page not in draft), "")


def _go_to(page: str) -> ResponseReturnValue:
    return redirect(url_for(f"optout.{page or 'check'}"), HTTPStatus.SEE_OTHER)


def _check_page(draft: Mapping[str, Any], *, changed: bool = False, missing_age: bool = False) -> ResponseReturnValue:
    wanted, before = _wanted(draft), _now()
    named = [professional for professional in _professionals() if professional.key in wanted.team]
    page = render_template(
        "optout/check.html",
        wanted=wanted,
        before=before,
        team=named,
        elsewhere=len(wanted.team) - len(named),
        seen=_digest(draft),
        changed=changed,
        errors=missing_age,
        opening=_opening(wanted),
        policy=_policy(),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if missing_age else HTTPStatus.OK


def _say_what_lacks(draft: Mapping[str, Any], lack: Lack, age: str) -> ResponseReturnValue:
    if lack is Lack.GUARDIAN or age == "younger":
        # Answers that cannot count must not come back in the next change.
        browser.pop(_DRAFT, None)
        return render_template("optout/guardian.html", policy=_policy(), age=_consent_age()), HTTPStatus.CONFLICT
    if lack is Lack.AGE:
        return _check_page(draft, missing_age=True)
    return way_to_prove("optout.check")


def _choose(draft: Mapping[str, Any]) -> Outcome:
    person, keyring, wanted = signed_in(), house().keyring, _wanted(draft)
    press = press_of(person, _policy(), now(), of_age=said_of_age())
    # Saved choices beside answers that still wait would tell a person who looks that nothing was saved; answers that
    # lack something are kept for when it is there.
    with transaction() if _lack(wanted, press) else transaction_forgetting(_DRAFT) as session:
        account = (person.account_id, person.platform_id, person.account_key)
        patient = patient_for(session, keyring, account, press.at)
        outcome = choose(session, keyring, patient.id, wanted, press)
        after_press(session, outcome.directive, press.at)
    return outcome


def _lack(wanted: Choices, press: Press) -> Lack | None:
    return _would_open(wanted, press)[1]


def _opening(wanted: Choices) -> dict[str, Any] | None:
    """Say who could do what, of those who may not do it now, and what it takes."""
    press = press_of(signed_in(), _policy(), now(), of_age=said_of_age())
    witness, lack = _would_open(wanted, press)
    if witness is None:
        return None
    names = {professional.key: professional.name for professional in _professionals()}
    due = Instant(press.at + press.wait)
    example = sentence(_policy(), Opens.of(witness), names, due)
    return {"example": example, "lack": None if lack is None else lack.value, "age": press.consent_age}


def _would_open(wanted: Choices, press: Press) -> tuple[Witness | None, Lack | None]:
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        if patient is None:
            return None, None
        try:
            return would_open(session, house().keyring, patient.id, wanted, press)
        except (NotAcknowledgedError, LevelNotForThemError):
            # Said when the answers are confirmed, with the way on.
            return None, None


def _wanted(draft: Mapping[str, Any]) -> Choices:
    asked = _asked()
    return Choices(
        care_team=Level(draft["care_team"]),
        others=Level(draft["others"]),
        team=frozenset(AccountKey(key) for key in draft["team"]),
        # These pages never switch the hold on or off, whatever else they change.
        hold=asked is not None and asked.hold,
    )


def _draft() -> dict[str, Any]:
    """Return the answers given so far; who chose before starts from what they asked for last."""
    draft: dict[str, Any] | None = browser.get(_DRAFT)
    if draft is not None:
        return draft
    asked = _asked()
    if asked is None or asked == Choices(hold=True):
        # Who only pressed *hide me* has answered nothing yet.
        return {}
    return {"care_team": asked.care_team.value, "others": asked.others.value, "team": sorted(asked.team)}


def _digest(draft: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(draft, sort_keys=True).encode()).hexdigest()


def _now() -> Choices | None:
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        return None if patient is None else service.choices_now(session, house().keyring, patient.id)


def _asked() -> Choices | None:
    """Return what was picked last, with what still waits: from there the next change begins."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        return None if patient is None else asked_for(session, house().keyring, patient.id, now())


def _consent_age() -> int:
    return _policy().ages("").digital_consent


def _is_minor() -> bool:
    """Say whether the rules for people under 18 hold: also for everybody whose age nobody told us."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        return patient is None or patient.adult_from is None or patient.adult_from > now()


def _professionals() -> list[Professional]:
    with reading() as session:
        return professionals_on(session, house().keyring, signed_in().platform_id, now())


def _policy() -> OptoutPolicy:
    return policies().optout
