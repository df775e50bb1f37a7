"""Doors for staff: how to sign in, and what is theirs to do here."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from governance.db.extension import reading
from governance.identity.access import anyone
from governance.identity.staff_models import StaffProvider

blueprint = Blueprint("staff", __name__, template_folder="templates")


@blueprint.get("/staff/sign-in")
@anyone
def how_to_sign_in() -> ResponseReturnValue:
    """Say how members of staff come in: by their own provider."""
    with reading() as session:
        providers = [provider.name for provider in StaffProvider.all_by_name(session)]
    return render_template("identity/staff_sign_in.html", providers=providers)
