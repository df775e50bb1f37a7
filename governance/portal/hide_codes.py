"""Doors to printed hide codes: making one, and the public page where it is typed, without forum and sign-in."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.identity.access import anyone
from governance.identity.current import sign_in_required, signed_in
from governance.identity.proofs.proof import proof_required
from governance.patients.forums.handed import hands
from governance.patients.hide_codes.service import hide_by_code, made_when, make_code
from governance.patients.service import find_patient, patient_for
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("hide_codes", __name__, template_folder="templates")
public = Blueprint("hide_by_code", __name__, template_folder="templates")
"""Whoever types a code brings nothing that another site could use: its form needs no token, and no cookie."""


@blueprint.get("/my/hide-code")
@sign_in_required
def shown() -> ResponseReturnValue:
    """Say what a printed code is, and whether there is one."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        made = None if patient is None else made_when(session, patient.id)
    return render_template("portal/forums/hide_code.html", made=made, code="", here=_here())


@blueprint.post("/my/hide-code")
@proof_required
def make() -> ResponseReturnValue:
    """Make a code and show it, once; made to be printed."""
    person, at = signed_in(), now()
    with transaction() as session:
        whose = (person.account_id, person.platform_id, person.account_key)
        patient = patient_for(session, house().keyring, whose, at)
        code = make_code(session, house().keyring, patient.id, at)
    return render_template("portal/forums/hide_code.html", made=at, code=code, here=_here())


@public.get("/hide")
@anyone
def ask() -> ResponseReturnValue:
    """Ask for a printed code."""
    return render_template("portal/forums/hide.html", done=False)


@public.post("/hide")
@anyone
def hide() -> ResponseReturnValue:
    """Hide whose code it is, at once; a wrong code is answered by the same page."""
    with transaction() as session:
        hide_by_code(session, house().keyring, hands(), request.form.get("code", ""), now())
    return render_template("portal/forums/hide.html", done=True)


def _here() -> str:
    return f"{house().settings.public_url}/hide"
