"""What the pages of choices take from a form; anything else is refused."""

from marshmallow import RAISE, Schema, fields, validate

from governance.decision.vocabulary import Level


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


class ConfirmSchema(Schema):
    """The press that puts the answers in force; `seen` names the answers that were on the page."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    seen = fields.String(required=True, validate=validate.Length(max=64))
    age = fields.String(load_default="", validate=validate.OneOf(("", "reached", "younger")))
    """Whether somebody whose age nobody told us says that they may open more without a guardian."""
