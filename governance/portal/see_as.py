"""Doors to *see as*: a patient looks at their posts with the eyes of somebody else. Who that is, is in no address."""

from typing import NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from governance.db.extension import reading
from governance.decision.vocabulary import AccountKey, Posture
from governance.effective.roster import Professional
from governance.identity.current import sign_in_required, signed_in
from governance.optout.draft import professionals_here
from governance.optout.words import may_do
from governance.policy.current import conduct_in_force, policies
from governance.portal.seeing import Kind, Patient, Terms, seen_by
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("see_as", __name__, url_prefix="/my", template_folder="templates")


class _Line(NamedTuple):
    words: str
    permit: bool
    why: str


@blueprint.get("/see-as")
@sign_in_required
def choose() -> ResponseReturnValue:
    """Ask as whom, and in what kind of group."""
    return _page(professionals_here())


@blueprint.post("/see-as")
@sign_in_required
def see() -> ResponseReturnValue:
    """Show what they may do and why; nothing of it is kept."""
    found = professionals_here()
    whom = _whom(request.form.get("whom", ""), found)
    try:
        posture = Posture(request.form.get("group", ""))
    except ValueError:
        posture = Posture.INFORMED
    if whom is None:
        return _page(found, posture, lacks=True), 400
    person = signed_in()
    patient = Patient(person.account_key, person.platform_id)
    with reading() as session:
        seen = seen_by(session, house().keyring, patient, whom, Terms(posture, conduct_in_force(), now()))
    lines = [_Line(may_do(policies().optout, one.action), one.permit, one.why) for one in seen]
    return _page(found, posture, whom=whom, lines=lines)


def _whom(sent: str, professionals: list[Professional]) -> Kind | AccountKey | None:
    if sent in set(Kind):
        return Kind(sent)
    return next((one.key for one in professionals if one.key == sent), None)


def _page(
    professionals: list[Professional],
    posture: Posture = Posture.INFORMED,
    *,
    whom: Kind | AccountKey | None = None,
    lines: list[_Line] | None = None,
    lacks: bool = False,
) -> str:
    return render_template(
        "portal/see_as.html",
        professionals=professionals,
        posture=posture,
        whom=whom,
        can=[line for line in lines or [] if line.permit],
        cannot=[line for line in lines or [] if not line.permit],
        shown=lines is not None,
        lacks=lacks,
    )
