"""The life of a sanction as a table: from which state, what, by whom, to which."""

from enum import StrEnum
from typing import Final, NamedTuple

from governance.conduct.errors import NoSuchMoveError


class State(StrEnum):
    """Where a sanction stands; that its time ran out is no state, and takes no appeal away."""

    STANDING = "standing"
    APPEALED = "appealed"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    LIFTED = "lifted"


class Act(StrEnum):
    """What is done to a sanction."""

    TAKE = "take"
    REVIEW = "review"
    LIFT = "lift"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    OVERTURN = "overturn"


class By(StrEnum):
    """Who does it. A fresh officer had no part in this sanction before."""

    OFFICER = "officer"
    FRESH_OFFICER = "fresh officer"
    PROFESSIONAL = "professional"


class Move(NamedTuple):
    """One line of the table."""

    start: State
    act: Act
    by: By
    to: State


MOVES: Final = (
    Move(State.STANDING, Act.REVIEW, By.OFFICER, State.STANDING),
    Move(State.STANDING, Act.LIFT, By.OFFICER, State.LIFTED),
    Move(State.STANDING, Act.APPEAL, By.PROFESSIONAL, State.APPEALED),
    Move(State.APPEALED, Act.REVIEW, By.OFFICER, State.APPEALED),
    Move(State.APPEALED, Act.LIFT, By.OFFICER, State.LIFTED),
    Move(State.APPEALED, Act.UPHOLD, By.FRESH_OFFICER, State.UPHELD),
    Move(State.APPEALED, Act.OVERTURN, By.FRESH_OFFICER, State.OVERTURNED),
    Move(State.UPHELD, Act.REVIEW, By.OFFICER, State.UPHELD),
    Move(State.UPHELD, Act.LIFT, By.OFFICER, State.LIFTED),
)
"""All there is. There is one appeal, since nothing leads back to `standing`."""
GONE: Final = frozenset({State.OVERTURNED, State.LIFTED})
"""Nothing is closed by it any more."""


def move(start: State, act: Act) -> Move:
    """Return the line of the table. Raises `NoSuchMoveError`."""
    for one in MOVES:
        if (one.start, one.act) == (start, act):
            return one
    raise NoSuchMoveError("this cannot be done to this sanction as it stands; look at it again")
