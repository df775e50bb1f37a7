"""Edits of one patient's records, as a patient or another party makes them, and worlds that probe them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any, Final, NamedTuple

from governance.decision.decide import decide
from governance.decision.facts import Author, Layer
from governance.decision.provisions import ALWAYS, Provision, Provisions
from governance.decision.vocabulary import BEGINNING, FOREVER, UNKNOWN, Action, Contact, Effect, Reason
from tests.decision.laws import shorter
from tests.decision.shrink import shrink, tell
from tests.decision.universe import AUTHORS, BUNDLES, GRID, PLACES, WHOS
from tests.decision.worlds import Maker, World, worlds

PATIENT: Final = AUTHORS[0]
Change = Callable[[Maker, Author], dict[str, Any]]


class Edit(NamedTuple):
    """One patient's records before and after."""

    before: Author
    after: Author


def on_lines(change: Callable[[Maker, tuple[Provision, ...]], tuple[Provision, ...]]) -> Change:
    """Make a change of an author out of a change of the lines."""
    return lambda make, author: {"provisions": Provisions(change(make, author.provisions.lines))}


def without_one(make: Maker, items: tuple[Any, ...]) -> tuple[Any, ...]:
    gone = make.rng.randrange(len(items)) if items else 0
    return items[:gone] + items[gone + 1 :]


def without_a_permit(make: Maker, lines: tuple[Provision, ...]) -> tuple[Provision, ...]:
    permits = [line for line in lines if line.effect is Effect.PERMIT]
    gone = make.pick(permits) if permits else None
    return tuple(line for line in lines if line is not gone)


def with_shorter_permits(make: Maker, lines: tuple[Provision, ...]) -> tuple[Provision, ...]:
    return tuple(x if x.effect is Effect.REFUSE else replace(x, when=shorter(make, x.when)) for x in lines)


def with_one_changed(make: Maker, lines: tuple[Provision, ...]) -> tuple[Provision, ...]:
    if not lines:
        return (make.line(),)
    index = make.rng.randrange(len(lines))
    ways = (
        {"effect": make.pick(list(Effect))},
        {"who": make.pick(WHOS)},
        {"where": make.pick(PLACES)},
        {"actions": make.pick(BUNDLES)},
        {"when": make.span(0.3)},
        {"reach": make.span(0.3)},
        {"contact": make.pick(list(Contact))},
    )
    return (*lines[:index], replace(lines[index], **make.pick(ways)), *lines[index + 1 :])


def more_layers(make: Maker, author: Author) -> dict[str, Any]:
    return {"layers": (*author.layers, Layer(make.pick((None, "p")), (make.refusal(),)))}


def other_layers(make: Maker, author: Author) -> dict[str, Any]:
    fewer = tuple(x._replace(refusals=without_one(make, x.refusals)) for x in author.layers)
    return {"layers": make.pick((fewer, without_one(make, author.layers)))}


def other_team(make: Maker, author: Author) -> dict[str, Any]:
    team = author.care_team
    fewer = without_one(make, team)
    ended = tuple(entry._replace(during=make.span(0.2)) for entry in team[-1:])
    return {"care_team": make.pick(((*team, make.team_entry()), fewer, (*team[:-1], *ended)))}


TIGHTENING: Final[dict[str, Change]] = {
    "one more refusal": on_lines(lambda make, lines: (*lines, make.refusal())),
    "one permit less": on_lines(without_a_permit),
    "permits cut short": on_lines(with_shorter_permits),
    "a hold": lambda _make, _author: {"hold": True},
    "one more layer": more_layers,
    "one more block": lambda make, author: {"blocks": (*author.blocks, make.pair_block())},
    "no emergency yes": lambda _make, _author: {"emergency_yes_since": FOREVER},
    "no acknowledgement": lambda _make, _author: {"covered": {}},
    "nothing": lambda _make, _author: {},
}
LOOSENING: Final[dict[str, Change]] = {
    "one more permit": on_lines(lambda make, lines: (*lines, make.line(Effect.PERMIT))),
    "one line less": on_lines(without_one),
    "one line changed": on_lines(with_one_changed),
    "no hold": lambda _make, _author: {"hold": False},
    "fewer layers": other_layers,
    "fewer blocks": lambda make, author: {"blocks": without_one(make, author.blocks)},
    "another care team": other_team,
    "an emergency yes": lambda make, _author: {"emergency_yes_since": make.pick((BEGINNING, *GRID))},
    "an acknowledgement": lambda make, _author: {"covered": dict.fromkeys(make.pick(BUNDLES), make.span())},
    "everything acknowledged": lambda _make, _author: {"covered": dict.fromkeys(Action, ALWAYS)},
    "the tick for peers": lambda _make, author: {"peers_welcome": not author.peers_welcome},
    "another age": lambda make, _author: {"adult_from": make.pick((BEGINNING, *GRID, UNKNOWN))},
    "no tombstone": lambda _make, _author: {"erased": None},
}
TO_UNDO: Final[dict[str, Change]] = {
    "no hold": TIGHTENING["a hold"],
    "fewer layers": more_layers,
    "fewer blocks": TIGHTENING["one more block"],
    "no tombstone": lambda make, _author: {"erased": make.tombstone()},
}


def edit_of(make: Maker, changes: dict[str, Change], kind: str) -> Edit:
    """Draw a patient, and make a change of that kind, now and then a second one of any kind."""
    before = make.author(PATIENT)
    if make.chance(0.7):
        before = replace(before, provisions=Provisions(before.provisions.lines[:3]))
    if kind in TO_UNDO:
        before = replace(before, **TO_UNDO[kind](make, before))
    after = replace(before, **changes[kind](make, before))
    if make.chance(0.25):
        after = replace(after, **make.pick(list(changes.values()))(make, after))
    return Edit(before, after)


def probes(seed: int, count: int) -> list[World]:
    """Draw worlds with eligible viewers and words of the one patient."""
    found = []
    for world in worlds(seed, count):
        request, facts = world
        words = tuple(replace(words, author=PATIENT) for words in request.words[:1])
        probe = World(replace(request, words=words), facts)
        if request.viewer != PATIENT and decide(*probe).reason is not Reason.HCP_NOT_ELIGIBLE:
            found.append(probe)
    return found


def answers_to(edit: Edit, world: World) -> tuple[bool, bool]:
    """Say whether the probe is permitted before, and after."""
    asked = (replace(world.facts, authors={PATIENT: author}) for author in edit)
    before, after = (decide(world.request, facts).permit for facts in asked)
    return before, after


def told(edit: Edit, world: World, loosens: Callable[[Author, Author], object]) -> str:
    """Tell of an edit that opens this world and has no witness, made small."""

    def shows(edit: Edit, world: World) -> bool:
        return edit.before != edit.after and answers_to(edit, world) == (False, True) and loosens(*edit) is None

    found: Edit | None = edit
    while found is not None:
        edit = found
        found = next((smaller for smaller in _smaller(edit) if shows(smaller, world)), None)
    return "\n".join(map(tell, (*edit, shrink(world, lambda smaller: shows(edit, smaller)))))


def _smaller(edit: Edit) -> Iterator[Edit]:
    """Take the same thing away before and after."""
    for name in ("hold", "erased", "emergency_yes_since", "peers_welcome", "hcp", "adult_from"):
        plain = getattr(Author(PATIENT), name)
        if (getattr(edit.before, name), getattr(edit.after, name)) != (plain, plain):
            yield Edit(*(replace(author, **{name: plain}) for author in edit))
    for name in ("care_team", "layers", "blocks"):
        for gone in {*getattr(edit.before, name), *getattr(edit.after, name)}:
            yield Edit(*(replace(x, **{name: tuple(y for y in getattr(x, name) if y != gone)}) for x in edit))
    for gone in {*edit.before.provisions.lines, *edit.after.provisions.lines}:
        kept = (tuple(line for line in author.provisions.lines if line != gone) for author in edit)
        yield Edit(*(replace(x, provisions=Provisions(lines)) for x, lines in zip(edit, kept, strict=True)))


def opened(edit: Edit, probed: list[World], rng: Random, tries: int) -> World | None:
    """Look for a world that the edit turns from a refusal to a permit."""
    for world in rng.sample(probed, tries):
        if answers_to(edit, world) == (False, True):
            return world
    return None
