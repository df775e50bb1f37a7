"""Doors of the choices that nobody has to make: what a group may do beyond its level, and people by name."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from governance.decision.vocabulary import AccountKey, Action, Level
from governance.errors import BadInputError
from governance.identity.current import sign_in_required
from governance.optout.choices import extras_for
from governance.optout.draft import (
    answered,
    draft_now,
    first_missing,
    go_to,
    in_force_now,
    is_minor,
    policy_now,
    professionals_here,
)
from governance.optout.schemas import AS_THEIR_GROUP, ExtrasSchema, PersonSchema, WhoSchema
from governance.optout.words import said_by_name, without_name
from governance.ui.pages import form_values, load

_ABOUT: Final = "choices_about"
"""In the session: whom the next question is about."""
_UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY

blueprint = Blueprint("more", __name__, url_prefix="/choices", template_folder="templates")


@blueprint.get("/more/care-team")
@sign_in_required
def more_care_team() -> ResponseReturnValue:
    """Ask what the care team may do beyond its level."""
    return _ask_extras("care_team")


@blueprint.post("/more/care-team")
@sign_in_required
def pick_more_care_team() -> ResponseReturnValue:
    """Take the answer for the care team."""
    return _pick_extras("care_team")


@blueprint.get("/more/others")
@sign_in_required
def more_others() -> ResponseReturnValue:
    """Ask what all others may do beyond their level."""
    return _ask_extras("others")


@blueprint.post("/more/others")
@sign_in_required
def pick_more_others() -> ResponseReturnValue:
    """Take the answer for all others."""
    return _pick_extras("others")


@blueprint.get("/people")
@sign_in_required
def people() -> ResponseReturnValue:
    """Ask whether there is somebody to choose for by name."""
    return _ask_who()


@blueprint.post("/people")
@sign_in_required
def pick_person() -> ResponseReturnValue:
    """Take whom the next question is about."""
    values = form_values()
    if "who" not in values:
        return _ask_who(_UNPROCESSABLE, errors=True)
    browser[_ABOUT] = _on_the_page(load(WhoSchema(), values)["who"])
    return redirect(url_for("more.person"), HTTPStatus.SEE_OTHER)


@blueprint.get("/person")
@sign_in_required
def person() -> ResponseReturnValue:
    """Ask what one person may do."""
    about = browser.get(_ABOUT)
    return _ask_person(about) if about in _names() else redirect(url_for("more.people"), HTTPStatus.SEE_OTHER)


@blueprint.post("/person")
@sign_in_required
def pick_for_person() -> ResponseReturnValue:
    """Take the answer for one person; whom it is about is in the form and not in what another window picked since."""
    values = form_values()
    if "level" not in values:
        return _ask_person(_on_the_page(load(WhoSchema(), values)["who"]), _UNPROCESSABLE, errors=True)
    form = load(PersonSchema(), values)
    who, named = _on_the_page(form["who"]), dict(draft_now().get("named", {}))
    named.pop(who, None)
    if form["level"] != AS_THEIR_GROUP:
        named[who] = form["level"]
    browser.pop(_ABOUT, None)
    return answered("named", named)


def _ask_extras(circle: str) -> ResponseReturnValue:
    draft = draft_now()
    if draft.get(circle, Level.CLOSED) == Level.CLOSED:
        return go_to(first_missing(draft) or circle)
    return render_template(
        "optout/extras.html",
        circle=circle,
        offered=_offered(),
        before=in_force_now(),
        picked=draft.get(f"{circle}_extras", []),
        policy=policy_now(),
        minor=is_minor(),
    )


def _pick_extras(circle: str) -> ResponseReturnValue:
    actions: list[Action] = load(ExtrasSchema(), form_values("actions"))["actions"]
    if not set(actions) <= set(_offered()):
        raise BadInputError("this is not offered here; pick from what is on the page")
    return answered(f"{circle}_extras", sorted({action.value for action in actions}))


def _offered() -> list[Action]:
    offered = extras_for(adult=not is_minor())
    return [action for action in policy_now().extras if action in offered]


def _ask_who(status: HTTPStatus = HTTPStatus.OK, *, errors: bool = False) -> ResponseReturnValue:
    said: Mapping[str, str] = draft_now().get("named", {})
    policy, professions = policy_now(), {one.key: one.profession for one in professionals_here()}
    people = [
        (key, name, professions.get(AccountKey(key), ""), said_by_name(policy, said[key]) if key in said else "")
        for key, name in _names().items()
    ]
    return render_template("optout/people.html", people=people, policy=policy, errors=errors), status


def _ask_person(who: str, status: HTTPStatus = HTTPStatus.OK, *, errors: bool = False) -> ResponseReturnValue:
    policy, said = policy_now(), draft_now().get("named", {})
    page = render_template(
        "optout/person.html",
        who=who,
        name=_names()[who],
        offered=policy.offered("named", minor=is_minor()),
        as_their_group=AS_THEIR_GROUP,
        before=in_force_now(),
        picked=said.get(who, ""),
        minor=is_minor(),
        policy=policy,
        errors=errors,
    )
    return page, status


def _names() -> dict[str, str]:
    """Return everybody who can be chosen for: those on the forum, and those named who are not there any more."""
    names: dict[str, Any] = {one.key: one.name for one in professionals_here()}
    return {**names, **{AccountKey(key): without_name() for key in draft_now().get("named", {}) if key not in names}}


def _on_the_page(who: str) -> str:
    if who not in _names():
        raise BadInputError("this person is not on the page; pick from those that are")
    return who
