"""What the counter says of itself: CapabilityStatement and the code system of our actions (R4)."""

from typing import Any, Final

from governance.fhir.codes import ACTIONS, Namespaces, code, concept

FHIR_VERSION: Final = "4.0.1"
_SINCE: Final = "2026-11-21"
"""When what these two say was last changed."""
_NAME: Final = "HCP governance"
_ABOUT: Final = (
    "Choices of patients about health professionals on forums, by class. They are for reading: ask for a decision "
    "(AuthZEN, `/access/v1/evaluation`) before each act."
)
_SEARCH: Final = (
    ("patient.identifier", "token", "Accounts of your own forum. By `POST [base]/Consent/_search` alone."),
    ("_id", "token", "Ids of Consents, as read before."),
    ("status", "token", "Superseded versions are inactive; a search finds the newest alone."),
    ("period", "date", "From when it counts."),
)
_INTERACTIONS: Final = ("read", "vread", "history-instance", "search-type")


def capabilities(spaces: Namespaces) -> dict[str, Any]:
    """Return the CapabilityStatement; its addresses are the configured ones."""
    return {
        "resourceType": "CapabilityStatement",
        "status": code("CapabilityStatement.status", "active"),
        "date": _SINCE,
        "kind": code("CapabilityStatement.kind", "instance"),
        "fhirVersion": code("CapabilityStatement.fhirVersion", FHIR_VERSION),
        "format": ["application/fhir+json"],
        "software": {"name": _NAME},
        "implementation": {"description": _ABOUT, "url": spaces.base},
        "rest": [
            {
                "mode": code("CapabilityStatement.rest.mode", "server"),
                "security": _security(spaces),
                "resource": [_consent(), _code_system()],
            }
        ],
    }


def action_codes(spaces: Namespaces) -> dict[str, Any]:
    """Return the code system of our actions."""
    return {
        "resourceType": "CodeSystem",
        "id": "hcp-action",
        "url": spaces.actions,
        "version": "1",
        "name": "HcpAction",
        "title": "What a health professional may want to do on a patient forum",
        "status": code("CodeSystem.status", "active"),
        "date": _SINCE,
        "caseSensitive": True,
        "content": code("CodeSystem.content", "complete"),
        "count": len(ACTIONS),
        "concept": [
            {"code": action.value, "display": known.display, "definition": known.definition}
            for action, known in ACTIONS.items()
        ],
    }


def _security(spaces: Namespaces) -> dict[str, Any]:
    token = {"url": "token", "valueUri": f"{spaces.public_url}/oauth/token"}
    uris = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
    return {
        "extension": [{"url": uris, "extension": [token]}],
        "cors": False,
        "service": [concept("CapabilityStatement.rest.security.service", "SMART-on-FHIR")],
        "description": "Client credentials with the scope `system/Consent.rs`.",
    }


def _consent() -> dict[str, Any]:
    interaction, kind = "CapabilityStatement.rest.resource.interaction.code", "searchParam.type"
    return {
        "type": code("CapabilityStatement.rest.resource.type", "Consent"),
        "documentation": _ABOUT,
        "interaction": [{"code": code(interaction, name)} for name in _INTERACTIONS],
        "versioning": code("CapabilityStatement.rest.resource.versioning", "versioned"),
        "readHistory": True,
        "searchParam": [
            {"name": name, "type": code(f"CapabilityStatement.rest.resource.{kind}", its), "documentation": said}
            for name, its, said in _SEARCH
        ],
    }


def _code_system() -> dict[str, Any]:
    read = code("CapabilityStatement.rest.resource.interaction.code", "read")
    return {
        "type": code("CapabilityStatement.rest.resource.type", "CodeSystem"),
        "interaction": [{"code": read}],
    }
