"""Shapes of the counter's requests and answers, for checking and for the OpenAPI document."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from governance.decision.vocabulary import Action, Ages, Level, Posture, Reason
from governance.pdp.messages import LONGEST_ID, MOST_PEOPLE, is_too_long


def _is_id(text: str) -> None:
    if not text or is_too_long(text):
        raise ValidationError(f"must be 1 to {LONGEST_ID} bytes long")


_PEOPLE = validate.Length(max=1000)


class StrictSchema(Schema):
    """A request in which an unknown member is an error: a misspelt choice must not be lost."""

    class Meta:
        """marshmallow's options."""

        unknown = RAISE


class OptOutQuery(StrictSchema):
    """Whose opt-out status is asked."""

    accounts = fields.List(
        fields.String(validate=_is_id),
        required=True,
        validate=validate.Length(min=1, max=1000),
        metadata={"description": "1 to 1,000 of the platform's own account ids"},
    )


class OptOutStatus(Schema):
    """One account's choices by class; whom a choice names is never told."""

    account = fields.String(required=True)
    hold = fields.Boolean(required=True, metadata={"description": "hidden from everyone signed in as a professional"})
    care_team = fields.Enum(Level, by_value=True, required=True)
    others = fields.Enum(Level, by_value=True, required=True)


class OptOutAnswer(Schema):
    """The status of every account asked, in the order asked; unknown and closed look alike."""

    opt_outs = fields.List(fields.Nested(OptOutStatus), required=True)


class CommunityChange(StrictSchema):
    """What a community is."""

    posture = fields.Enum(Posture, by_value=True, required=True)
    ages = fields.Enum(Ages, by_value=True, load_default=Ages.MIXED)
    moderators = fields.List(fields.String(validate=_is_id), load_default=list, validate=_PEOPLE)
    told_since = fields.AwareDateTime(
        load_default=None,
        validate=validate.Range(min=datetime(2000, 1, 1, tzinfo=UTC)),
        metadata={
            "description": "since when members have been told so; at the first registration only. What was written "
            "before is judged by the strictest community of the platform."
        },
    )


class CommunitySetting(Schema):
    """What a community will be judged by, and from when."""

    posture = fields.Enum(Posture, by_value=True, required=True)
    ages = fields.Enum(Ages, by_value=True, required=True)
    since = fields.DateTime(required=True, metadata={"description": "a looser setting begins 14 days later"})


class DecisionContext(Schema):
    """What goes with a decision."""

    id = fields.UUID(required=True)
    reason = fields.Enum(Reason, by_value=True, required=True)


class DecisionAnswer(Schema):
    """An AuthZEN decision (section 5.5); only a literal `true` permits."""

    decision = fields.Boolean(required=True)
    context = fields.Nested(DecisionContext, required=True)


class ItemError(Schema):
    """Why one evaluation of a batch could not be understood; it is refused, the others are answered."""

    status = fields.Integer(required=True)
    message = fields.String(required=True)


class ItemContext(Schema):
    """What goes with a decision in a batch: an id and a reason, or an error."""

    id = fields.UUID()
    reason = fields.Enum(Reason, by_value=True)
    error = fields.Nested(ItemError)


class ItemAnswer(Schema):
    """One decision of a batch."""

    decision = fields.Boolean(required=True)
    context = fields.Nested(ItemContext, required=True)


class DecisionAnswers(Schema):
    """Decisions in the order of the evaluations asked (AuthZEN section 6)."""

    evaluations = fields.List(fields.Nested(ItemAnswer), required=True)


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
