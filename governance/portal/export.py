"""Doors to one's own copy of everything: behind fresh proof, for nobody but the person it is about."""

from typing import Final

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from governance.db.extension import reading
from governance.holdings import HOLDINGS
from governance.identity.current import sign_in_required, signed_in
from governance.identity.proofs.proof import proof_required
from governance.patients.export.service import about, as_json, collected, packed
from governance.policy.here import policies_here
from governance.portal.sealed import keep_sealed
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("export", __name__, url_prefix="/my", template_folder="templates")
blueprint.before_request(keep_sealed)
_NAME: Final = "my-copy.zip"
IN_FHIR: Final = "governance.export_in_fhir"
"""In the app's extensions: what tells the choices of a patient in FHIR; a counter does not call another one."""


@blueprint.get("/copy")
@sign_in_required
def offered() -> ResponseReturnValue:
    """Say what is in it, and lead to it."""
    return render_template("portal/copy.html", is_proved=False)


@blueprint.get("/copy/ready")
@proof_required
def ready() -> ResponseReturnValue:
    """Offer the file to somebody who has proved who they are."""
    return render_template("portal/copy.html", is_proved=True)


@blueprint.post("/copy")
@proof_required
def file() -> ResponseReturnValue:
    """Hand out the file. What is in it is collected now and kept nowhere."""
    person, at = signed_in(), now()
    with reading() as session:
        whose = about(session, person.account_id, person.account_key, at)
        told = collected(session, house().keyring, whose, HOLDINGS, service=house().settings.public_url)
        in_fhir = current_app.extensions[IN_FHIR](
            session, house().keyring, whose.patient_id, house().settings.public_url, at
        )
    readable = render_template("portal/copy_file.html", told=told, policy=policies_here().optout)
    headers = {"Content-Disposition": f'attachment; filename="{_NAME}"'}
    files = {"export.json": as_json(told), "export.html": readable, "fhir.json": as_json(in_fhir)}
    return Response(packed(files, at), content_type="application/zip", headers=headers)
