"""Of two things that a room said, the stricter: nothing that only the later one permits, all that either refuses.

What was said after a backup and opened something is not opened again by a restore; what it closed stays closed. Adding
a refusal, dropping a permit and shortening a time never turn a refusal into a permit; this uses nothing else.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from governance.backup.lines import all_lines, refusals_of_both
from governance.backup.teams import care_team, refusals_of_the_uncertain
from governance.decision.provisions import NEVER
from governance.decision.vocabulary import BEGINNING, FOREVER, Action, Assurance, Capacity, Level, Status
from governance.effective.documents import (
    AskedAgain,
    ClaimMade,
    HcpDocument,
    Kind,
    LayerLines,
    PatientDocument,
    Span,
    Stone,
    compiled,
)
from governance.effective.lines import About

_BEFORE_ANY_CASE: Final = BEGINNING - 1
_Capacity = tuple[Capacity, str, str | None, int, int]


def stricter(kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to say instead of `after` where `before` was said. For patients and professionals."""
    rules = _RULES[kind]
    first, second = compiled(kind, {"": dict(before)}), compiled(kind, {"": dict(after)})
    said = {name: rules[name](getattr(first, name), getattr(second, name)) for name in {**before, **after}}
    return (_with_the_uncertain_refused if kind == "patient" else _with_capacities)(first, second, said)


def _with_the_uncertain_refused(
    before: PatientDocument, after: PatientDocument, said: dict[str, Any]
) -> dict[str, Any]:
    if before.care_team == after.care_team:
        return said
    lines = said.get("lines", ())
    refused = refusals_of_the_uncertain(before.care_team, after.care_team, lines)
    return {**said, "lines": refusals_of_both(lines, refused)}


def _with_capacities(before: HcpDocument, after: HcpDocument, said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "capacities": _capacities(before, after)} if "capacities" in said else said


def _capacities(before: HcpDocument, after: HcpDocument) -> tuple[_Capacity, ...]:
    """Neither capacity is the stricter one: who holds both needs a permit for each of them.

    Both from before any case, which would stop the one and leave the other.
    """
    first, second = before.capacities, after.capacities
    if first == second and before.cases == after.cases:
        return first
    if all(capacity is not Capacity.PEER for capacity, *_ in (*first, *second)):
        return tuple(record for record in first if record in second)
    places = {(platform, place) for _, platform, community, *_ in (*first, *second) for place in (community, None)}
    return tuple(
        (capacity, platform, community, _BEFORE_ANY_CASE, FOREVER)
        for platform, community in sorted(places, key=str)
        for capacity in Capacity
    )


def _older(before: int | None, after: int | None) -> int | None:
    """Whose age is known on one side alone may be a child there: an adults' community makes nobody older."""
    if before is None or after is None:
        return None if before is after else FOREVER
    return max(before, after)


def _either(before: bool, after: bool) -> bool:  # noqa: FBT001 - two values of one member
    return before or after


def _both(before: bool, after: bool) -> bool:  # noqa: FBT001 - two values of one member
    return before and after


def _kept(before: Any, _after: Any) -> Any:  # noqa: ANN401 - any member
    return before


def _overlap(before: Span, after: Span) -> Span:
    start, end = max(before[0], after[0]), min(before[1], after[1])
    return (start, end) if start < end else (NEVER.start, NEVER.end)


def _covered(before: dict[Any, Span], after: dict[Any, Span]) -> dict[Any, Span]:
    return {action: _overlap(span, after[action]) for action, span in before.items() if action in after}


def _layers(before: tuple[LayerLines, ...], after: tuple[LayerLines, ...]) -> tuple[LayerLines, ...]:
    found: dict[tuple[str, str | None], LayerLines] = {}
    for layer in (*before, *after):
        there = found.get((layer.by, layer.platform), msgspec.structs.replace(layer, refusals=()))
        both = refusals_of_both(there.refusals, layer.refusals)
        found[layer.by, layer.platform] = msgspec.structs.replace(layer, refusals=both)
    return tuple(found.values())


def _blocks(before: tuple[tuple[Any, ...], ...], after: tuple[tuple[Any, ...], ...]) -> tuple[tuple[Any, ...], ...]:
    """Entries are the same but for their end, which is the later one: lifting a block opens."""
    ends: dict[tuple[Any, ...], int] = {}
    for *entry, end in (*before, *after):
        ends[tuple(entry)] = max(end, ends.get(tuple(entry), BEGINNING))
    return tuple((*entry, end) for entry, end in ends.items())


def _views(before: tuple[tuple[Any, ...], ...], after: tuple[tuple[Any, ...], ...]) -> tuple[tuple[Any, ...], ...]:
    ends = {entry: end for *rest, end in after for entry in [tuple(rest)]}
    return tuple((*e, min(end, ends[tuple(e)])) for *e, end in before if tuple(e) in ends)


def _stone(before: Stone | None, after: Stone | None) -> Stone | None:
    if before is None or after is None:
        return before or after
    refusals = refusals_of_both(before.refusals, after.refusals)
    return Stone(max(before.final_at, after.final_at), hold=before.hold or after.hold, refusals=refusals)


def _asked_again(before: tuple[AskedAgain, ...], after: tuple[AskedAgain, ...]) -> tuple[AskedAgain, ...]:
    found: dict[About, frozenset[Action]] = {}
    for asked in (*before, *after):
        found[asked.about] = found.get(asked.about, frozenset()) | asked.actions
    return tuple(about.ends(actions) for about, actions in found.items())


def _levels(before: tuple[Level, Level], after: tuple[Level, Level]) -> tuple[Level, Level]:
    order = list(Level)
    team, others = (min(pair, key=order.index) for pair in zip(before, after, strict=True))
    return team, others


def _on_both(before: frozenset[str] | None, after: frozenset[str] | None) -> frozenset[str] | None:
    if before is None or after is None:
        return after if before is None else before
    return before & after


def _status(before: Status, after: Status) -> Status:
    return before if after is Status.GOOD else after


def _claims(before: tuple[ClaimMade, ...], after: tuple[ClaimMade, ...]) -> tuple[ClaimMade, ...]:
    """Refusals bind by every claim ever made; permits only by what both times was verified."""
    first, second = ({(claim.who, claim.name): claim.verified for claim in claims} for claims in (before, after))
    never = (NEVER.start, NEVER.end)
    return tuple(
        ClaimMade(who, name, _overlap(first.get((who, name), never), second.get((who, name), never)))
        for who, name in {**first, **second}
    )


def _latest(before: int, after: int) -> int:
    return max(before, after)


def _earliest(before: int, after: int) -> int:
    return min(before, after)


def _lower(before: Assurance, after: Assurance) -> Assurance:
    return min(before, after)


def _united(before: frozenset[str], after: frozenset[str]) -> frozenset[str]:
    return before | after


_RULES: Final[dict[str, dict[str, Callable[[Any, Any], Any]]]] = {
    "patient": {
        "adult_from": _older,
        "covered": _covered,
        "lines": all_lines,
        "care_team": care_team,
        "hold": _either,
        "layers": _layers,
        "blocks": _blocks,
        "emergency_yes_since": _latest,
        "peers_welcome": _both,
        "erased": _stone,
        "record": _kept,
        "levels": _levels,
        "asked_again": _asked_again,
        "yes_on": _on_both,
    },
    "hcp": {
        "accounts": _united,
        "status": _status,
        "checked_until": _earliest,
        "attested": _overlap,
        "assurance": _lower,
        "claims": _claims,
        "capacities": _kept,
        "cases": _blocks,
        "blocks": _blocks,
        "restrictions": _blocks,
        "emergency_views": _views,
        "badge": _kept,
        "name_withheld": _united,
    },
}
