"""Doors of opt-out: one question a page, then check, then confirm. Nothing is stored before that."""

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from governance.db.extension import reading
from governance.decision.loosens import Witness
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import AccountKey, Level
from governance.effective.roster import Professional, professionals_on
from governance.errors import BadInputError
from governance.identity.browser import transaction_forgetting
from governance.identity.current import sign_in_required, signed_in
from governance.optout import service
from governance.optout.choices import Choices
from governance.optout.errors import LooseningNotYetError, NotAcknowledgedError
from governance.optout.schemas import ConfirmSchema, LevelSchema, TeamSchema
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
    """Put the answers in force that were on the page, or say why not."""
    draft = _draft()
    seen = load(ConfirmSchema(), form_values())["seen"]
    if _first_missing(draft) or seen != _digest(draft):
        # Another tab changed an answer: what is confirmed must be what was read.
        return _go_to(_first_missing(draft)) if _first_missing(draft) else _check_page(draft, changed=True)
    try:
        _choose(draft)
    except LooseningNotYetError as error:
        # Answers that cannot count must not come back in the next change.
        browser.pop(_DRAFT, None)
        return render_template("optout/not_yet.html", example=_example(error.witness)), HTTPStatus.CONFLICT
    except NotAcknowledgedError:
        return render_template("optout/read_first.html"), HTTPStatus.CONFLICT
    return redirect(url_for("portal.saved"), HTTPStatus.SEE_OTHER)


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


def _check_page(draft: Mapping[str, Any], *, changed: bool = False) -> ResponseReturnValue:
    wanted, before = _wanted(draft), _now()
    named = [professional for professional in _professionals() if professional.key in wanted.team]
    return render_template(
        "optout/check.html",
        wanted=wanted,
        before=before,
        team=named,
        elsewhere=len(wanted.team) - len(named),
        seen=_digest(draft),
        changed=changed,
        policy=_policy(),
    )


def _choose(draft: Mapping[str, Any]) -> None:
    person, at, keyring = signed_in(), now(), house().keyring
    # Saved choices beside answers that still wait would tell a person who looks that nothing was saved.
    with transaction_forgetting(_DRAFT) as session:
        account = (person.account_id, person.platform_id, person.account_key)
        patient = patient_for(session, keyring, account, at)
        before = service.choices_now(session, keyring, patient.id)
        # These pages never switch the hold off, whatever else they change.
        wanted = _wanted(draft)._replace(hold=before is not None and before.hold)
        service.choose(session, keyring, patient.id, wanted, at)


def _example(witness: Witness) -> dict[str, str]:
    """Say in words who could do what, of those who may not do it now."""
    words = _policy().record
    if witness.who.kind is WhoKind.NAMED:
        names = {professional.key: professional.name for professional in _professionals()}
        who = names.get(AccountKey(witness.who.name), "one professional")
    else:
        who = "somebody in your care team" if witness.who.kind is WhoKind.CARE_TEAM else "some other professionals"
    return {"who": who, "what": words.section(f"action.{witness.action}.title")}


def _wanted(draft: Mapping[str, Any]) -> Choices:
    return Choices(
        care_team=Level(draft["care_team"]),
        others=Level(draft["others"]),
        team=frozenset(AccountKey(key) for key in draft["team"]),
    )


def _draft() -> dict[str, Any]:
    """Return the answers given so far; who chose before starts from what is in force."""
    draft: dict[str, Any] | None = browser.get(_DRAFT)
    if draft is not None:
        return draft
    before = _now()
    if before is None or before == Choices(hold=True):
        # Who only pressed *hide me* has answered nothing yet.
        return {}
    return {"care_team": before.care_team.value, "others": before.others.value, "team": sorted(before.team)}


def _digest(draft: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(draft, sort_keys=True).encode()).hexdigest()


def _now() -> Choices | None:
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        return None if patient is None else service.choices_now(session, house().keyring, patient.id)


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
