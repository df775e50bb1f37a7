"""The life of a case as a table: from which state, what, by whom, to which, what is asked for, what clocks hear."""

from enum import StrEnum
from typing import Final, NamedTuple

from governance.reporting.cases.errors import NoSuchCaseMoveError


class State(StrEnum):
    """Where a case stands. That it was passed on is no state: our own outcome must not wait for others."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    TRIAGED = "triaged"
    INVESTIGATING = "investigating"
    DECIDED = "decided"
    REMEDIED = "remedied"
    CLOSED = "closed"
    APPEALED = "appealed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Act(StrEnum):
    """What moves a case."""

    ACKNOWLEDGE = "acknowledge"
    TRIAGE = "triage"
    INVESTIGATE = "investigate"
    REFER = "refer"
    DECIDE = "decide"
    TELL_OUTCOME = "tell_outcome"
    REMEDY = "remedy"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    REOPEN = "reopen"


class By(StrEnum):
    """Who does it. A fresh officer did nothing to this case before."""

    OFFICER = "officer"
    FRESH_OFFICER = "fresh officer"
    SOMEBODY_HEARD = "reporter or professional"
    REPORTER = "reporter"


class Side(StrEnum):
    """Who may ask for another look, each once: what one side asked for must not cost the other its own."""

    REPORTER = "reporter"
    PROFESSIONAL = "professional"


class Needs(StrEnum):
    """What must be so before."""

    NOTHING = "nothing"
    REASON = "a reason"
    OUTCOME = "an outcome with reasons"
    SECOND_IF_SERIOUS = "a second officer from S3 on, and the outcome told"
    ONCE = "that this side did not ask before"


class Move(NamedTuple):
    """One line of the table; `mark` is what clocks stop and start by."""

    start: State
    act: Act
    by: By
    to: State
    needs: Needs = Needs.NOTHING
    mark: str = ""


_R, _A, _T, _I = State.RECEIVED, State.ACKNOWLEDGED, State.TRIAGED, State.INVESTIGATING
_D, _M, _C, _P, _O, _W = (
    State.DECIDED,
    State.REMEDIED,
    State.CLOSED,
    State.APPEALED,
    State.REOPENED,
    State.WITHDRAWN,
)
_WORKED_ON: Final = (_R, _A, _T, _I, _O)
"""Before there is an outcome."""
OPEN: Final = (*_WORKED_ON, _D, _M, _P)

MOVES: Final = (
    Move(_R, Act.ACKNOWLEDGE, By.OFFICER, _A, Needs.NOTHING, "acknowledged"),
    Move(_R, Act.TRIAGE, By.OFFICER, _R, Needs.REASON, "triaged"),
    Move(_A, Act.TRIAGE, By.OFFICER, _T, Needs.REASON, "triaged"),
    Move(_T, Act.TRIAGE, By.OFFICER, _T, Needs.REASON, "triaged"),
    Move(_I, Act.TRIAGE, By.OFFICER, _I, Needs.REASON, "triaged"),
    Move(_O, Act.TRIAGE, By.OFFICER, _O, Needs.REASON, "triaged"),
    Move(_T, Act.INVESTIGATE, By.OFFICER, _I),
    Move(_O, Act.INVESTIGATE, By.OFFICER, _I),
    Move(_T, Act.DECIDE, By.OFFICER, _D, Needs.OUTCOME, "decided"),
    Move(_I, Act.DECIDE, By.OFFICER, _D, Needs.OUTCOME, "decided"),
    *(Move(state, Act.REFER, By.OFFICER, state, Needs.REASON, "referred") for state in OPEN),
    Move(_D, Act.TELL_OUTCOME, By.OFFICER, _D, Needs.NOTHING, "outcome_told"),
    Move(_M, Act.TELL_OUTCOME, By.OFFICER, _M, Needs.NOTHING, "outcome_told"),
    Move(_D, Act.REMEDY, By.OFFICER, _M, Needs.REASON),
    Move(_D, Act.CLOSE, By.OFFICER, _C, Needs.SECOND_IF_SERIOUS),
    Move(_M, Act.CLOSE, By.OFFICER, _C, Needs.SECOND_IF_SERIOUS),
    *(Move(state, Act.WITHDRAW, By.REPORTER, _W) for state in _WORKED_ON),
    *(Move(state, Act.MERGE, By.OFFICER, State.MERGED, Needs.REASON) for state in _WORKED_ON),
    *(Move(state, Act.APPEAL, By.SOMEBODY_HEARD, _P, Needs.ONCE, "appealed") for state in (_D, _M, _C)),
    Move(_P, Act.UPHOLD, By.FRESH_OFFICER, _D, Needs.REASON, "appeal_answered"),
    Move(_P, Act.OVERTURN, By.FRESH_OFFICER, _O, Needs.REASON, "appeal_answered"),
    *(Move(state, Act.REOPEN, By.OFFICER, _O, Needs.REASON) for state in (_D, _M, _C, _W)),
)
"""All there is. Who withdrew a report at S3 or above is believed, and the case goes on: see `withdraw`."""
OVER: Final = frozenset({State.CLOSED, State.WITHDRAWN, State.MERGED})
"""Nobody has to do anything any more."""


def move(start: State, act: Act) -> Move:
    """Return the line of the table. Raises `NoSuchCaseMoveError`."""
    for one in MOVES:
        if (one.start, one.act) == (start, act):
            return one
    raise NoSuchCaseMoveError("this cannot be done to the case as it stands; look at it again")


def possible(start: State) -> tuple[Act, ...]:
    """Return what officers can do in a state, in the order of the table."""
    return tuple(one.act for one in MOVES if one.start is start and one.by in {By.OFFICER, By.FRESH_OFFICER})
