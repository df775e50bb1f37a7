"""A universe smaller still than that of `worlds`: every line meets every other, and every viewer is eligible.

Made to doubt a "nothing was opened": whatever the choices can tell apart is asked about, unknown times and
places, claims never verified, accounts tied to a professional, moderators and emergency views included.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, Final, NamedTuple

from governance.decision.facts import (
    Author,
    CapacityRecord,
    Claim,
    Community,
    EmergencyView,
    Facts,
    Hcp,
    Layer,
    PairBlock,
    Request,
    Room,
    Setting,
    TeamEntry,
    Tombstone,
    Viewer,
    Words,
)
from governance.decision.loosens.witness import OPEN_CONDUCT
from governance.decision.provisions import (
    ALWAYS,
    CARE_TEAM,
    EVERYWHERE,
    NEVER,
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
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    NOT_SENT,
    UNKNOWN,
    Action,
    Ages,
    Assurance,
    Capacity,
    Contact,
    Effect,
    Mark,
    Posture,
    Status,
)

NAMES: Final = (named("n1"), named("n2"))
CLAIMED: Final = (Who(WhoKind.ORGANISATION, "o1"), Who(WhoKind.ORGANISATION, "o2"), Who(WhoKind.PROFESSION, "o1"))
WHOS: Final = (*NAMES, *NAMES, *CLAIMED, CARE_TEAM, OTHERS, OTHERS)
NARROW: Final = tuple(Place(scale, "p", "x") for scale in list(Scale)[1:])
PLACES: Final = (*(EVERYWHERE,) * 4, *NARROW, Place(Scale.COMMUNITY, "p", "y"))
ASKED: Final = (
    (Action.VIEW,),
    (Action.REACT, Action.VIEW),
    (Action.QUOTE, Action.VIEW),
    (Action.RECORD, Action.VIEW),
    (Action.MODERATE, Action.VIEW),
    (Action.MESSAGE,),
    (Action.FIND,),
    (Action.MENTION,),
    (Action.LOOK_UP,),
)
LAST: Final = 4


class Probe(NamedTuple):
    """A request, and the facts about everybody but the author."""

    request: Request
    facts: Facts


class Corner:
    """Draws one author's records, edits of them, and requests; all about the same one or two actions."""

    def __init__(self, seed: str, number: int) -> None:
        self.rng = Random(f"{seed}:{number}")
        self.pick, self.actions = self.rng.choice, ASKED[number % len(ASKED)]
        self.timed, self.placed, self.contact = self.chance(0.6), self.chance(0.7), self.chance(0.3)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def some(self, most: int, make: Callable[[], Any]) -> tuple[Any, ...]:
        return tuple(make() for _ in range(self.rng.randrange(most + 1)))

    def span(self, always: float = 0.7) -> Interval:
        if not self.timed or self.chance(always):
            return ALWAYS
        start, end = sorted((self.rng.randrange(LAST), self.rng.randrange(LAST + 1)))
        return Interval(self.pick((start, start, BEGINNING)), self.pick((end, end, FOREVER)))

    def line(self, effect: Effect | None = None, who: Who | None = None) -> Provision:
        where = self.pick(PLACES) if self.placed else EVERYWHERE
        actions = frozenset(self.actions) if self.chance(0.7) else frozenset({self.pick(self.actions)})
        contact = self.pick(list(Contact)) if self.contact else Contact.ANY
        effect, who = effect or self.pick(list(Effect)), who or self.pick(WHOS)
        return Provision("x", effect, who, where, actions, self.span(), self.span(), contact)

    def entry(self) -> TeamEntry:
        return TeamEntry(self.pick((*NAMES, *CLAIMED[:2])), self.span(0.6))

    def layer(self) -> Layer:
        return Layer(self.pick((None, "p")), self.some(1, lambda: self.line(Effect.REFUSE)))

    def block(self) -> PairBlock:
        return PairBlock(self.pick(NAMES).name, self.span())

    def tombstone(self) -> Tombstone:
        refusals = self.some(1, lambda: self.line(Effect.REFUSE, self.pick(NAMES)))
        return Tombstone(self.rng.randrange(LAST), self.chance(0.2), refusals)

    def professional(self) -> Hcp:
        def record() -> CapacityRecord:
            return CapacityRecord(self.pick(list(Capacity)), "p", self.pick((None, "x")), self.span(0.3))

        return Hcp(capacities=(record(), *self.some(1, record)))

    def covered(self) -> dict[Action, Interval]:
        return {action: self.span(0.6) for action in Action if self.chance(0.95)}

    def author(self) -> Author:
        return Author(
            "a",
            record=self.chance(0.85),
            adult_from=self.pick((*(BEGINNING,) * 4, UNKNOWN, 1, 2)),
            covered=self.covered(),
            provisions=Provisions(self.some(6, self.line)),
            care_team=self.pick(((), self.some(2, self.entry))),
            hold=self.chance(0.05),
            layers=self.some(1, self.layer) if self.chance(0.3) else (),
            blocks=self.some(1, self.block) if self.chance(0.2) else (),
            emergency_yes_since=self.pick((FOREVER, FOREVER, 0, 1, 2)),
            peers_welcome=self.chance(0.25),
            erased=self.tombstone() if self.chance(0.1) else None,
            hcp=self.professional() if self.chance(0.1) else None,
        )

    def edited(self, author: Author) -> Author:
        """Change one field, most often a line, and now and then one more."""
        name = self.pick(("provisions",) * 10 + ("care_team",) * 3 + OTHER_FIELDS)
        after = replace(author, **{name: getattr(self.author(), name)})
        if name == "provisions":
            after = replace(author, provisions=Provisions(self._lines(author.provisions.lines)))
        elif name == "care_team":
            after = replace(author, care_team=self._without_one(author.care_team) + self.some(1, self.entry))
        return self.edited(after) if self.chance(0.25) else after

    def _lines(self, lines: tuple[Provision, ...]) -> tuple[Provision, ...]:
        how = self.rng.randrange(3)
        if how == 0 or not lines:
            return (*lines, self.line())
        if how == 1:
            return self._without_one(lines)
        index, name = self.rng.randrange(len(lines)), self.pick(("who", "where", "actions", "when", "reach", "effect"))
        return (*lines[:index], replace(lines[index], **{name: getattr(self.line(), name)}), *lines[index + 1 :])

    def _without_one(self, items: tuple[Any, ...]) -> tuple[Any, ...]:
        gone = self.rng.randrange(len(items) + 1)
        return items[:gone] + items[gone + 1 :]

    def probe(self) -> Probe:
        """Ask whatever somebody may ask about the author's words."""
        pick, account = self.pick, self.pick(("n1", "n2", "z"))
        room = Room(pick((*Posture, Posture.INFORMED)), pick((Ages.ADULTS, *Ages)))
        community = pick(("x", "x", "y", "z", NOT_SENT))
        words = Words("a", community, *self._where_and_when())
        setting, moderators = Setting(BEGINNING, *room), frozenset({account} if self.chance(0.3) else ())
        communities = {} if community is NOT_SENT else {community: Community((setting,), moderators)}
        request = Request("p", account, pick(self.actions), (words,), self._instant(), flagged=self.chance(0.3))
        request = replace(request, initiated_by_patient=pick((True, False, NOT_SENT)))
        return Probe(request, Facts(self._viewer(account), {}, OPEN_CONDUCT, communities, room))

    def _where_and_when(self) -> tuple[Any, ...]:
        pick = self.pick
        thread, post = pick(("x", "x", "z", NOT_SENT)), pick(("x", "x", "z", NOT_SENT))
        return thread, post, pick((self._instant(),) * 5 + (NOT_SENT,)), pick((None, None, NOT_SENT, self._instant()))

    def _viewer(self, account: str) -> Viewer:
        if self.chance(0.07):
            return Viewer(account)
        views = (EmergencyView("p", "x", Interval(self._instant(), 9)),) if self.chance(0.2) else ()
        hcp = Hcp(
            accounts=frozenset(who.name for who in NAMES if self.chance(0.25)),
            status=Status.GOOD,
            checked_until=FOREVER,
            attested=ALWAYS,
            assurance=self.pick((Assurance.A4, Assurance.A4, Assurance.A3)),
            claims=tuple(Claim(who, self.pick((ALWAYS, ALWAYS, NEVER))) for who in CLAIMED if self.chance(0.45)),
            capacities=(CapacityRecord(self.pick((Capacity.PROFESSIONAL, *Capacity)), "p", None, ALWAYS),),
            emergency_views=views,
        )
        return Viewer(account, frozenset({Mark.REGISTERED}), hcp)

    def _instant(self) -> int:
        return self.rng.randrange(-1, LAST + 1)


OTHER_FIELDS: Final = (
    "layers",
    "blocks",
    "hold",
    "peers_welcome",
    "emergency_yes_since",
    "erased",
    "record",
    "hcp",
    "adult_from",
    "covered",
)
