"""What the OpenAPI document says of these routes: shapes as FHIR has them, and errors as OperationOutcome."""

from typing import Any, Final

from governance.fhir.outcomes import MEDIA_TYPE

_JSON: Final = MEDIA_TYPE
_OUTCOME: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["resourceType", "issue"],
    "properties": {
        "resourceType": {"const": "OperationOutcome"},
        "issue": {"type": "array", "items": {"type": "object"}},
    },
}


_LIST: Final[dict[str, Any]] = {"type": "array", "items": {"type": "object"}}
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_ALWAYS: Final[dict[str, dict[str, Any]]] = {
    "Bundle": {"type": {**_TEXT, "example": "searchset"}, "total": {"type": "integer"}, "link": _LIST},
    "Consent": {"id": _TEXT, "status": {**_TEXT, "example": "active"}, "provision": {"type": "object"}},
    "CapabilityStatement": {"fhirVersion": {"const": "4.0.1"}, "rest": _LIST},
    "CodeSystem": {"url": _TEXT, "concept": _LIST},
}
"""Members that are always there, of many."""


def answers(kind: str) -> dict[str, Any]:
    """Return the responses of a route that answers a resource of a kind."""
    members = {"resourceType": {"const": kind}, **_ALWAYS[kind]}
    schema = {"type": "object", "required": list(members), "properties": members}
    return {
        "200": {"description": f"a {kind} (FHIR R4)", "content": {_JSON: {"schema": schema}}},
        "304": {"description": "the version in `If-None-Match` is still the newest"},
        "default": {"description": "what went wrong", "content": {_JSON: {"schema": _OUTCOME}}},
    }


def text(name: str, said: str, *, where: str = "query", required: bool = False) -> dict[str, Any]:
    """Return a parameter that is a text."""
    return {"name": name, "in": where, "required": required, "description": said, "schema": {"type": "string"}}


_GROUPS: Final = {
    "status": "as `active`",
    "period": "from when it counts: a date with `ge`, `lt` and the other prefixes",
    "_count": "how many on a page, 50 at most",
    "_page": "of the next page, as its link says",
    "_format": "json",
}
SEARCH_PARAMETERS: Final = [
    text("_id", "ids of Consents, 50 at most; no account's id may stand in an address", required=True),
    *(text(name, said) for name, said in _GROUPS.items()),
]
SEARCH_FORM: Final = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["patient.identifier"],
                "properties": {
                    "patient.identifier": {
                        "type": "string",
                        "description": "`system|account` or the account alone; up to 50 with commas between",
                        "example": "ana",
                    },
                    **{name: {"type": "string", "description": said} for name, said in _GROUPS.items()},
                },
            }
        }
    },
}
CONSENT: Final = [
    text("consent", "the id of a Consent, as a search found it", where="path", required=True),
    text("_format", "json"),
]
VERSION: Final = [text("version", "the `versionId`", where="path", required=True)]
