"""Cedar, through cedarpy: one policy, parsed once; all people as one parsed set of entities."""

import json
from typing import Any, Final

import cedarpy

from governance.decision.levels import LEVELS
from tests.benchmarks.population import NOW, YEAR, Ask, Patient, Population, Professional

POLICY: Final = """
permit (principal is Professional, action, resource is Patient)
when {
    !principal.blocked
    && principal.status == "good"
    && context.now < principal.checkedUntil
    && principal.attestedFrom <= context.now && context.now < principal.attestedUntil
    && principal.assurance >= 3
    && !resource.hold
    && !resource.refused.contains(principal)
    && context.community.posture != "peer_only"
    && resource.acknowledged
    && (resource.careTeam.contains(principal) || !resource.closed.contains(context.community))
    && (resource.permitted.contains(principal)
        || (!resource.refusedOrganisations.contains(principal.organisation)
            && (if resource.careTeam.contains(principal)
                then resource.forCareTeam.contains(action)
                else resource.forOthers.contains(action))))
};
"""


class Cedar:
    """Asks with pre-built requests; a page is one call for the whole batch."""

    name = "cedarpy"

    def __init__(self, population: Population) -> None:
        entities = [
            *(_professional(professional) for professional in population.professionals.values()),
            *(_patient(patient) for patient in population.patients.values()),
            *(_entity("Community", name, posture=str(posture)) for name, posture in population.postures.items()),
        ]
        self.policies = cedarpy.PolicySet.from_str(POLICY)
        self.entities = cedarpy.Entities.from_json_str(json.dumps(entities))
        self.requests = [_request(ask) for ask in population.asks]
        self.pages = [[_request(ask) for ask in page] for page in population.pages]

    def one(self, number: int) -> bool:
        return cedarpy.is_authorized(self.requests[number], self.policies, self.entities).allowed

    def page(self, number: int) -> list[bool]:
        answers = cedarpy.is_authorized_batch(self.pages[number], self.policies, self.entities)
        return [answer.allowed for answer in answers]


def _request(ask: Ask) -> dict[str, str]:
    context = {"now": NOW, "community": _reference("Community", ask.community)}
    return {
        "principal": f'Professional::"{ask.viewer}"',
        "action": f'Action::"{ask.action}"',
        "resource": f'Patient::"{ask.patient}"',
        "context": json.dumps(context),
    }


def _professional(professional: Professional) -> dict[str, Any]:
    return _entity(
        "Professional",
        professional.account,
        blocked=professional.blocked,
        status="good",
        checkedUntil=NOW + YEAR,
        attestedFrom=NOW - YEAR,
        attestedUntil=NOW + YEAR,
        assurance=4 if professional.eligible else 1,
        organisation=professional.organisation,
    )


def _patient(patient: Patient) -> dict[str, Any]:
    return _entity(
        "Patient",
        patient.account,
        hold=patient.hold,
        acknowledged=patient.acknowledged,
        refused=_references("Professional", [*patient.refused, *patient.blocked]),
        permitted=_references("Professional", patient.permitted),
        refusedOrganisations=sorted(set(patient.refused_organisations)),
        closed=_references("Community", patient.closed_communities),
        careTeam=_references("Professional", patient.care_team),
        forCareTeam=_references("Action", LEVELS[patient.for_care_team]),
        forOthers=_references("Action", LEVELS[patient.for_others]),
    )


def _references(kind: str, names: Any) -> list[dict[str, Any]]:
    return [_reference(kind, str(name)) for name in sorted(set(names))]


def _reference(kind: str, name: str) -> dict[str, Any]:
    return {"__entity": {"type": kind, "id": name}}


def _entity(kind: str, name: str, **attributes: Any) -> dict[str, Any]:
    return {"uid": {"type": kind, "id": name}, "attrs": attributes, "parents": []}
