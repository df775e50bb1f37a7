"""Doors where people prove who they are before something is loosened."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from governance.identity.current import sign_in_required, signed_in
from governance.identity.departures import Purpose
from governance.identity.doors import forum_door, return_routes
from governance.identity.signing_in import leave

blueprint = Blueprint("proof", __name__, template_folder="templates")


@blueprint.get("/prove")
@sign_in_required
def prove() -> ResponseReturnValue:
    """Say why we ask, and how to go on."""
    wanted = return_routes().allowed(request.args.get("next"))
    return render_template("identity/prove.html", forum=signed_in().platform_name, next=wanted)


@blueprint.get("/prove/at-forum")
@sign_in_required
def at_forum() -> ResponseReturnValue:
    """Send somebody to their forum to sign in there once more; a link, because forms may lead nowhere else."""
    wanted = return_routes().allowed(request.args.get("next"))
    return leave(forum_door(signed_in().platform_name), Purpose.PROVE, wanted, again=True)
