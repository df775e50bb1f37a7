"""Shapes of what a forum asks and is told about its own life here."""

from typing import Final

from marshmallow import Schema, fields, validate

from governance.effective.life.reports import LARGEST
from governance.effective.life.states import State
from governance.pdp.schemas import StrictSchema

_STATES: Final = ", ".join(State)
_WHY: Final = (
    "of a suspension, what began it: leak (a walk), canary, seen, staff or forum; of a forum that goes on: walk_owed, "
    "or nothing"
)


class SignedReport(StrictSchema):
    """A report as `governance probe --report` wrote it."""

    report = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LARGEST),
        metadata={"description": "the file's content: three parts with dots between", "example": "eyJ..."},
    )


class ReportTaken(Schema):
    """What a report came to, and where the forum is now."""

    kind = fields.String(
        required=True,
        metadata={
            "description": "what it counts as; a walk without a leak under a suspension counts as a canary",
            "example": "canary",
        },
    )
    result = fields.String(required=True, metadata={"description": "clean, leaks or proves_nothing"})
    leaks = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"description": _STATES})


class StepShown(Schema):
    """One step of connecting a forum."""

    name = fields.String(required=True)
    done = fields.Boolean(required=True)
    told = fields.String(required=True)
    how = fields.String(required=True)


class PlatformStanding(Schema):
    """Where the forum is in its life here, and its steps in their order."""

    state = fields.String(required=True, metadata={"description": _STATES})
    why = fields.String(required=True, metadata={"description": _WHY})
    steps = fields.List(fields.Nested(StepShown), required=True)
