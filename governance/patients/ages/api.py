"""The door where a platform says how old a member is."""

from http import HTTPStatus
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from governance.db.extension import transaction
from governance.identity.current import current_platform, platform_required
from governance.identity.models import Platform
from governance.identity.service import account_for
from governance.patients.ages.again import age_said
from governance.patients.ages.schemas import AgeSaid, AgeTaken
from governance.patients.ages.service import Claim, People
from governance.patients.service import patient_for
from governance.policy.current import policies
from governance.ui.api import Blueprint, needs
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("ages", __name__, description="Ages of members")


@blueprint.post("/v1/ages")
@blueprint.doc(security=needs("links:write"))
@platform_required("links:write")
@blueprint.arguments(AgeSaid)
@blueprint.response(HTTPStatus.OK, AgeTaken)
def say_age(said: dict[str, Any]) -> ResponseReturnValue:
    """Say how old a member is, by a band and the day on which it changes; never send a birth date.

    Of several who say different things the younger age holds, and nobody makes a member older than they said before:
    for that, ask our staff, who put it right on two proofs. The answer is the same whether or not what you said holds.
    """
    # THREAT: an answer that depends on what others said lets a forum find out that a member has an account elsewhere.
    at, keyring = now(), house().keyring
    claim = Claim(said["band"], said.get("changes_on"), said.get("zone", ""), said.get("country", ""))
    with transaction() as session:
        platform = session.get_one(Platform, current_platform().platform_id)
        account = account_for(session, keyring, platform, said["account"], at)
        patient = patient_for(session, keyring, (account.id, platform.id, account.key), at)
        people = People(session, keyring, policies().optout, at)
        with age_said(session, patient, at):
            people.says(patient, f"platform:{platform.id}", claim)
    return jsonify(taken=True)
