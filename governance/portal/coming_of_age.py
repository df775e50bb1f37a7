"""What a birthday brings on a person's own page: to read once more, and to choose again what a guardian agreed to."""

from http import HTTPStatus
from typing import NamedTuple

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.disclosure.service import current_acknowledgement
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.once import say_once
from governance.optout.browser import after_press
from governance.optout.hand_over import choose_anew, ended
from governance.patients.ages.service import People
from governance.patients.service import find_patient
from governance.policy.current import policies
from governance.portal.standing import patient_id_of
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("coming_of_age", __name__, url_prefix="/my", template_folder="templates")


class Birthday(NamedTuple):
    """What a birthday asks of somebody: to be told once more, and to choose again."""

    tell_again: bool = False
    choose_again: bool = False


def birthday() -> Birthday:
    """Return what a birthday asks of the person who is signed in."""
    at = now()
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        if patient is None:
            return Birthday()
        last = current_acknowledgement(session, patient.id)
        again = People(session, house().keyring, policies().optout, at).tell_again_at(patient)
        told_before = last is not None and any(last.at < instant <= at for instant in again)
        return Birthday(told_before, bool(ended(session, house().keyring, patient.id, at)))


@blueprint.post("/choose-anew")
@sign_in_required
def start_anew() -> ResponseReturnValue:
    """Close in the choices what has ended, and go on to choose it: opening waits as ever."""
    at: Instant = now()
    with transaction() as session:
        directive = choose_anew(session, house().keyring, patient_id_of(session, signed_in().account_id), at)
        after_press(session, directive, at)
    say_once("anew")
    return redirect(url_for("optout.care_team"), HTTPStatus.SEE_OTHER)
