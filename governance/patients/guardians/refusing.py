"""A guardian's own layer: refusals for circles and actions, never by name, never taken back alone."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.provisions import CARE_TEAM, EVERYWHERE, OTHERS, Provision, Who
from governance.decision.vocabulary import Action, Effect, Instant
from governance.effective.layers import Layers, Party
from governance.patients.guardians.service import Guardian, Links

CIRCLES: Final[dict[str, tuple[Who, ...]]] = {
    "everybody": (CARE_TEAM, OTHERS),
    "care_team": (CARE_TEAM,),
    "others": (OTHERS,),
}

_CONTACT: Final = frozenset({Action.FIND, Action.LOOK_UP, Action.MENTION, Action.MESSAGE, Action.CONNECT})
ACTIONS: Final[dict[str, frozenset[Action]]] = {
    "everything": frozenset(Action),
    "contact": _CONTACT,
    "use": frozenset({Action.QUOTE, Action.RECORD, Action.USE_IN_CARE, Action.RESEARCH}),
}
"""What a guardian's form offers, in the order of its buttons."""


def refuse(
    session: Session, keyring: Keyring, guardian: Guardian, wish: tuple[str, Iterable[Action]], now: Instant
) -> None:
    """Refuse a circle some actions, at once; without any action, all. What was refused before stays refused."""
    circle, actions = wish[0], frozenset(wish[1]) or frozenset(Action)
    layers, party = Layers(session, keyring, guardian.link.patient_id, now), Party(guardian.party)
    standing = refused_by(layers, party)
    layers.add(
        party,
        [
            Provision(
                f"{party.name}:{who.kind}",
                Effect.REFUSE,
                who,
                EVERYWHERE,
                actions | standing.get(who, frozenset()),
            )
            for who in CIRCLES[circle]
        ],
    )
    Links(session, keyring, now).hold_on(guardian)


def refused_by(layers: Layers, party: Party) -> dict[Who, frozenset[Action]]:
    """Return what a guardian refuses now, by class."""
    return {
        Who(line.who, line.name): line.actions
        for layer in layers.kept()
        if layer.by == party.name
        for line in layer.refusals
    }
