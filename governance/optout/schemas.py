"""What the pages of choices take from a form; anything else is refused."""

from typing import Final

from marshmallow import RAISE, Schema, fields, validate

from governance.decision.vocabulary import Action, Level

AS_THEIR_GROUP: Final = "group"


class LevelSchema(Schema):
    """One level, for the care team or for all others."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    level = fields.Enum(Level, by_value=True, required=True)


class TeamSchema(Schema):
    """Who of the professionals on the page is in the care team; nobody is an answer."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    members = fields.List(
        fields.String(validate=validate.Length(min=1, max=64)), required=True, validate=validate.Length(max=1000)
    )


class ExtrasSchema(Schema):
    """What one group may do beyond its level; nothing is an answer."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    actions = fields.List(fields.Enum(Action, by_value=True), required=True, validate=validate.Length(max=len(Action)))


class WhoSchema(Schema):
    """Whom the next question is about."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    who = fields.String(required=True, validate=validate.Length(min=1, max=64))


class PersonSchema(WhoSchema):
    """What one person may do; the form says whom it was about, so that two windows cannot mix them up."""

    level = fields.String(required=True, validate=validate.OneOf([AS_THEIR_GROUP, *(level.value for level in Level)]))


class ConfirmSchema(Schema):
    """The press that puts the answers in force; `seen` names the answers that were on the page."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    seen = fields.String(required=True, validate=validate.Length(max=64))
    age = fields.String(load_default="", validate=validate.OneOf(("", "reached", "younger")))
    """Whether somebody whose age nobody told us says that they may open more without a guardian."""
