"""Levels, compiled: a patient's pick becomes explicit permits and refusals for one class and place.

What a level lacks, an extra that is off and the unmet condition of a permit are refusals, so that no
default of a community can fill the gap.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from governance.decision.provisions import EVERYWHERE, Interval, Place, Provision, Who
from governance.decision.vocabulary import BEGINNING, PERSON_ACTIONS, Action, Contact, Effect, Level

_SEEN: Final = frozenset({Action.VIEW, Action.FIND})
_ANSWERED: Final = _SEEN | {Action.REACT, Action.REPLY}
_IN_TOUCH: Final = _ANSWERED | {Action.MESSAGE}

LEVELS: Final[dict[Level, frozenset[Action]]] = {
    Level.CLOSED: frozenset(),
    Level.SEEN: _SEEN,
    Level.ANSWERED: _ANSWERED,
    Level.IN_TOUCH: _IN_TOUCH,
    Level.PART_OF_CARE: _IN_TOUCH | {Action.USE_IN_CARE},
}

CHOSEN_ACTIONS: Final = frozenset(Action) - {Action.MODERATE}
"""What a patient chooses about; moderation follows its own rule (3c)."""

EXTRAS: Final = CHOSEN_ACTIONS - LEVELS[Level.PART_OF_CARE]
"""Each its own choice, off at first."""

_ONCE_THE_PATIENT_WROTE: Final = frozenset({Action.MESSAGE})


def provisions_of_level(
    level: Level, who: Who, *, name: str, extras: frozenset[Action] = frozenset(), where: Place = EVERYWHERE
) -> tuple[Provision, ...]:
    """Return the lines that a level, with its extras, stands for; ids are `name` and a number."""
    permitted = LEVELS[level] | (extras & EXTRAS)
    parts = _parts(permitted)
    return tuple(
        Provision(f"{name}.{number}", effect, who, where, actions, contact=contact)
        for number, (effect, actions, contact) in enumerate(parts)
        if actions
    )


def for_new_posts_only(lines: tuple[Provision, ...], since: Interval) -> tuple[Provision, ...]:
    """Limit permits to what is written inside `since`, and refuse for what is older what they permit.

    Only content is older or newer: what a permit says about the person stays as it is.
    """
    older = Interval(BEGINNING, since.start)
    limited = []
    for line in lines:
        if line.refuses:
            limited.append(line)
            continue
        limited.append(replace(line, reach=since))
        on_content = line.actions - PERSON_ACTIONS
        if on_content:
            limited.append(replace(line, id=f"{line.id}.older", effect=Effect.REFUSE, reach=older, actions=on_content))
    return tuple(limited)


def _parts(permitted: frozenset[Action]) -> Iterator[tuple[Effect, frozenset[Action], Contact]]:
    conditional = permitted & _ONCE_THE_PATIENT_WROTE
    yield Effect.PERMIT, permitted - conditional, Contact.ANY
    yield Effect.PERMIT, conditional, Contact.AFTER
    yield Effect.REFUSE, conditional, Contact.BEFORE
    yield Effect.REFUSE, CHOSEN_ACTIONS - permitted, Contact.ANY
