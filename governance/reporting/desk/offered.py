"""Which acts a case's page offers as it stands."""

from typing import Final

from governance.reporting.cases.states import State
from governance.reporting.desk.acts import ACTS
from governance.reporting.desk.fields import DeskAct
from governance.reporting.desk.shown import Shown

_NEXT: Final = (
    "acknowledge",
    "triage",
    "decide",
    "tell_outcome",
    "propose_close",
    "close",
    "investigate",
)
"""What comes next, the first of them that a case's page offers: this stands in front as a button."""


def next_act(shown: Shown) -> str:
    """Return the act that a case waits for; an empty text if it waits for none."""
    there = dict(offered(shown))
    told = shown.case.outcome_told
    skip = {"tell_outcome"} if told else {"propose_close", "close"}
    # Weighed once, it is weighed anew only if somebody wants to.
    skip |= {"triage"} if shown.case.state != State.ACKNOWLEDGED else set()
    return next((name for name in _NEXT if name in there and name not in skip), "")


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
