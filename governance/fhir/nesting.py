"""Rules of which the most specific decide, as exceptions of exceptions.

FHIR knows no "most specific": each nested provision is an exception to the one around it, siblings are alternatives.
So a refusal that stands beside a permit becomes the permit's exception, unless the permit is the narrower one, and the
permits that are narrower than that refusal become its exceptions. Deeper it never goes: a refusal narrower still is an
exception of the outer permit already. `tests/fhir` proves it by an engine that knows nothing of this file.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from governance.decision.provisions import WHO_RANK, Interval, Place, Scale, WhoKind
from governance.decision.vocabulary import Action, Contact
from governance.fhir.rules import Rule, both, merged

_CLASSES: Final = frozenset({WhoKind.CARE_TEAM, WhoKind.OTHERS})


class Node(NamedTuple):
    """A rule as a provision: what it says of `actions`, but for its exceptions."""

    rule: Rule
    actions: frozenset[Action]
    exceptions: "tuple[Node, ...]" = ()


def nested(rules: Iterable[Rule]) -> tuple[Node, ...]:
    """Return the permits, with their exceptions and those of these, as exceptions of a refusal of everything."""
    found = merged(rules)
    permits = [rule for rule in found if not rule.refuses]
    refusals = [rule for rule in found if rule.refuses]
    return tuple(_permit(permit, permits, refusals) for permit in permits)


def _permit(permit: Rule, permits: list[Rule], refusals: list[Rule]) -> Node:
    against = [
        refusal
        for refusal in refusals
        if _can_meet(permit, refusal) and (refusal.final or not _narrower(permit, refusal))
    ]
    return Node(permit, permit.actions, tuple(_refusal(refusal, permit, permits) for refusal in against))


def _refusal(refusal: Rule, around: Rule, permits: list[Rule]) -> Node:
    actions = refusal.actions & around.actions
    if refusal.final:
        return Node(refusal, actions)
    narrower = [permit for permit in permits if _narrower(permit, refusal) and _can_meet(permit, refusal)]
    exceptions = (Node(permit, permit.actions & actions) for permit in narrower if permit.actions & actions)
    return Node(refusal, actions, tuple(exceptions))


def _narrower(one: Rule, other: Rule) -> bool:
    """Say whether a rule is contained in another one in person and place, and smaller in one of them."""
    rank, other_rank = (WHO_RANK[rule.whos[0].kind] for rule in (one, other))
    same = one.whos == other.whos or rank == other_rank == WHO_RANK[WhoKind.NAMED]
    if not (rank > other_rank or same) or one.where.scale < other.where.scale:
        return False
    return rank > other_rank or one.where.scale > other.where.scale


def _can_meet(permit: Rule, refusal: Rule) -> bool:
    """Say whether one question can match both; what never meets needs no exception."""
    return (
        not permit.actions.isdisjoint(refusal.actions)
        and {permit.contact, refusal.contact} != {Contact.AFTER, Contact.BEFORE}
        and both(permit.period, refusal.period) is not None
        and _times_meet(permit.written, refusal.written)
        and _places_meet(permit.where, refusal.where)
        and _classes_meet(permit, refusal)
    )


def _times_meet(permit: Interval | None, refusal: Interval | None) -> bool:
    # A permit without times takes words of unknown times, and these any refusal.
    return permit is None or refusal is None or both(permit, refusal) is not None


def _places_meet(one: Place, other: Place) -> bool:
    if Scale.EVERYWHERE in (one.scale, other.scale):
        return True
    return one.platform == other.platform and (one.scale != other.scale or one.id == other.id)


def _classes_meet(permit: Rule, refusal: Rule) -> bool:
    # Whom the permit of a class matches is surely in it, and so in no other.
    mine, others = permit.whos[0].kind, {who.kind for who in refusal.whos}
    return mine not in _CLASSES or others.isdisjoint(_CLASSES) or mine in others
