"""The decision's questions in the words of the engine: which of them the patient's own Consent settles, and how."""

import random
from dataclasses import replace

from governance.decision.decide import explain
from governance.decision.facts import Community, Facts, Request, Room, Setting, Viewer, Words
from governance.decision.provisions import ALWAYS, Interval, Provisions, WhoKind
from governance.decision.verdicts import Step
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    NOT_SENT,
    PERSON_ACTIONS,
    Ages,
    Assurance,
    Capacity,
    Mark,
    Posture,
    Status,
)
from governance.fhir.codes import Namespaces
from governance.fhir.consent import own_consent, version_of
from governance.fhir.provisions import Names
from tests.decision.universe import (
    ASKED,
    AUTHORS,
    COMMUNITIES,
    GRID,
    PLATFORMS,
    POSTS,
    PROFESSIONALS,
    THREADS,
    USUAL,
)
from tests.decision.worlds import Maker, World
from tests.fhir.engine import Asker, Engine, Question

SPACES = Namespaces("https://consent.example")
SYSTEMS = {WhoKind.ORGANISATION: "organisation", WhoKind.PROFESSION: "profession"}
SETTLED = {Step.HOLD_OR_LAYER, Step.PROVISIONS, Step.BLOCK}


def consent_of(author):
    """The newest version of what a patient takes away."""
    version = version_of(1, Interval(0, FOREVER), author)
    return own_consent("own", author, version, Names(SPACES, own=True))


def settled_by_choices(world):
    """Each verdict that the patient's choices alone gave, with its words."""
    words = {part.author: part for part in world.request.words}
    if len(words) < len(world.request.words) or not world.facts.viewer.governed_by:
        return
    for verdict in explain(world.request, world.facts).verdicts:
        # A pair block is an officer's, not the patient's.
        if verdict.step in SETTLED and (verdict.step is not Step.BLOCK or verdict.line is not None):
            yield verdict, words[verdict.author]


def asker(viewer, capacity, at):
    claims = [(named(SYSTEMS[claim.who.kind], claim.who.name), claim.verified) for claim in viewer.hcp.claims]
    return Asker(
        named("professional", viewer.account),
        accounts={named("professional", account) for account in viewer.names},
        claimed={name for name, _ in claims},
        proven={name for name, verified in claims if verified.covers(at)},
        sure=viewer.hcp.assurance >= Assurance.A4,
        peer=capacity is Capacity.PEER,
    )


def question(request, words, action):
    said = {"community": words.community, "thread": words.thread, "post": words.post}
    times = [words.created] if words.edited is None else [words.created, words.edited]
    first = request.initiated_by_patient
    return Question(
        action.value,
        request.at,
        request.platform,
        on_person=action in PERSON_ACTIONS,
        places={kind: place for kind, place in said.items() if place is not NOT_SENT},
        written=[None if time is NOT_SENT else time for time in times],
        patient_first=first if isinstance(first, bool) else None,
    )


class Engines:
    """An engine for each author, made once."""

    def __init__(self, make=consent_of):
        self._make, self._made = make, {}

    @property
    def made(self):
        return len(self._made)

    def permits(self, world, verdict, words):
        author = world.facts.authors[verdict.author]
        # With the author, so that no other one gets its address.
        if id(author) not in self._made:
            self._made[id(author)] = author, Engine(self._make(author))
        engine = self._made[id(author)][1]
        who = asker(world.facts.viewer, verdict.capacity, world.request.at)
        return engine.permits(who, question(world.request, words, verdict.action))


def named(kind, value):
    return SPACES.of(kind), value


class Drawn:
    """Random directives, each with some questions to it by professionals whom nothing but a choice can stop."""

    def __init__(self, seed, most_lines=5):
        self.rng, self.most = random.Random(seed), most_lines
        self.make = Maker(self.rng)
        # Drawn once and then combined: drawing costs more than deciding.
        self.viewers = [self._viewer() for _ in range(24)]
        self.others = [self._author() for _ in range(48)]
        self.lines = [line for _ in range(80) for line in self.make.choices()]
        room = Community((Setting(BEGINNING, Posture.INFORMED, Ages.ADULTS),))
        self.places = dict.fromkeys(COMMUNITIES, room), Room(Posture.INFORMED, Ages.ADULTS)

    def worlds(self, directives, questions=4):
        for _ in range(directives):
            lines = tuple(self.rng.sample(self.lines, self.rng.randrange(self.most + 1)))
            author = replace(self.make.pick(self.others), provisions=Provisions(lines))
            for _ in range(questions):
                viewer = self.make.pick(self.viewers)
                yield World(self._request(viewer, author), Facts(viewer, {author.account: author}, USUAL, *self.places))

    def _viewer(self):
        hcp = replace(self.make.hcp(), status=Status.GOOD, checked_until=FOREVER, attested=ALWAYS, blocks=(), cases=())
        if self.make.chance(0.85):
            hcp = replace(hcp, assurance=Assurance.A4)
        return Viewer(self.make.pick(PROFESSIONALS), frozenset({Mark.REGISTERED}), replace(hcp, emergency_views=()))

    def _author(self):
        drawn = replace(self.make.author(AUTHORS[0]), record=True, adult_from=BEGINNING, blocks=(), hcp=None)
        team = tuple(entry for entry in drawn.care_team if entry.during.start < entry.during.end)
        return replace(drawn, care_team=team)

    def _request(self, viewer, author):
        pick = self.make.pick
        words = Words(
            author.account,
            community=pick((*COMMUNITIES, NOT_SENT)),
            thread=pick((*THREADS, NOT_SENT)),
            post=pick((*POSTS, NOT_SENT)),
            created=pick((*GRID, NOT_SENT)),
            edited=pick((*GRID, None, None, None, NOT_SENT)),
        )
        first = pick((True, False, NOT_SENT))
        return Request(pick(PLATFORMS), viewer.account, pick(ASKED), (words,), pick(GRID), initiated_by_patient=first)
