"""What the forms of guardians' pages send."""

from marshmallow import RAISE, Schema, fields, validate

from governance.decision.vocabulary import Level
from governance.patients.ages.bands import Band
from governance.patients.guardians.refusing import ACTIONS, CIRCLES
from governance.patients.guardians.service import Basis


class _Form(Schema):
    class Meta:
        """marshmallow's options."""

        unknown = RAISE


class AskSchema(_Form):
    """A request for a link."""

    code = fields.String(required=True, validate=validate.Length(max=40))
    name = fields.String(required=True, validate=validate.Length(max=80))
    calls = fields.String(required=True, validate=validate.Length(max=80))
    basis = fields.Enum(Basis, by_value=True, load_default=None, allow_none=True)
    evidence = fields.String(required=True, validate=validate.Length(max=300))
    until = fields.String(load_default="", validate=validate.Length(max=10))


class RefuseSchema(_Form):
    """What a guardian refuses."""

    circle = fields.String(required=True, validate=validate.OneOf(CIRCLES))
    what = fields.String(required=True, validate=validate.OneOf(ACTIONS))


class AgeSchema(_Form):
    """How old the guardian says the young person is."""

    band = fields.Enum(Band, by_value=True, required=True, validate=validate.NoneOf([Band.ADULT]))


class WantSchema(_Form):
    """What a guardian asks the young person for."""

    circle = fields.String(required=True, validate=validate.OneOf(["care_team", "others"]))
    level = fields.Enum(Level, by_value=True, required=True)


class AnswerSchema(_Form):
    """A yes or a no to something that waits."""

    about = fields.UUID(required=True)
    answer = fields.String(required=True, validate=validate.OneOf(["yes", "no"]))


class LinkSchema(_Form):
    """Which guardian."""

    about = fields.UUID(required=True)


class CountrySchema(_Form):
    """Where somebody lives."""

    country = fields.String(required=True, validate=validate.Length(max=2))
