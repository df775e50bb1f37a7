"""What forums say of their webhooks, and what we tell them."""

from typing import Final

from marshmallow import RAISE, Schema, fields, validate

from governance.feed.webhooks.addresses import LONGEST
from governance.feed.webhooks.models import State
from governance.ledger.hints import Hint
from governance.ui.times import UtcTime

HINTS: Final = [hint.value for hint in Hint if hint is not Hint.PING]
_ID: Final = "0192f0c1-7b1e-7c3a-9a51-2f7d9a4b6c11"


class _Strict(Schema):
    class Meta:
        """marshmallow's options."""

        unknown = RAISE


class NewWebhook(_Strict):
    """Where hints are to go."""

    url = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST),
        metadata={"description": "an https address of the open net", "example": "https://forum.example/hints"},
    )
    hints = fields.List(
        fields.String(validate=validate.OneOf(HINTS)),
        load_default=HINTS,
        validate=validate.Length(min=1, max=len(HINTS)),
        metadata={"description": "what to be told of; all of it unless said"},
    )
    hmac = fields.Boolean(
        load_default=False,
        metadata={"description": "sign by a shared secret (`v1`) beside our key (`v1a`), for receivers that need it"},
    )


class Rotation(_Strict):
    """How new keys begin."""

    at_once = fields.Boolean(
        load_default=False,
        metadata={"description": "let the old keys sign no more from now on: they were stolen; else they do for a day"},
    )


class Redelivery(_Strict):
    """What to send again."""

    event = fields.UUID(metadata={"description": "one event; everything that was given up unless said"})


class EventsWanted(_Strict):
    """Which events to list."""

    state = fields.String(load_default=State.DEAD.value, validate=validate.OneOf([state.value for state in State]))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=1_000))


class WebhookShown(Schema):
    """A webhook, its keys and how it fares."""

    id = fields.UUID(required=True, metadata={"example": _ID})
    url = fields.String(required=True)
    hints = fields.List(fields.String(), required=True)
    created = UtcTime(required=True)
    public_keys = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "by which to check `v1a`, the newest first; take any of them"},
    )
    secrets = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "by which to check `v1`, where it was asked for, the newest first"},
    )
    paused = UtcTime(required=True, allow_none=True, metadata={"description": "since it answered 410"})
    delivered = UtcTime(required=True, allow_none=True, metadata={"description": "when it last took an event"})
    trouble = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "what went wrong last; none once something was delivered", "example": "timed_out"},
    )
    waiting = fields.Integer(required=True)
    dead = fields.Integer(required=True, metadata={"description": "given up after 24 hours; ask for a redelivery"})


class Webhooks(Schema):
    """All of a forum's."""

    webhooks = fields.List(fields.Nested(WebhookShown), required=True)


class EventShown(Schema):
    """One event."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, metadata={"description": "the `webhook-id` it is sent under"})
    type = fields.String(required=True, metadata={"example": "governance.changes"})
    at = UtcTime(required=True)
    state = fields.String(required=True)
    tries = fields.Integer(required=True)
    trouble = fields.String(required=True, allow_none=True)


class Events(Schema):
    """Some events of a webhook, the newest first."""

    events = fields.List(fields.Nested(EventShown), required=True)


class Count(Schema):
    """How many events are sent again."""

    events = fields.Integer(required=True)
