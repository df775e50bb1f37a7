"""What the pages of the disclosure take from an address or a form; anything else is refused."""

from marshmallow import RAISE, Schema, fields, validate

from governance.policy.records import Variant


class ReadingSchema(Schema):
    """In which words somebody wants to read; what is left out stays as it was."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    language = fields.String(validate=validate.Regexp(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z"))
    variant = fields.Enum(Variant, by_value=True)


class AnswerSchema(Schema):
    """One answer of the check of understanding."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    answer = fields.String(required=True, validate=validate.Length(min=1, max=16))


class AcknowledgeSchema(Schema):
    """A press on "I have been told": the hash of the words on its page, and what was shown to come back in `back`."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    back = fields.String(load_default="", validate=validate.Length(max=64))
    words = fields.String(load_default="", validate=validate.Length(max=64))
