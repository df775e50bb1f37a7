"""The door to how long an officer's own cases are kept. Acts about it stand on the page of each case."""

from typing import Final, NamedTuple

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from governance.db.extension import reading
from governance.decision.vocabulary import Instant
from governance.identity.current import staff_member, staff_required
from governance.identity.permissions import Role
from governance.policy.here import policies_here
from governance.reporting.cases.models import Case
from governance.reporting.desk.queue import short_number
from governance.reporting.retention.due import Part, Sight

blueprint: Final = Blueprint("kept", __name__, url_prefix="/desk/kept", template_folder="../templates")
_SHOWN: Final = (Part.IDENTITY, Part.PICTURES, Part.MESSAGES, Part.WORDS)


class Kept(NamedTuple):
    """One case that is over: what goes next and when; none while it went on in one that is not over."""

    case: Case
    part: Part | None
    day: Instant | None
    is_held: bool


@blueprint.get("")
@staff_required(Role.OFFICER)
def shown() -> ResponseReturnValue:
    """How long cases are kept."""
    policy = policies_here().retention
    with reading() as session:
        sight = Sight(session, policy)
        rows = [_kept(sight, case) for case in Case.of_member(session, staff_member().staff_id, over=True)]
    page: str = render_template(
        "reporting/desk/kept.html",
        rows=sorted(rows, key=lambda one: (one.day is None, one.day or 0)),
        policy=policy,
        spans=policy.record.tables["spans"],
        reporting=policies_here().reporting,
        short_number=short_number,
    )
    return page


def _kept(sight: Sight, case: Case) -> Kept:
    group = sight.group_of(case.id)
    if group is None:
        return Kept(case, None, None, is_held=False)
    days, held = sight.days(group), sight.is_held(group)
    part = next((one for one in _SHOWN if sight.is_there(group, one)), None)
    return Kept(case, part, None if part is None else days[part], held)
