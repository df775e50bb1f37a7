"""A publisher brings out a new version of what patients are told, which weakens what protects them: permits pause."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from governance.decision.vocabulary import Action
from governance.disclosure.rollout import carry_on, publish_disclosure
from governance.ui.clock import now
from governance.ui.house import house
from tests.disclosure.editions import Editions

PAUSES = {"public_posts": frozenset(Action), "R14": frozenset({Action.QUOTE, Action.RESEARCH})}
"""What changed, and of what permits pause by it: a must-know is about everything, this risk is about studies."""


@cache
def edition(part):
    with TemporaryDirectory() as folder:
        made = Editions(Path(folder) / "policies")
        made.raises("2.0.0", "material", [part], weakens=True)
        return made.record()


def publishes(machine):
    """Once in a walk somebody publishes a version of which permits pause."""
    if machine.book.published:
        return None
    part = machine.chance.choice(sorted(PAUSES))
    with machine.world.transaction() as session:
        publish_disclosure(session, house().keyring, edition(part), now())
    left = 1
    while left is not None:
        with machine.world.transaction() as session:
            left = carry_on(session, house().keyring, now())
    machine.book.published.append((machine.book.now, PAUSES[part]))
    return f"what patients are told is a new version, about {part}: permits pause"
