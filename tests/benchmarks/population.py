"""A seeded population on a forum: plain values that every contestant turns into its own form.

It holds what all contestants can say: the gate, an acknowledged disclosure, holds, pair blocks, a level for the
care team and one for others, and further lines by name, organisation and community.
"""

import random
from dataclasses import dataclass, field, replace
from typing import Final

from governance.decision.vocabulary import Action, Level, Posture

NOW: Final = 1_700_000_000_000_000
YEAR: Final = 365 * 86_400 * 1_000_000
PLATFORM: Final = "forum"
HCPS: Final = [f"hcp-{i}" for i in range(500)]
ORGANISATIONS: Final = [f"organisation-{i}" for i in range(200)]
COMMUNITIES: Final = [f"community-{i}" for i in range(50)]
PER_PAGE: Final = 100
BY_NAME: Final = frozenset({Action.VIEW, Action.REACT, Action.REPLY})
"""What a permit by name opens here; each of it includes `view`, so that one look decides for every contestant."""
ASKED: Final = (Action.VIEW, Action.VIEW, Action.VIEW, Action.REACT, Action.REPLY)
FURTHER: Final = (0, 1, 10, 100, 1_000)


@dataclass(frozen=True)
class Professional:
    account: str
    eligible: bool = True
    blocked: bool = False
    organisation: str = ORGANISATIONS[0]


@dataclass
class Patient:
    account: str
    acknowledged: bool = True
    hold: bool = False
    care_team: frozenset[str] = frozenset()
    for_care_team: Level = Level.PART_OF_CARE
    for_others: Level = Level.ANSWERED
    blocked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    permitted: list[str] = field(default_factory=list)
    refused_organisations: list[str] = field(default_factory=list)
    closed_communities: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Ask:
    viewer: str
    patient: str
    action: Action
    community: str
    created: int


@dataclass(frozen=True, eq=False)
class Population:
    professionals: dict[str, Professional]
    patients: dict[str, Patient]
    postures: dict[str, Posture]
    asks: list[Ask]
    pages: list[list[Ask]]
    """Each by one viewer, about one action."""


class Maker:
    """Draws people. Lines of a `plain` forum name nobody who asks and no community that is asked about."""

    def __init__(self, seed: int, *, plain: bool) -> None:
        self.rng = random.Random(seed)
        self.plain = plain
        self.named = [f"stranger-{i}" for i in range(2_000)] if plain else HCPS
        self.closing = [f"elsewhere-{i}" for i in range(200)] if plain else COMMUNITIES

    def chance(self, probability: float) -> bool:
        return not self.plain and self.rng.random() < probability

    def professional(self, account: str) -> Professional:
        organisation = ORGANISATIONS[0] if self.plain else self.rng.choice(ORGANISATIONS)
        return Professional(
            account, eligible=not self.chance(0.1), blocked=self.chance(0.02), organisation=organisation
        )

    def patient(self, account: str, further: int) -> Patient:
        patient = Patient(account, acknowledged=not self.chance(0.15), hold=self.chance(0.02))
        patient.care_team = frozenset(self.rng.sample(self.named, self.rng.randrange(3)))
        if not self.plain:
            patient.for_others = self.rng.choice((Level.CLOSED, Level.SEEN, Level.ANSWERED))
        if self.chance(0.02):
            patient.blocked.append(self.rng.choice(HCPS))
        for _ in range(further):
            self.add_line(patient)
        return patient

    def add_line(self, patient: Patient) -> None:
        kind, pick = self.rng.random(), self.rng.choice
        if kind < 0.6:
            patient.refused.append(pick(self.named))
        elif kind < 0.8:
            patient.permitted.append(pick(self.named))
        elif kind < 0.9:
            patient.refused_organisations.append(pick(ORGANISATIONS[1:]))
        else:
            patient.closed_communities.append(pick(self.closing))

    def ask(self, patients: list[Patient]) -> Ask:
        """Draw a question; on a forum that is not plain half of them aim at somebody the patient named."""
        patient = self.rng.choice(patients)
        aimed = [*patient.refused, *patient.permitted, *patient.care_team]
        viewer = self.rng.choice(aimed) if aimed and self.chance(0.5) else self.rng.choice(HCPS)
        action = Action.VIEW if self.plain else self.rng.choice(ASKED)
        return Ask(viewer, patient.account, action, self.rng.choice(COMMUNITIES), NOW - self.rng.randrange(1, YEAR))

    def page(self, patients: list[Patient]) -> list[Ask]:
        asks = [self.ask([patient]) for patient in self.rng.choices(patients, k=PER_PAGE)]
        community = self.rng.choice(COMMUNITIES)
        return [replace(ask, viewer=asks[0].viewer, action=Action.VIEW, community=community) for ask in asks]

    def population(self, further: list[int]) -> Population:
        professionals = [self.professional(account) for account in HCPS]
        patients = [self.patient(f"patient-{i}", lines) for i, lines in enumerate(further)]
        with_lines = [patient for patient in patients if patient.refused or patient.permitted] or patients
        postures = {name: Posture.PEER_ONLY if self.chance(0.05) else Posture.INFORMED for name in COMMUNITIES}
        return Population(
            professionals={professional.account: professional for professional in professionals},
            patients={patient.account: patient for patient in patients},
            postures=postures,
            asks=[self.ask(with_lines if i % 2 else patients) for i in range(2_000)],
            pages=[self.page(patients) for _ in range(20)],
        )


def mixed(patients: int, seed: int) -> Population:
    """Draw a forum as one expects it: four of five patients chose two levels and nothing else."""
    maker = Maker(seed, plain=False)
    return maker.population([maker.rng.randint(1, 10) if maker.chance(0.2) else 0 for _ in range(patients)])


def typical(patients: int, further: int, seed: int) -> Population:
    """Draw professionals in good standing, and adults who acknowledged and wrote so many further lines each."""
    return Maker(seed, plain=True).population([further] * patients)
