"""Doors of ready-made answers, and of the choices that are a yes or a no: help in danger, and peers."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from governance.errors import BadInputError
from governance.identity.current import sign_in_required
from governance.optout.draft import answered, draft_now, first_missing, go_to, is_minor, keep_answers, policy_now
from governance.optout.schemas import PresetSchema, SwitchSchema
from governance.ui.pages import form_values, load

_UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY

blueprint = Blueprint("switches", __name__, url_prefix="/choices", template_folder="../templates")


@blueprint.get("/ready-made")
@sign_in_required
def presets() -> ResponseReturnValue:
    """Offer the ready-made pairs of answers."""
    return _ask_preset()


@blueprint.post("/ready-made")
@sign_in_required
def pick_preset() -> ResponseReturnValue:
    """Take a pair as the answers for both groups; each can be changed before it counts."""
    values = form_values()
    if "preset" not in values:
        return _ask_preset(errors=True)
    slug, policy = load(PresetSchema(), values)["preset"], policy_now()
    found = next((preset for preset in policy.presets if preset.slug == slug), None)
    if found is None or found.others not in policy.offered("others", minor=is_minor()):
        raise BadInputError("this is not on the page; pick from what is")
    keep_answers({"care_team": found.care_team.value, "others": found.others.value})
    return go_to(first_missing(draft_now()))


@blueprint.get("/danger")
@sign_in_required
def danger() -> ResponseReturnValue:
    """Ask whether one professional may look where a life may be in danger."""
    return _ask("emergency")


@blueprint.post("/danger")
@sign_in_required
def pick_danger() -> ResponseReturnValue:
    """Take the answer; *not now* leaves it as it is."""
    return _pick("emergency")


@blueprint.get("/peers")
@sign_in_required
def peers() -> ResponseReturnValue:
    """Ask whether professionals who are here as patients are met as any member."""
    return go_to("check") if is_minor() else _ask("peers")


@blueprint.post("/peers")
@sign_in_required
def pick_peers() -> ResponseReturnValue:
    """Take the answer, from people of 18 and older."""
    if is_minor():
        raise BadInputError("this is for people of 18 and older")
    return _pick("peers")


def _pick(switch: str) -> ResponseReturnValue:
    values = form_values()
    if "answer" not in values:
        return _ask(switch, errors=True)
    answer = load(SwitchSchema(), values)["answer"]
    return answered(switch, bool(draft_now().get(switch)) if answer == "later" else answer == "yes")


def _ask(switch: str, *, errors: bool = False) -> ResponseReturnValue:
    draft = draft_now()
    if first_missing(draft):
        return go_to(first_missing(draft))
    picked = draft.get(switch)
    page = render_template("optout/switch.html", switch=switch, picked=picked, policy=policy_now(), errors=errors)
    return page, _UNPROCESSABLE if errors else HTTPStatus.OK


def _ask_preset(*, errors: bool = False) -> ResponseReturnValue:
    policy = policy_now()
    offered = [one for one in policy.presets if one.others in policy.offered("others", minor=is_minor())]
    page = render_template("optout/presets.html", offered=offered, policy=policy, errors=errors)
    return page, _UNPROCESSABLE if errors else HTTPStatus.OK
