"""Doors to the deletion of one's record: what goes and what stays, the press behind proof, the way to stop it."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.identity.current import sign_in_required, signed_in
from governance.identity.proofs.proof import proof_required
from governance.identity.sessions.once import said_once, say_once
from governance.patients.erasing import service as erasing
from governance.patients.service import find_patient, patient_for
from governance.policy.current import policies
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("erasing", __name__, url_prefix="/my", template_folder="templates")
_DAY: Final = 24 * 3600 * 1_000_000


def erasing_now() -> erasing.Waiting | None:
    """Return the deletion that waits for the person who is signed in, if one does."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        return None if patient is None else erasing.waiting(session, house().keyring, patient.id)


@blueprint.get("/delete")
@sign_in_required
def explained() -> ResponseReturnValue:
    """Say what goes and what stays; of one that waits, when, and how to stop it."""
    return render_template(
        "portal/delete.html", erasing=erasing_now(), policy=policies().optout, said=said_once("deletion_stopped")
    )


@blueprint.get("/delete/confirm")
@proof_required
def confirm() -> ResponseReturnValue:
    """Ask once more somebody who has proved who they are."""
    if erasing_now() is not None:
        return redirect(url_for("erasing.explained"), HTTPStatus.SEE_OTHER)
    return render_template("portal/delete_confirm.html", policy=policies().optout)


@blueprint.post("/delete")
@proof_required
def ask() -> ResponseReturnValue:
    """Hide the person at once, and delete them after the wait."""
    person, at, keyring = signed_in(), now(), house().keyring
    with transaction() as session:
        patient = patient_for(session, keyring, (person.account_id, person.platform_id, person.account_key), at)
        erasing.ask(session, keyring, patient.id, at, wait=policies().optout.erasing_days * _DAY)
    return redirect(url_for("erasing.explained"), HTTPStatus.SEE_OTHER)


@blueprint.post("/delete/stop")
@sign_in_required
def stop() -> ResponseReturnValue:
    """Stop it, from any session of the person and by one press."""
    with transaction() as session:
        patient = find_patient(session, signed_in().account_id)
        if patient is not None and erasing.stop(session, house().keyring, patient.id, now()):
            say_once("deletion_stopped")
    return redirect(url_for("erasing.explained"), HTTPStatus.SEE_OTHER)
