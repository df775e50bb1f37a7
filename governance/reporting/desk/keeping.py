"""Acts about how long a case is kept: a legal hold, its end, and asking a second officer to delete it sooner."""

from typing import Final

from governance.policy.here import policies_here
from governance.reporting.cases import proposals
from governance.reporting.cases.proposals import Kind, Proposed
from governance.reporting.cases.service import CaseWork
from governance.reporting.cases.states import State
from governance.reporting.desk.fields import DeskAct, Field, Given, Option
from governance.reporting.desk.shown import Shown
from governance.reporting.retention import holds
from governance.sentences import Sentence

_ANY: Final = frozenset(State) - {State.MERGED}
_ENDED: Final = frozenset({State.CLOSED, State.WITHDRAWN})
_WHO_ASKED: Final = Sentence("Who needs it, and why")


def _grounds(_shown: Shown) -> list[Option]:
    retention = policies_here().retention
    return [Option(one, retention.record.section(f"ground.{one}")) for one in retention.grounds]


def _hold(case: CaseWork, given: Given) -> None:
    holds.hold(case, given["reason"])


def _lift(case: CaseWork, given: Given) -> None:
    holds.lift(case, given["reason"])


def _propose(case: CaseWork, given: Given) -> None:
    wanted = Proposed(kind=Kind.DELETE, words=given["reason"], facts={"ground": given["ground"]})
    proposals.propose(case, wanted)


KEEPING_ACTS: Final[dict[str, DeskAct]] = {
    "hold": DeskAct(
        Sentence("Let nothing of it be deleted (legal hold)"),
        Sentence("Set the hold"),
        (Field("reason", "area", _WHO_ASKED),),
        _hold,
        _ANY,
    ),
    "lift_hold": DeskAct(
        Sentence("Lift the legal hold"),
        Sentence("Lift it"),
        (Field("reason", "area", Sentence("Why it is not needed any more")),),
        _lift,
        _ANY,
    ),
    "propose_delete": DeskAct(
        Sentence("Ask a second officer to delete it before its time"),
        Sentence("Ask"),
        (
            Field("ground", "pick", Sentence("On what ground"), options=_grounds),
            Field(
                "reason",
                "area",
                Sentence("Why"),
                Sentence("The second officer reads this. It is deleted with the case."),
            ),
        ),
        _propose,
        _ENDED,
    ),
}
