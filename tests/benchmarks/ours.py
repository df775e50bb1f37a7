"""Our own contestants: `decide` question by question, and pages from a memo; and the oracle that judges all."""

from functools import lru_cache
from typing import Final

from governance.decision.decide import decide
from governance.decision.facts import (
    Author,
    CapacityRecord,
    Claim,
    Community,
    Conduct,
    Facts,
    Hcp,
    PairBlock,
    Request,
    Setting,
    TeamEntry,
    Viewer,
    Words,
)
from governance.decision.levels import CHOSEN_ACTIONS, provisions_of_level
from governance.decision.memo import Memo
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
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    Action,
    Ages,
    Assurance,
    Capacity,
    Effect,
    Mark,
    Reason,
    Status,
)
from tests.benchmarks.population import BY_NAME, NOW, PLATFORM, YEAR, Ask, Patient, Population, Professional
from tests.decision.oracle import oracle

_A3: Final = {Action.VIEW, Action.FIND, Action.REACT, Action.REPLY, Action.MODERATE}
CONDUCT: Final = Conduct(
    {action: Assurance.A3 if action in _A3 else Assurance.A4 for action in Action}, {Status.GOOD: frozenset(Action)}
)
SOON: Final = Interval(NOW - YEAR, NOW + YEAR)


def viewer_of(professional: Professional) -> Viewer:
    hcp = Hcp(
        accounts=frozenset({professional.account}),
        status=Status.GOOD,
        checked_until=NOW + YEAR,
        attested=SOON,
        assurance=Assurance.A4 if professional.eligible else Assurance.A1,
        claims=(Claim(Who(WhoKind.PROFESSION, "nurse"), SOON), Claim(_organisation(professional.organisation), SOON)),
        capacities=(CapacityRecord(Capacity.PROFESSIONAL, PLATFORM, None, SOON),),
        blocks=(SOON,) if professional.blocked else (),
    )
    return Viewer(professional.account, frozenset({Mark.REGISTERED}), hcp)


def author_of(patient: Patient) -> Author:
    return Author(
        account=patient.account,
        record=True,
        adult_from=BEGINNING,
        covered=dict.fromkeys(Action, Interval(NOW - YEAR, FOREVER)) if patient.acknowledged else {},
        provisions=Provisions(tuple(_lines(patient))),
        care_team=tuple(TeamEntry(named(account)) for account in sorted(patient.care_team)),
        hold=patient.hold,
        blocks=tuple(PairBlock(account) for account in patient.blocked),
    )


def _lines(patient: Patient) -> list[Provision]:
    places = [Place(Scale.COMMUNITY, PLATFORM, community) for community in patient.closed_communities]
    return [
        *provisions_of_level(patient.for_care_team, CARE_TEAM, name="care team"),
        *provisions_of_level(patient.for_others, OTHERS, name="others"),
        *(_refusal(named(account)) for account in patient.refused),
        *(Provision("permit", Effect.PERMIT, named(account), EVERYWHERE, BY_NAME) for account in patient.permitted),
        *(_refusal(_organisation(name)) for name in patient.refused_organisations),
        *(_refusal(OTHERS, place) for place in places),
    ]


def _refusal(who: Who, where: Place = EVERYWHERE) -> Provision:
    return Provision("refuse", Effect.REFUSE, who, where, CHOSEN_ACTIONS)


def _organisation(name: str) -> Who:
    return Who(WhoKind.ORGANISATION, name)


class Prepared:
    """The facts of a population, one `Facts` a viewer, and its questions as requests."""

    def __init__(self, population: Population) -> None:
        authors = {name: author_of(patient) for name, patient in population.patients.items()}
        communities = {
            name: Community((Setting(BEGINNING, posture, Ages.MIXED),)) for name, posture in population.postures.items()
        }
        self.facts = {
            name: Facts(viewer_of(professional), authors, CONDUCT, communities)
            for name, professional in population.professionals.items()
        }
        self.worlds = [self._world(ask) for ask in population.asks]
        self.pages = [[self._world(ask) for ask in page] for page in population.pages]

    def _world(self, ask: Ask) -> tuple[Request, Facts]:
        return _request(ask), self.facts[ask.viewer]


def _request(ask: Ask) -> Request:
    words = Words(ask.patient, ask.community, "thread", f"post-{ask.created}", ask.created, None)
    return Request(PLATFORM, ask.viewer, ask.action, (words,), NOW, flagged=False, initiated_by_patient=False)


@lru_cache(maxsize=1)
def prepared(population: Population) -> Prepared:
    """Prepare a population once for all who decide on our facts."""
    return Prepared(population)


class Decide:
    """Every question asked of `decide`."""

    name = "decide"

    def __init__(self, population: Population) -> None:
        self.worlds = prepared(population).worlds
        self.pages = prepared(population).pages

    def one(self, number: int) -> bool:
        request, facts = self.worlds[number]
        return decide(request, facts).permit

    def page(self, number: int) -> list[bool]:
        return [decide(request, facts).permit for request, facts in self.pages[number]]


class Remembered:
    """Pages from a memo that has seen them before; one question is the shortest page."""

    name = "memo"

    def __init__(self, population: Population) -> None:
        self.memo = Memo()
        self.worlds = prepared(population).worlds
        self.pages = [([request for request, _ in page], page[0][1]) for page in prepared(population).pages]

    def one(self, number: int) -> bool:
        request, facts = self.worlds[number]
        return self.memo.page((request,), facts)[0].permit

    def page(self, number: int) -> list[bool]:
        requests, facts = self.pages[number]
        return [decision.permit for decision in self.memo.page(requests, facts)]


class Judge:
    """The plain reference of the tests, which shares no code with the core; judges, and is not timed."""

    name = "oracle"

    def __init__(self, population: Population) -> None:
        self.worlds = prepared(population).worlds
        self.pages = prepared(population).pages

    def one(self, number: int) -> bool:
        return oracle(*self.worlds[number]) is Reason.PERMITTED

    def page(self, number: int) -> list[bool]:
        return [oracle(request, facts) is Reason.PERMITTED for request, facts in self.pages[number]]
