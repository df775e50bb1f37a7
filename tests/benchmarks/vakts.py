"""vakt, in its quickest form here: a storage that hands out the asked patient's own policies and no others."""

from collections.abc import Iterator
from typing import Any, Final

from vakt import Guard, Inquiry, MemoryStorage, Policy, PolicyAllow, PolicyDeny, RulesChecker
from vakt.rules import Any as Anything
from vakt.rules import Eq, Falsy, Greater, GreaterOrEqual, In, LessOrEqual, NotEq, NotIn

from governance.decision.levels import LEVELS
from tests.benchmarks.population import BY_NAME, NOW, YEAR, Ask, Patient, Population, Professional

ELIGIBLE: Final = {
    "blocked": Falsy(),
    "status": Eq("good"),
    "checked_until": Greater(NOW),
    "attested_from": LessOrEqual(NOW),
    "attested_until": Greater(NOW),
    "assurance": GreaterOrEqual(3),
}
OPEN: Final = {"posture": NotEq("peer_only")}


class OfThePatient(MemoryStorage):
    """Hands out one patient's policies."""

    def __init__(self, by_patient: dict[str, list[Policy]]) -> None:
        super().__init__()
        self.by_patient = by_patient

    def find_for_inquiry(self, inquiry: Inquiry, checker: Any = None) -> list[Policy]:  # noqa: ARG002 - vakt's own form
        return self.by_patient[inquiry.resource]


class Vakt:
    """Asks with pre-built inquiries; there is no call for a page."""

    name = "vakt"

    def __init__(self, population: Population) -> None:
        by_patient = {name: list(_policies(patient)) for name, patient in population.patients.items()}
        self.guard = Guard(OfThePatient(by_patient), RulesChecker())
        self.inquiries = [_inquiry(ask, population) for ask in population.asks]
        self.pages = [[_inquiry(ask, population) for ask in page] for page in population.pages]

    def one(self, number: int) -> bool:
        return self.guard.is_allowed_check(self.inquiries[number])

    def page(self, number: int) -> list[bool]:
        return [self.guard.is_allowed_check(inquiry) for inquiry in self.pages[number]]


def _inquiry(ask: Ask, population: Population) -> Inquiry:
    context = {"community": ask.community, "posture": str(population.postures[ask.community])}
    subject = _subject(population.professionals[ask.viewer])
    return Inquiry(subject=subject, action=str(ask.action), resource=ask.patient, context=context)


def _subject(professional: Professional) -> dict[str, Any]:
    return {
        "account": professional.account,
        "organisation": professional.organisation,
        "blocked": professional.blocked,
        "status": "good",
        "checked_until": NOW + YEAR,
        "attested_from": NOW - YEAR,
        "attested_until": NOW + YEAR,
        "assurance": 4 if professional.eligible else 1,
    }


def _policies(patient: Patient) -> Iterator[Policy]:
    """Permits, and the refusals that can stand against one; nothing at all if nothing can permit."""
    if patient.hold or not patient.acknowledged:
        return
    team, named = In(*patient.care_team), In(*patient.permitted)
    yield _allow("care team", {"account": team, **ELIGIBLE}, LEVELS[patient.for_care_team])
    yield _allow("others", {"account": NotIn(*patient.care_team), **ELIGIBLE}, LEVELS[patient.for_others])
    if patient.permitted:
        yield _allow("named", {"account": named, **ELIGIBLE}, BY_NAME)
    if patient.refused or patient.blocked:
        yield _deny("refused", {"account": In(*patient.refused, *patient.blocked)}, {})
    if patient.refused_organisations:
        unnamed = {"organisation": In(*patient.refused_organisations), "account": NotIn(*patient.permitted)}
        yield _deny("organisations", unnamed, {})
    if patient.closed_communities:
        others = {"account": NotIn(*patient.care_team)}
        yield _deny("closed", others, {"community": In(*patient.closed_communities)})


def _allow(name: str, subject: dict[str, Any], actions: Any) -> Policy:
    return PolicyAllow(name, [subject], [Anything()], [In(*(str(action) for action in actions))], OPEN)


def _deny(name: str, subject: dict[str, Any], context: dict[str, Any]) -> Policy:
    return PolicyDeny(name, [subject], [Anything()], [Anything()], context)
