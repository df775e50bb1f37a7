"""Records as patients may come to have them, up to 200 lines, and what they change: to measure `loosens` on.

A record grows from choices: two levels, levels of single places, people and organisations one lets in or keeps
out, threads one closes, some for a time or for new posts only. What ended stays, as it does in a directive.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, Final

from governance.decision.facts import Author, Layer, PairBlock, TeamEntry, Tombstone
from governance.decision.levels import CHOSEN_ACTIONS, EXTRAS, for_new_posts_only, provisions_of_level
from governance.decision.provisions import (
    CARE_TEAM,
    EVERYWHERE,
    OTHERS,
    Interval,
    Place,
    Provision,
    Provisions,
    Scale,
    Who,
    WhoKind,
    named,
)
from governance.decision.vocabulary import BEGINNING, FOREVER, UNKNOWN, Action, Effect, Level

MOST_LINES: Final = 200
NOW: Final = 1_000
PLATFORMS: Final = ("p", "q", "r")
PEOPLE: Final = tuple(named(f"{platform}/{number}") for platform in PLATFORMS for number in range(40))
ORGANISATIONS: Final = tuple(Who(WhoKind.ORGANISATION, f"o{number}") for number in range(6))
PROFESSIONS: Final = tuple(Who(WhoKind.PROFESSION, f"f{number}") for number in range(3))
CLASSES: Final = (CARE_TEAM, OTHERS)
NOTHING: Final = tuple(Provision("no", Effect.REFUSE, who, EVERYWHERE, frozenset(Action)) for who in CLASSES)
Lines = tuple[Provision, ...]


class Patient:
    """Draws one patient's records, and changes of them."""

    def __init__(self, seed: str) -> None:
        self.rng = Random(seed)
        self.pick = self.rng.choice

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def some(self, most: int, make: Callable[[], Any]) -> tuple[Any, ...]:
        return tuple(make() for _ in range(self.rng.randrange(most + 1)))

    def time(self) -> int:
        return self.rng.randrange(1, NOW)

    def place(self) -> Place:
        platform, narrow = self.pick(PLATFORMS), self.pick((Scale.COMMUNITY, Scale.COMMUNITY, Scale.THREAD, Scale.POST))
        places = (EVERYWHERE, Place(Scale.PLATFORM, platform), Place(narrow, platform, f"x{self.rng.randrange(8)}"))
        return self.rng.choices(places, (6, 2, 2))[0]

    def level(self, who: Who, where: Place = EVERYWHERE) -> Lines:
        extras = frozenset(self.rng.sample(sorted(EXTRAS), self.rng.randrange(3)))
        lines = provisions_of_level(self.pick(list(Level)), who, name="level", extras=extras, where=where)
        return for_new_posts_only(lines, Interval(self.time(), FOREVER)) if self.chance(0.15) else lines

    def choice(self) -> Lines:
        """One thing a patient decided about somebody, somewhere."""
        who = self.rng.choices(
            (self.pick(PEOPLE), self.pick((*ORGANISATIONS, *PROFESSIONS)), self.pick(CLASSES)), (6, 2, 2)
        )[0]
        where, kind = self.place(), self.rng.random()
        if kind < 0.5:
            lines: Lines = (Provision("no", Effect.REFUSE, who, where, CHOSEN_ACTIONS),)
        elif kind < 0.85:
            lines = self.level(who, where)
        else:
            some = frozenset(self.rng.sample(sorted(CHOSEN_ACTIONS), 2))
            lines = (Provision("some", self.pick(list(Effect)), who, where, some),)
        when = Interval(start := self.time(), self.rng.randrange(start, NOW + 100))
        return tuple(replace(line, when=when) for line in lines) if self.chance(0.15) else lines

    def lines(self, size: int) -> Lines:
        found: Lines = (*self.level(CARE_TEAM), *self.level(OTHERS))
        while len(found) < size:
            found += self.choice()
        return found[:size]

    def entry(self) -> TeamEntry:
        start = self.time()
        end = self.pick((FOREVER, FOREVER, self.rng.randrange(start, NOW)))
        return TeamEntry(self.pick((*PEOPLE, *ORGANISATIONS)), Interval(start, end))

    def layer(self) -> Layer:
        return Layer(
            self.pick((None, *PLATFORMS)), tuple(line for line in self.choice() if line.refuses) or NOTHING[1:]
        )

    def record(self, size: int) -> Author:
        return Author(
            "p/patient",
            record=True,
            adult_from=self.pick((BEGINNING, BEGINNING, BEGINNING, UNKNOWN, NOW + 50)),
            covered=dict.fromkeys(Action, Interval(self.time(), FOREVER)),
            provisions=Provisions(self.lines(size)),
            care_team=self.some(10, self.entry),
            layers=self.some(2, self.layer) if self.chance(0.4) else (),
            blocks=self.some(2, lambda: PairBlock(self.pick(PEOPLE).name, Interval(self.time(), NOW + 90))),
            emergency_yes_since=self.pick((FOREVER, self.time())),
            peers_welcome=self.chance(0.3),
        )

    def without_one(self, items: tuple[Any, ...]) -> tuple[Any, ...]:
        gone = self.rng.randrange(len(items)) if items else 0
        return items[:gone] + items[gone + 1 :]

    def edit(self, kind: str, size: int) -> tuple[Author, Author]:
        """Draw a record and change it; often so that the search has to go to its end, because nothing opens."""
        before = replace(self.record(size), **BEFORE.get(kind, {}))
        after = replace(before, **CHANGES[kind](self, before))
        shut = {"layers": (*before.layers, Layer(None, NOTHING))}
        how = self.rng.random()
        if how < 0.3:
            return replace(before, **shut), replace(after, **shut)
        return before, replace(after, layers=(*after.layers, Layer(None, NOTHING))) if how < 0.4 else after


def on_lines(change: Callable[[Patient, Lines], Lines]) -> Callable[[Patient, Author], dict[str, Any]]:
    """Make a change of an author out of a change of the lines."""
    return lambda draw, author: {"provisions": Provisions(change(draw, author.provisions.lines))}


def _with_another_level(draw: Patient, lines: Lines) -> Lines:
    who = draw.pick(CLASSES)
    kept = tuple(x for x in lines if (x.who, x.where) != (who, EVERYWHERE) or not x.id.startswith("level"))
    return (*kept, *draw.level(who))


def _with_one_moved(draw: Patient, lines: Lines) -> Lines:
    moved = draw.pick(lines)
    return tuple(replace(line, where=draw.place()) if line is moved else line for line in lines)


CHANGES: Final[dict[str, Callable[[Patient, Author], dict[str, Any]]]] = {
    "another level": on_lines(_with_another_level),
    "one choice more": on_lines(lambda draw, lines: (*lines, *draw.choice())),
    "one line less": on_lines(lambda draw, lines: draw.without_one(lines)),
    "one line moved": on_lines(_with_one_moved),
    "what ended forgotten": on_lines(lambda _draw, lines: tuple(line for line in lines if line.when.end > NOW)),
    "all chosen anew": on_lines(lambda draw, lines: draw.lines(len(lines))),
    "one more in the care team": lambda draw, author: {"care_team": (*author.care_team, draw.entry())},
    "one less in the care team": lambda draw, author: {"care_team": draw.without_one(author.care_team)},
    "the hold lifted": lambda _draw, _author: {"hold": False},
    "a layer less": lambda draw, author: {"layers": draw.without_one(author.layers)},
    "the tick for peers": lambda _draw, author: {"peers_welcome": not author.peers_welcome},
    "all acknowledged": lambda _draw, _author: {"covered": dict.fromkeys(Action, Interval(BEGINNING, FOREVER))},
    "of age": lambda _draw, _author: {"adult_from": NOW - 500},
    "an emergency yes": lambda _draw, _author: {"emergency_yes_since": 0},
    "no erasure": lambda _draw, _author: {"erased": None},
}
BEFORE: Final[dict[str, dict[str, Any]]] = {"the hold lifted": {"hold": True}, "no erasure": {"erased": Tombstone(NOW)}}
