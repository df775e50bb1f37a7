"""What the page of an appeal takes from its form."""

from marshmallow import RAISE, Schema, fields


class AppealSchema(Schema):
    """What somebody says was wrong; how long it may be, the service says."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    words = fields.String(required=True)
