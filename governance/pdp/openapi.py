"""What the OpenAPI document says of questions: their shape, as the doors read it, and examples that are answered."""

from typing import Any, Final

from governance.decision.vocabulary import Action
from governance.pdp.messages import MOST_PEOPLE

_ENTITY: dict[str, Any] = {
    "type": "object",
    "required": ["type", "id"],
    "properties": {
        "type": {"type": "string", "minLength": 1, "maxLength": 256},
        "id": {"type": "string", "minLength": 1, "maxLength": 256},
        "properties": {"type": "object"},
    },
}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_OPTIONAL_ID: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 256}
_AUTHOR: dict[str, Any] = {
    "type": "object",
    "required": ["account"],
    "properties": {
        "account": _OPTIONAL_ID,
        "community": _OPTIONAL_ID,
        "thread": _OPTIONAL_ID,
        "post": _OPTIONAL_ID,
        "created": _TIME,
        "edited": {**_TIME, "type": ["string", "null"]},
    },
}

EVALUATION: dict[str, Any] = {
    "type": "object",
    "required": ["subject", "action", "resource"],
    "properties": {
        "subject": _ENTITY,
        "action": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "examples": [action.value for action in Action]},
                "properties": {"type": "object", "properties": {"initiated_by_patient": {"type": "boolean"}}},
            },
        },
        "resource": {
            **_ENTITY,
            "properties": {
                "type": {"type": "string", "examples": ["post", "thread", "message", "user"]},
                "id": _OPTIONAL_ID,
                "properties": {
                    "type": "object",
                    "properties": {
                        "author": _OPTIONAL_ID,
                        "authors": {"type": "array", "maxItems": MOST_PEOPLE, "items": _AUTHOR},
                        "sender": _OPTIONAL_ID,
                        "community": _OPTIONAL_ID,
                        "thread": _OPTIONAL_ID,
                        "created": _TIME,
                        "edited": {**_TIME, "type": ["string", "null"]},
                        "recipients": {"type": "array", "maxItems": MOST_PEOPLE, "items": _OPTIONAL_ID},
                        "flagged": {"type": "boolean"},
                    },
                },
            },
        },
        "context": {"type": "object"},
    },
}
EVALUATIONS: dict[str, Any] = {
    "type": "object",
    "properties": {
        **EVALUATION["properties"],
        "evaluations": {"type": "array", "maxItems": 500, "items": {"type": "object"}},
        "options": {
            "type": "object",
            "properties": {
                "evaluations_semantic": {
                    "enum": ["execute_all", "deny_on_first_deny", "permit_on_first_permit"],
                }
            },
        },
    },
}

_POST: Final = {"type": "post", "id": "p-9001"}
_WORDS: Final = {
    "author": "ana",
    "community": "c-1",
    "thread": "t-7",
    "created": "2026-05-01T10:00:00Z",
    "edited": None,
}
_ASKED: Final = {
    "subject": {"type": "user", "id": "dan"},
    "action": {"name": "view"},
    "resource": {**_POST, "properties": _WORDS},
}
_QUOTED: Final = [{"account": "ana", "thread": "t-7", "created": "2026-05-01T10:00:00Z", "edited": None}]
_WITH_QUOTE: Final = {
    "type": "post",
    "id": "p-9002",
    "properties": {"author": "bea", "community": "c-1", "authors": _QUOTED},
}
QUESTIONS: Final[dict[str, Any]] = {
    "a post": _ASKED,
    "a member": {**_ASKED, "action": {"name": "find"}, "resource": {"type": "user", "id": "ana"}},
}
BATCHES: Final[dict[str, Any]] = {
    "a page": {
        "subject": _ASKED["subject"],
        "action": _ASKED["action"],
        "evaluations": [{"resource": _ASKED["resource"]}, {"resource": _WITH_QUOTE}],
    }
}


IDEMPOTENCY_KEY: Final[dict[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 256},
    "description": "a new one for each call; sent again within 24 hours, it does nothing and is answered as before",
    "example": '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
}
COMMUNITY_ID: Final[dict[str, Any]] = {
    "name": "community",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 256},
    "description": "the platform's own id of the community",
    "example": "newly-diagnosed",
}


def body(schema: dict[str, Any], examples: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    """Return how the document describes a request's body."""
    shown = {name: {"value": value} for name, value in examples.items()}
    return {"required": True, "content": {media_type: {"schema": schema, "examples": shown}}}
