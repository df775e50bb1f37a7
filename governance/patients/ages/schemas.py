"""What a platform sends about a member's age."""

from marshmallow import RAISE, Schema, fields, validate

from governance.patients.ages.bands import Band


class AgeSaid(Schema):
    """An age band, and the day on which it changes."""

    class Meta:
        """marshmallow's options."""

        unknown = RAISE

    account = fields.String(required=True, metadata={"description": "the member", "example": "maya"})
    band = fields.Enum(Band, by_value=True, required=True, metadata={"example": "13_to_15"})
    changes_on = fields.Date(
        metadata={
            "description": "the day on which the band changes; left out, the latest that the band leaves open",
            "example": "2027-05-01",
        }
    )
    country = fields.String(
        validate=validate.Regexp(r"^[A-Z]{2}$"),
        metadata={"description": "where the member lives, ISO 3166-1; the member can change it", "example": "GB"},
    )
    zone = fields.String(
        validate=validate.Length(1, 64),
        metadata={"description": "the member's IANA time zone; else their country's", "example": "Europe/London"},
    )


class AgeTaken(Schema):
    """That what was said was taken; not whether it holds, for that depends on what others said."""

    taken = fields.Boolean(required=True, metadata={"description": "always true"})
