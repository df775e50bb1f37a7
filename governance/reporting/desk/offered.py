"""Which acts a case's page offers as it stands."""

from governance.reporting.cases.states import State
from governance.reporting.desk.acts import ACTS
from governance.reporting.desk.fields import DeskAct
from governance.reporting.desk.shown import Shown


def offered(shown: Shown) -> list[tuple[str, DeskAct]]:
    """Return the acts that a case's page offers as it stands, in the order of the table."""
    state, serious = State(shown.case.state), shown.case.severity >= "S3"
    skip = {"close"} if serious else {"propose_close"}
    if not shown.hearings:
        skip.add("hear_more")
    skip.add("pause" if any(row.paused for row in shown.clocks if row.stopped is None) else "resume")
    if shown.case.assigned == shown.officer:
        skip.add("claim")
    if shown.acted:
        skip.add("answer_appeal")
    skip.add("hold" if shown.is_held else "lift_hold")
    if shown.is_held:
        skip.add("propose_delete")
    return [(name, act) for name, act in ACTS.items() if state in act.states and name not in skip]
