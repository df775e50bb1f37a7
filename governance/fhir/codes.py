"""Every code we write into a resource, checked against what R4 binds its element to.

A value set is listed as far as we may use it: where R4's own is closed and short it is whole. A code that is not
in its element's list is a fault in the program and raises before anything leaves the house.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

from governance.decision.vocabulary import Action

_THO: Final = "http://terminology.hl7.org/CodeSystem"
SCOPE: Final = f"{_THO}/consentscope"
LOINC: Final = "http://loinc.org"
ACT_CODE: Final = f"{_THO}/v3-ActCode"
ROLE: Final = f"{_THO}/v3-ParticipationType"
CONSENT_ACTION: Final = f"{_THO}/consentaction"
SECURITY_SERVICE: Final = f"{_THO}/restful-security-service"
_FHIR: Final = "http://hl7.org/fhir"


class Strength(Enum):
    """How far R4 binds an element to its value set."""

    REQUIRED = "required"
    EXTENSIBLE = "extensible"
    EXAMPLE = "example"


class Binding(NamedTuple):
    """What an element may hold: codes of one system. For an element of the type `code` no system is written."""

    strength: Strength
    system: str
    codes: frozenset[str]


def _bound(strength: Strength, system: str, codes: str) -> Binding:
    return Binding(strength, system, frozenset(codes.split()))


_REQUIRED, _EXTENSIBLE, _EXAMPLE = Strength.REQUIRED, Strength.EXTENSIBLE, Strength.EXAMPLE

BINDINGS: Final[Mapping[str, Binding]] = {
    "Consent.status": _bound(
        _REQUIRED,
        f"{_FHIR}/consent-state-codes",
        "draft proposed active rejected inactive entered-in-error",
    ),
    "Consent.scope": _bound(_EXTENSIBLE, SCOPE, "adr research patient-privacy treatment"),
    "Consent.category": _bound(_EXTENSIBLE, LOINC, "59284-0 57016-8 57017-6 64292-6"),
    "Consent.policyRule": _bound(_EXTENSIBLE, ACT_CODE, "OPTIN OPTINR OPTOUT OPTOUTE"),
    "Consent.provision.type": _bound(_REQUIRED, f"{_FHIR}/consent-provision-type", "deny permit"),
    "Consent.provision.actor.role": _bound(_EXTENSIBLE, ROLE, "IRCP PRCP CST AUT"),
    "Consent.provision.action": _bound(_EXAMPLE, CONSENT_ACTION, "collect access use disclose correct"),
    "Consent.provision.data.meaning": _bound(
        _REQUIRED, f"{_FHIR}/consent-data-meaning", "instance related dependents authoredby"
    ),
    "CareTeam.status": _bound(
        _REQUIRED, f"{_FHIR}/care-team-status", "proposed active suspended inactive entered-in-error"
    ),
    "Narrative.status": _bound(_REQUIRED, f"{_FHIR}/narrative-status", "generated extensions additional empty"),
    "Reference.type": _bound(
        _EXTENSIBLE,
        f"{_FHIR}/resource-types",
        "CareTeam Group Organization Patient Practitioner PractitionerRole RelatedPerson",
    ),
    "Bundle.type": _bound(
        _REQUIRED,
        f"{_FHIR}/bundle-type",
        "document message transaction transaction-response batch batch-response history searchset collection",
    ),
    "Bundle.entry.search.mode": _bound(_REQUIRED, f"{_FHIR}/search-entry-mode", "match include outcome"),
    "Bundle.entry.request.method": _bound(_REQUIRED, f"{_FHIR}/http-verb", "GET HEAD POST PUT DELETE PATCH"),
    "OperationOutcome.issue.severity": _bound(_REQUIRED, f"{_FHIR}/issue-severity", "fatal error warning information"),
    "OperationOutcome.issue.code": _bound(
        _REQUIRED,
        f"{_FHIR}/issue-type",
        "invalid structure required value invariant security login unknown expired forbidden suppressed processing "
        "not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly "
        "business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational",
    ),
    "CapabilityStatement.status": _bound(_REQUIRED, f"{_FHIR}/publication-status", "draft active retired unknown"),
    "CapabilityStatement.kind": _bound(
        _REQUIRED, f"{_FHIR}/capability-statement-kind", "instance capability requirements"
    ),
    "CapabilityStatement.fhirVersion": _bound(_REQUIRED, f"{_FHIR}/FHIR-version", "4.0.0 4.0.1"),
    "CapabilityStatement.rest.mode": _bound(_REQUIRED, f"{_FHIR}/restful-capability-mode", "client server"),
    "CapabilityStatement.rest.security.service": _bound(
        _EXTENSIBLE, SECURITY_SERVICE, "OAuth SMART-on-FHIR NTLM Basic Kerberos Certificates"
    ),
    "CapabilityStatement.rest.resource.type": _bound(_REQUIRED, f"{_FHIR}/resource-types", "Consent CodeSystem"),
    "CapabilityStatement.rest.resource.interaction.code": _bound(
        _REQUIRED,
        f"{_FHIR}/restful-interaction",
        "read vread update patch delete history-instance history-type create search-type",
    ),
    "CapabilityStatement.rest.resource.versioning": _bound(
        _REQUIRED, f"{_FHIR}/versioning-policy", "no-version versioned versioned-update"
    ),
    "CapabilityStatement.rest.resource.searchParam.type": _bound(
        _REQUIRED, f"{_FHIR}/search-param-type", "number date string token reference composite quantity uri special"
    ),
    "CodeSystem.status": _bound(_REQUIRED, f"{_FHIR}/publication-status", "draft active retired unknown"),
    "CodeSystem.content": _bound(
        _REQUIRED, f"{_FHIR}/codesystem-content-mode", "not-present example fragment complete supplement"
    ),
}
"""By the path of the element in R4 (4.0.1). Nested provisions have the path of the outermost one."""


def code(path: str, value: str) -> str:
    """Return a code that may stand in an element. Raises `ValueError` for one that its binding lacks."""
    if value not in BINDINGS[path].codes:
        raise ValueError(f"`{path}` is not bound to this code")
    return value


def coding(path: str, value: str) -> dict[str, str]:
    """Return a Coding that may stand in an element. Raises `ValueError` for a code that its binding lacks."""
    return {"system": BINDINGS[path].system, "code": code(path, value)}


def concept(path: str, value: str) -> dict[str, Any]:
    """Return a CodeableConcept that may stand in an element. Raises `ValueError` as `coding` does."""
    return {"coding": [coding(path, value)]}


class ActionCode(NamedTuple):
    """One of our actions as others read it: the consent action it comes nearest to, and what it means."""

    nearest: str
    display: str
    definition: str


ACTIONS: Final[Mapping[Action, ActionCode]] = {
    Action.VIEW: ActionCode("access", "View", "Read what the patient wrote."),
    Action.REACT: ActionCode("use", "React", "Add a like or another sign to what the patient wrote."),
    Action.REPLY: ActionCode("use", "Reply", "Answer what the patient wrote, where it stands."),
    Action.QUOTE: ActionCode("disclose", "Quote", "Repeat the patient's words on the same forum."),
    Action.RECORD: ActionCode("collect", "Record", "Put what the patient wrote into a health record."),
    Action.USE_IN_CARE: ActionCode("use", "Use in care", "Take what the patient wrote into account in their care."),
    Action.RESEARCH: ActionCode("collect", "Research", "Study what the patient wrote."),
    Action.MODERATE: ActionCode("correct", "Moderate", "Act on a flagged post as an appointed moderator."),
    Action.FIND: ActionCode("access", "Find", "Come upon the patient in lists, suggestions and searches."),
    Action.LOOK_UP: ActionCode("access", "Look up", "Search for this one patient on purpose."),
    Action.MENTION: ActionCode("use", "Mention", "Name the patient in a post of one's own."),
    Action.MESSAGE: ActionCode("use", "Message", "Write to the patient in private."),
    Action.CONNECT: ActionCode("use", "Connect", "Follow or befriend the patient."),
}


class Namespaces(NamedTuple):
    """The addresses of our own systems, below the configured public address."""

    public_url: str

    @property
    def base(self) -> str:
        """The FHIR base."""
        return f"{self.public_url}/fhir"

    @property
    def actions(self) -> str:
        """The code system of our actions."""
        return f"{self.base}/CodeSystem/hcp-action"

    @property
    def contact(self) -> str:
        """The modifier extension that says on whose first word a provision depends."""
        return f"{self.base}/StructureDefinition/contact"

    @property
    def any_capacity(self) -> str:
        """The modifier extension of a refusal that binds welcomed peers too: a hold, or another party's."""
        return f"{self.base}/StructureDefinition/any-capacity"

    @property
    def peers_welcome(self) -> str:
        """The extension that says from when professionals who are here as patients are met as any member."""
        return f"{self.base}/StructureDefinition/peers-welcome"

    def of(self, kind: str) -> str:
        """Return the identifier system of a kind of thing: `account`, `professional`, `community` and so on."""
        return f"{self.base}/ns/{kind}"
