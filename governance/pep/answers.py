"""What a platform gets: yes only where the service literally said yes."""

from dataclasses import dataclass
from typing import Final

from governance.decision.vocabulary import Action, Level


@dataclass(frozen=True, slots=True)
class Answer:
    """One decision. True in a condition exactly if it permits; `reason` is the service's word, "" if it gave none.

    `observed` is what it would have been where the platform only observes so far, and the service lets everything
    through; None where it enforces.
    """

    permit: bool
    reason: str = ""
    id: str = ""
    observed: bool | None = None

    def __bool__(self) -> bool:
        """Stand for the decision, so that `if answer:` cannot permit what was refused."""
        return self.permit


REFUSED: Final = Answer(permit=False)


def read_answer(item: object) -> Answer:
    """Return the answer that one decision object gives; what is no decision object refuses."""
    if not isinstance(item, dict):
        return REFUSED
    context = item.get("context")
    told = context if isinstance(context, dict) else {}
    observed = told.get("observed")
    # INVARIANT: only the literal true permits; 1, "true" and [true] are not the same object. Where the platform only
    # observes, the service itself says true: nothing here turns a no into a yes.
    return Answer(
        item.get("decision") is True,
        _text(told.get("reason")),
        _text(told.get("id")),
        observed if isinstance(observed, bool) else None,
    )


@dataclass(frozen=True, slots=True)
class OptOut:
    """What one account chose, as far as a platform may know it; names are never in it."""

    hold: bool
    care_team: Level
    others: Level
    care_team_extras: frozenset[Action] = frozenset()
    others_extras: frozenset[Action] = frozenset()
    """What each class may do that is in no level."""


CLOSED: Final = OptOut(hold=True, care_team=Level.CLOSED, others=Level.CLOSED)
"""What stands for an account that the service did not answer for."""


def read_opt_outs(members: dict[str, object]) -> dict[str, OptOut]:
    """Return opt-outs by account; an entry that is broken or named twice is left out, so that it counts as closed."""
    entries = members.get("opt_outs")
    found: dict[str, OptOut | None] = {}
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(account := entry.get("account"), str):
            found[account] = None if account in found else _opt_out(entry)
    return {account: opt_out for account, opt_out in found.items() if opt_out is not None}


def _opt_out(entry: dict[str, object]) -> OptOut | None:
    hold, care_team, others = entry.get("hold"), entry.get("care_team"), entry.get("others")
    try:
        levels = Level(str(care_team)), Level(str(others))
        extras = [_extras(entry.get(name, [])) for name in ("care_team_extras", "others_extras")]
    except (TypeError, ValueError):
        return None
    return OptOut(hold is not False, *levels, *extras)


def _extras(told: object) -> frozenset[Action]:
    if not isinstance(told, list):
        raise TypeError("extras are a list of actions")
    return frozenset(Action(str(action)) for action in told)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
