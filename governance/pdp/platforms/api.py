"""The doors to a forum's own life here: where it is, its probe's reports, its off switch."""

from http import HTTPStatus
from typing import Any

from governance.db.extension import reading, transaction
from governance.effective.life.service import Life, standing_of
from governance.effective.life.states import Why
from governance.identity.current import current_platform, platform_required
from governance.identity.models import Platform
from governance.identity.permissions import Scope
from governance.pdp.platforms.schemas import PlatformStanding, ReportTaken, SignedReport
from governance.pdp.platforms.steps import steps_of
from governance.ui.api import Blueprint, needs
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.problems import register_status

blueprint = Blueprint("platforms", __name__, description="The life of a forum")
for _code, _status in (
    ("not_in_this_state", HTTPStatus.CONFLICT),
    ("not_proven", HTTPStatus.CONFLICT),
    ("bad_probe_report", HTTPStatus.BAD_REQUEST),
):
    register_status(_code, _status)
_SCOPE = Scope.COMMUNITIES_WRITE


@blueprint.get("/v1/standing")
@platform_required(_SCOPE)
@blueprint.doc(security=needs(_SCOPE))
@blueprint.response(HTTPStatus.OK, PlatformStanding)
def standing() -> dict[str, Any]:
    """Return where the forum is in its life here, and what to do next."""
    with reading() as session:
        platform = session.get_one(Platform, current_platform().platform_id)
        return steps_of(session, house().keyring, platform, now()).as_json()


@blueprint.post("/v1/probe-reports")
@platform_required(_SCOPE)
@blueprint.arguments(SignedReport)
@blueprint.doc(security=needs(_SCOPE))
@blueprint.response(HTTPStatus.OK, ReportTaken)
def take_report(asked: dict[str, Any]) -> dict[str, Any]:
    """Take a signed report of the probe; sent twice it counts once.

    Where members were told that the forum is live, a leak suspends it: professionals are shown nothing until staff
    saw a later report without one. A canary's leak does so wherever the forum is.
    """
    platform_id = current_platform().platform_id
    with transaction() as session:
        row = Life(session, house().keyring, platform_id, now()).take(asked["report"])
        state = standing_of(session, platform_id).state.value
        return {"kind": row.kind, "result": row.result, "leaks": row.leaks, "state": state}


@blueprint.post("/v1/suspension")
@platform_required(_SCOPE)
@blueprint.doc(security=needs(_SCOPE))
@blueprint.response(HTTPStatus.OK, PlatformStanding)
def suspend() -> dict[str, Any]:
    """Show professionals nothing on the forum, from now on: its off switch. Only our staff end it."""
    keyring = house().keyring
    with transaction() as session:
        platform = session.get_one(Platform, current_platform().platform_id)
        Life(session, keyring, platform.id, now()).suspend(Why.FORUM)
        return steps_of(session, keyring, platform, now()).as_json()
