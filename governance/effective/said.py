"""What a patient's lines say of one class or one person, read back from what is in force."""

from collections.abc import Sequence

from governance.decision.levels import EXTRAS
from governance.decision.provisions import ALWAYS, Scale, Who
from governance.decision.vocabulary import Action, Contact, Effect
from governance.effective.documents import Line


def actions_said(effect: Effect, who: Who, lines: Sequence[Line]) -> frozenset[Action]:
    """Return the actions that lines permit, or refuse whoever wrote first: those that hold everywhere and always."""
    theirs = (line for line in lines if line.effect is effect and line.who is who.kind and line.name == who.name)
    theirs = (line for line in theirs if not is_limited(line))
    said = (line.actions for line in theirs if effect is Effect.PERMIT or line.contact is Contact.ANY)
    return frozenset[Action]().union(*said)


def extras_said(who: Who, lines: Sequence[Line]) -> frozenset[Action]:
    """Return what somebody may do that is in no level; of two lines that differ the refusal counts."""
    return EXTRAS & actions_said(Effect.PERMIT, who, lines) - actions_said(Effect.REFUSE, who, lines)


def is_limited(line: Line) -> bool:
    """Say whether a line holds in one place alone, or for a time, or for some posts."""
    return line.scale is not Scale.EVERYWHERE or line.when != tuple(ALWAYS) or line.reach != tuple(ALWAYS)
