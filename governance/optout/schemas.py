"""What the pages of choices take from a form; anything else is refused."""

from typing import Final

from marshmallow import RAISE, Schema, fields, validate

from governance.decision.provisions import Scale, WhoKind
from governance.decision.vocabulary import Action, Level
from governance.optout.own.making import ALSO_NAMED, EVERYONE, Posts, When

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


class _OnePage(Schema):
    """Refuses whatever its page does not ask."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE


class RuleSchema(_OnePage):
    """Which rule is taken away."""

    rule = fields.String(required=True, validate=validate.Length(min=1, max=1_000))


class RuleWhoSchema(_OnePage):
    """Whom a rule is for: a group, or one person, profession or organisation."""

    who = fields.String(required=True, validate=validate.OneOf((EVERYONE, ALSO_NAMED, *WhoKind)))
    person = fields.String(load_default="", validate=validate.Length(max=64))
    profession = fields.String(load_default="", validate=validate.Length(max=64))
    organisation = fields.String(load_default="", validate=validate.Length(max=200))


class WhereSchema(_OnePage):
    """Where a rule holds; a group, thread or post is typed as the forum writes it."""

    where = fields.String(required=True, validate=validate.OneOf([scale.name.lower() for scale in Scale]))
    place = fields.String(load_default="", validate=validate.Length(max=256))


class WhenSchema(_OnePage):
    """How long a rule holds; days as a calendar field sends them."""

    when = fields.String(required=True, validate=validate.OneOf(list(When)))
    first = fields.String(load_default="", validate=validate.Length(max=10))
    last = fields.String(load_default="", validate=validate.Length(max=10))
    zone = fields.String(required=True, validate=validate.Length(max=64))


class PostsSchema(_OnePage):
    """For which posts a rule counts."""

    posts = fields.String(required=True, validate=validate.OneOf(list(Posts)))


class PresetSchema(_OnePage):
    """Which ready-made answers somebody starts from."""

    preset = fields.String(required=True, validate=validate.Length(min=1, max=64))


class SwitchSchema(_OnePage):
    """A yes or a no; *later* leaves it as it is, which at first is no."""

    answer = fields.String(required=True, validate=validate.OneOf(("yes", "no", "later")))
