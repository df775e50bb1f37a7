"""Of two things that a room said, the stricter: nothing that only the later one permits, all that either refuses.

What was said after a backup and opened something is not opened again by a restore; what it closed stays closed. Adding
a refusal, dropping a permit and shortening a time never turn a refusal into a permit; this uses nothing else.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from governance.decision.provisions import NEVER
from governance.decision.vocabulary import BEGINNING, Assurance, Capacity, Effect, Level, Status
from governance.effective.documents import (
    ClaimMade,
    Kind,
    LayerLines,
    Line,
    Member,
    Span,
    Stone,
    compiled,
)

_MOMENT: Final = 1


def stricter(kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to say instead of `after` where `before` was said. For patients and professionals."""
    rules = _RULES[kind]
    first, second = compiled(kind, {"": dict(before)}), compiled(kind, {"": dict(after)})
    return {name: rules[name](getattr(first, name), getattr(second, name)) for name in {**before, **after}}


def _unknown_wins(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else max(before, after)


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


def _lines(before: tuple[Line, ...], after: tuple[Line, ...]) -> tuple[Line, ...]:
    said = {_nameless(line) for line in after}
    kept = [line for line in before if line.effect is Effect.REFUSE or _nameless(line) in said]
    there, names = {_nameless(line) for line in kept}, {line.id for line in kept}
    added = [line for line in after if line.effect is Effect.REFUSE and _nameless(line) not in there]
    return (*kept, *(_renamed(line, names) for line in added))


def _nameless(line: Line) -> Line:
    return msgspec.structs.replace(line, id="")


def _renamed(line: Line, names: set[str]) -> Line:
    name = line.id
    while name in names:
        name += "'"
    names.add(name)
    return msgspec.structs.replace(line, id=name)


def _care_team(before: tuple[Member, ...], after: tuple[Member, ...]) -> tuple[Member, ...]:
    """Whoever is not in both has left: then the refusals of both classes hold for them and the permits of neither."""
    first, second = ({(m.who, m.name, m.during[0]): m for m in team} for team in (before, after))
    ends = {
        key: min(first[key].during[1], second[key].during[1])
        if key in first and key in second
        else min((first.get(key) or second[key]).during[1], key[2] + _MOMENT)
        for key in {**first, **second}
    }
    return tuple(Member(who, name, (start, end)) for (who, name, start), end in ends.items())


def _layers(before: tuple[LayerLines, ...], after: tuple[LayerLines, ...]) -> tuple[LayerLines, ...]:
    found = {(layer.by, layer.platform): layer for layer in before}
    for layer in after:
        old = found.get((layer.by, layer.platform), layer)
        lines = {line.id: line for line in (*layer.refusals, *old.refusals)}
        found[layer.by, layer.platform] = msgspec.structs.replace(layer, refusals=tuple(lines.values()))
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
    refusals = _lines(before.refusals, after.refusals)
    return Stone(max(before.final_at, after.final_at), hold=before.hold or after.hold, refusals=refusals)


def _levels(before: tuple[Level, Level], after: tuple[Level, Level]) -> tuple[Level, Level]:
    order = list(Level)
    team, others = (min(pair, key=order.index) for pair in zip(before, after, strict=True))
    return team, others


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


def _capacities(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[Any, ...]:
    """As a peer they may meet patients whom a professional may not; as a professional everybody may be met."""
    both = [capacity for capacity in before if capacity in after or capacity[0] is not Capacity.PEER]
    return (*both, *(one for one in after if one not in both and one[0] is not Capacity.PEER))


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
        "adult_from": _unknown_wins,
        "covered": _covered,
        "lines": _lines,
        "care_team": _care_team,
        "hold": _either,
        "layers": _layers,
        "blocks": _blocks,
        "emergency_yes_since": _latest,
        "peers_welcome": _both,
        "erased": _stone,
        "record": _kept,
        "levels": _levels,
    },
    "hcp": {
        "accounts": _united,
        "status": _status,
        "checked_until": _earliest,
        "attested": _overlap,
        "assurance": _lower,
        "claims": _claims,
        "capacities": _capacities,
        "cases": _blocks,
        "blocks": _blocks,
        "emergency_views": _views,
        "badge": _kept,
    },
}
