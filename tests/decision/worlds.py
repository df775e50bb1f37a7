"""Worlds to decide in: a seeded, fast generator over a universe so small that everything collides.

Times lie on a grid of twelve instants, so that half-open edges are hit. People are drawn once per
`PER_POOL` worlds and then combined, which makes a world cost some microseconds.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, TypeVar

from governance.decision.facts import (
    Author,
    CapacityRecord,
    Claim,
    Community,
    Conduct,
    EmergencyView,
    Facts,
    Hcp,
    Layer,
    PairBlock,
    Request,
    Restriction,
    Room,
    Setting,
    TeamEntry,
    Tombstone,
    Viewer,
    Words,
)
from governance.decision.provisions import (
    ALWAYS,
    NEVER,
    Interval,
    Provision,
    Provisions,
    Who,
)
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    NOT_SENT,
    UNKNOWN,
    AccountKey,
    Action,
    Ages,
    Assurance,
    Capacity,
    Contact,
    Effect,
    Instant,
    Mark,
    Posture,
    Status,
)
from tests.decision.universe import (
    ASKED,
    AUTHORS,
    BUNDLES,
    CLASSES,
    COMMUNITIES,
    GRID,
    NAMES,
    ORGANISATIONS,
    PLACES,
    PLATFORMS,
    POSTS,
    POSTURES,
    PROFESSIONALS,
    PROFESSIONS,
    THREADS,
    TIED,
    TO_A_PERSON,
    USUAL,
    WHOS,
)

T = TypeVar("T")
PER_POOL: Final = 400


class World(NamedTuple):
    """What a decision is made of."""

    request: Request
    facts: Facts


class Maker:
    """Draws people and communities; every field of every fact varies."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.pick = rng.choice

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def some(self, most: int, make: Callable[[], T]) -> tuple[T, ...]:
        return tuple(make() for _ in range(self.rng.randrange(most + 1)))

    def span(self, always: float = 0.6) -> Interval:
        if self.chance(always):
            return ALWAYS
        start, end = self.pick(GRID), self.pick(GRID)
        start, end = min(start, end), max(start, end)
        edges = self.rng.random()
        return NEVER if edges < 0.05 else Interval(BEGINNING if edges < 0.3 else start, FOREVER if edges > 0.7 else end)

    def short_span(self, length: int = 5) -> Interval:
        start = self.pick(GRID)
        return Interval(start, start + self.rng.randrange(length))

    def line(self, effect: Effect | None = None, whos: Sequence[Who] = WHOS, always: float = 0.8) -> Provision:
        actions = self.pick(BUNDLES) if self.chance(0.8) else frozenset(self.rng.sample(list(Action), 3))
        contact = Contact.ANY if self.chance(always) else self.pick(list(Contact))
        effect = effect or self.pick((Effect.PERMIT, Effect.REFUSE))
        when, reach = self.span(always), self.span(always)
        who, where, name = self.pick(whos), self.pick(PLACES), f"l{self.rng.randrange(1000)}"
        return Provision(name, effect, who, where, actions, when, reach, contact)

    def choices(self) -> tuple[Provision, ...]:
        """Lines about a few people or about many, with limits or hardly any."""
        whos, always = (*CLASSES, self.pick(WHOS)), self.pick((0.8, 0.97))
        return self.some(12, lambda: self.line(whos=whos if self.chance(0.6) else WHOS, always=always))

    def busy_lines(self) -> tuple[Provision, ...]:
        """So many lines about so few people that the index has to find them by place."""
        whos = (*CLASSES, self.pick(NAMES))
        return tuple(self.line(whos=whos) for _ in range(40))

    def refusal(self) -> Provision:
        return self.line(Effect.REFUSE)

    def like(self, lines: Sequence[Provision]) -> Provision:
        """A refusal of the same people in the same place as another line, of other actions or times."""
        return replace(self.refusal(), who=(line := self.pick(lines)).who, where=line.where)

    def refusal_by_name(self) -> Provision:
        return self.line(Effect.REFUSE, NAMES)

    def claim(self) -> Claim:
        return Claim(self.pick(ORGANISATIONS + PROFESSIONS), self.span())

    def capacity(self) -> CapacityRecord:
        capacity, community = self.pick(list(Capacity)), self.pick((None, None, None, *COMMUNITIES))
        return CapacityRecord(capacity, self.pick(PLATFORMS), community, self.span())

    def restriction(self) -> Restriction:
        return Restriction(self.pick(list(Action)), self.span())

    def emergency_view(self) -> EmergencyView:
        return EmergencyView(self.pick(PLATFORMS), self.pick(THREADS), self.short_span(9))

    def hcp(self) -> Hcp:
        rng, good = self.rng, self.chance(0.9)
        return Hcp(
            accounts=self.pick(TIED) if self.chance(0.9) else frozenset(rng.sample(PROFESSIONALS, 2)),
            status=Status.GOOD if good or self.chance(0.3) else self.pick(list(Status)),
            checked_until=self.pick((*GRID[8:], *(FOREVER,) * 20)) if good else self.pick(GRID),
            attested=self.span(0.97 if good else 0.6),
            assurance=Assurance.A4 if good and self.chance(0.93) else self.pick(list(Assurance)),
            claims=self.some(3, self.claim),
            capacities=self.some(3, self.capacity) if self.chance(0.6) else (),
            cases=self.some(2, self.span) if self.chance(0.3) else (),
            blocks=self.some(2, self.short_span) if self.chance(0.07) else (),
            restrictions=self.some(3, self.restriction) if self.chance(0.1) else (),
            emergency_views=self.some(5, self.emergency_view) if self.chance(0.6) else (),
        )

    def viewer(self) -> Viewer:
        if self.chance(0.16):
            hcp = self.hcp() if self.chance(0.2) else Hcp()
            return Viewer(self.pick((AUTHORS[0], *PROFESSIONALS)), frozenset(), hcp)
        marks = frozenset(self.rng.sample(list(Mark), self.rng.randrange(1, 3)))
        return Viewer(self.pick(PROFESSIONALS), marks, self.hcp() if self.chance(0.97) else Hcp())

    def team_entry(self) -> TeamEntry:
        return TeamEntry(self.pick(NAMES + ORGANISATIONS), self.span())

    def layer(self) -> Layer:
        return Layer(self.pick((None, *PLATFORMS)), self.some(2, self.refusal))

    def pair_block(self) -> PairBlock:
        return PairBlock(self.pick(PROFESSIONALS), self.span())

    def tombstone(self) -> Tombstone:
        return Tombstone(self.pick(GRID), self.chance(0.2), self.some(2, self.refusal_by_name))

    def author(self, account: AccountKey) -> Author:
        rng, professional = self.rng, account in PROFESSIONALS
        record = self.chance(0.3 if professional else 0.9)
        known = record or self.chance(0.05)
        covers = self.span() if self.chance(0.3) else ALWAYS
        covered = rng.sample(list(Action), 9) if self.chance(0.2) else Action
        lines = self.choices() + (self.busy_lines() if self.chance(0.08) else ())
        return Author(
            account=account,
            record=record,
            adult_from=self.pick((BEGINNING, BEGINNING, *GRID[::3], UNKNOWN)) if known else UNKNOWN,
            covered=dict.fromkeys(covered, covers) if record and self.chance(0.95) else {},
            provisions=Provisions(lines if record or self.chance(0.1) else ()),
            care_team=self.some(2, self.team_entry) if known else (),
            hold=known and self.chance(0.05),
            layers=self.some(2, self.layer) if self.chance(0.15) else (),
            blocks=(self.pair_block(),) if self.chance(0.07) else (),
            emergency_yes_since=self.pick((*GRID, *(BEGINNING,) * 6, FOREVER)) if known else FOREVER,
            peers_welcome=known and self.chance(0.4),
            erased=self.tombstone() if self.chance(0.08) else None,
            hcp=self.hcp() if professional or self.chance(0.1) else None,
        )

    def community(self) -> Community:
        since = sorted(self.rng.sample((*(Instant(BEGINNING + i) for i in range(8)), *GRID), self.pick((1, 1, 2, 3))))
        history = tuple(Setting(x, self.pick(POSTURES), self.pick(list(Ages))) for x in since)
        accounts = (*PROFESSIONALS, *AUTHORS)
        return Community(history, frozenset(self.rng.sample(accounts, self.rng.randrange(4))))

    def conduct(self) -> Conduct:
        if self.chance(0.92):
            return USUAL
        assurance = {action: self.pick(list(Assurance)) for action in self.rng.sample(list(Action), 10)}
        return Conduct(assurance, {x: self.pick(BUNDLES) for x in self.rng.sample(list(Status), 5)})

    def surroundings(self) -> tuple[dict[str, Community], Room]:
        found = {name: self.community() for name in COMMUNITIES if self.chance(0.93)}
        settings = [setting for community in found.values() for setting in community.history]
        postures, ages = {x.posture for x in settings}, {x.ages for x in settings}
        if self.chance(0.1):
            postures.add(self.pick(list(Posture)))
        strictest = next((x for x in Posture if x in postures), Posture.INFORMED)
        return found, Room(strictest, Ages.ADULTS if ages == {Ages.ADULTS} else Ages.MIXED)


class Pool:
    """People, communities and rules that some hundred worlds share."""

    def __init__(self, seed: str) -> None:
        self.rng = random.Random(seed)
        make = self.make = Maker(self.rng)
        self.viewers = [make.viewer() for _ in range(24)]
        self.authors = {account: [make.author(account) for _ in range(16)] for account in AUTHORS}
        self.surroundings = [make.surroundings() for _ in range(12)]
        self.conducts = [make.conduct() for _ in range(4)]
        self.asked = ASKED if self.rng.random() < 0.8 else TO_A_PERSON
        self.words = [self._words() for _ in range(96)]

    def _words(self) -> Words:
        pick = self.rng.choice
        return Words(
            author=pick(AUTHORS),
            community=pick((*COMMUNITIES * 6, "c9", NOT_SENT, NOT_SENT)),
            thread=pick((*THREADS, *THREADS, NOT_SENT)),
            post=pick((*POSTS, *POSTS, NOT_SENT)),
            created=pick((*GRID, NOT_SENT)),
            edited=pick((*GRID, *(None,) * len(GRID), NOT_SENT, NOT_SENT)),
        )

    def _letter(self, viewer: Viewer) -> dict[str, object]:
        if self.rng.random() < 0.85:
            return {}
        pick = self.rng.choice
        recipients = pick(({viewer.account}, {viewer.account, AUTHORS[0]}, {AUTHORS[1]}, set()))
        return {"sender": pick((*AUTHORS, NOT_SENT)), "recipients": frozenset(recipients)}

    def world(self) -> World:
        rng, pick = self.rng, self.rng.choice
        viewer, (communities, strictest) = pick(self.viewers), pick(self.surroundings)
        how_many = rng.random()
        words = tuple(rng.sample(self.words, 1 if how_many < 0.75 else 2 if how_many < 0.96 else pick((0, 3, 4))))
        authors = {account: pick(kin) for account, kin in self.authors.items()}
        if rng.random() < 0.03:
            del authors[pick(AUTHORS)]
        request = Request(
            platform=pick(PLATFORMS),
            viewer=viewer.account if rng.random() < 0.99 else pick(PROFESSIONALS),
            action=pick(self.asked),
            words=words,
            at=pick(GRID),
            flagged=pick((True, True, False, NOT_SENT)),
            initiated_by_patient=pick((True, True, False, NOT_SENT)),
            **self._letter(viewer),
        )
        return World(request, Facts(viewer, authors, pick(self.conducts), communities, strictest))


def worlds(seed: int, count: int) -> Iterator[World]:
    """Draw worlds; the same seed gives the same worlds."""
    for number in range(-(-count // PER_POOL)):
        pool = Pool(f"{seed}:{number}")
        for _ in range(min(PER_POOL, count - number * PER_POOL)):
            yield pool.world()
