"""Doors for staff who take a report by phone or on paper; the code is read out, or posted, and kept nowhere."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from governance.db.extension import transaction
from governance.errors import BadInputError
from governance.identity.current import staff_required
from governance.identity.permissions import Role
from governance.policy.here import policies_here
from governance.reporting.filing.draft import forums, known_types, platform_of
from governance.reporting.filing.reading import when_read
from governance.reporting.filing.service import Handed, hand_in
from governance.reporting.filing.steps import Missing, missing_in
from governance.reporting.keeping.drafts import Body, Draft, Header, Identity
from governance.reporting.staff_intake.schemas import HOW, TakenSchema
from governance.reporting.work import Work
from governance.sentences import Sentence
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load

blueprint = Blueprint("take_report", __name__, url_prefix="/desk/take-report", template_folder="../templates")
_FRESH: Final = timedelta(minutes=60)
_ASKED: Final = ("danger", "what", "about", "young")
_KEY_BYTES: Final = 32
_PICK_HOW: Final = Missing(Sentence("Say how it reached you"), "how")


@blueprint.get("")
@staff_required(Role.OFFICER, fresh=_FRESH)
def ask() -> ResponseReturnValue:
    """Ask what the person says."""
    nothing = dict.fromkeys(TakenSchema().fields, "")
    return _page({**nothing, "key": secrets.token_urlsafe(_KEY_BYTES)})


@blueprint.post("")
@staff_required(Role.OFFICER, fresh=_FRESH)
def take() -> ResponseReturnValue:
    """File it, and show the code once. Raises `DutyClosedError`, `CustodyClosedError`."""
    said = load(TakenSchema(), form_values())
    missing = _missing(said)
    if missing is not None:
        return _page(said, missing)
    with transaction() as session:
        work = Work(session, house().keyring, now())
        told = hand_in(work, Handed(_draft(said), said["key"], whose="staff"), house().settings.public_url)
    policy, reads = policies_here().reporting, when_read(now())
    return render_template("reporting/take/code.html", told=told, policy=policy, reads=reads)


def _missing(said: Mapping[str, Any]) -> Missing | None:
    if said["how"] not in HOW:
        return _PICK_HOW
    if said["about"] not in ("", *known_types()):
        raise BadInputError("this did not come from the buttons of our page; open the page again")
    return next((found for step in _ASKED if (found := missing_in(step, said))), None)


def _draft(said: Mapping[str, Any]) -> Draft:
    header = Header(
        kind=said["about"],
        danger_now=said["danger"] == "yes",
        minor=said["young"] in ("me", "other"),
        platform_id=platform_of(said),
    )
    is_named = said["name"].strip() or said["contact"].strip()
    body = Body(
        **{name: said[name].strip() for name in ("what", "where", "who", "wish")},
        reach="told" if is_named else "code",
        more={"young": said["young"], "through": said["how"]},
    )
    identity = Identity(name=said["name"].strip(), reach=said["contact"].strip()) if is_named else None
    return Draft(header=header, body=body, identity=identity)


def _page(said: Mapping[str, Any], missing: Missing | None = None) -> ResponseReturnValue:
    page = render_template(
        "reporting/take/form.html", said=said, errors=missing, forums=forums(), policy=policies_here().reporting
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if missing else HTTPStatus.OK
