"""What forums send and get about badges."""

from typing import Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from governance.ui.languages import LANGUAGES
from governance.ui.times import UtcTime

_LONGEST_ID: Final = 256
_MOST: Final = 100


def _is_id(text: str) -> None:
    """Raise unless this can be an id of a forum's own."""
    if not 0 < len(text.encode()) <= _LONGEST_ID:
        raise ValidationError(f"must be 1 to {_LONGEST_ID} bytes long")


class BadgeQuery(Schema):
    """Whose badges are wanted, where, in which language."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    accounts = fields.List(
        fields.String(validate=_is_id),
        required=True,
        validate=validate.Length(min=1, max=_MOST),
        metadata={"example": ["dan", "ana"]},
    )
    community = fields.String(
        validate=_is_id, metadata={"description": "where; every capacity on the platform counts if it is left out"}
    )
    language = fields.String(load_default="en", validate=validate.OneOf([*LANGUAGES]))


class BadgeShown(Schema):
    """One badge. What a forum shows, it shows as it came: the words say what was checked, and nothing more."""

    name = fields.String(required=True, allow_none=True, metadata={"description": "null where it is withheld"})
    profession = fields.String(required=True, metadata={"example": "nurse"})
    register = fields.String(required=True, metadata={"example": "NMC"})
    checked = UtcTime(
        required=True, allow_none=True, metadata={"description": "when somebody looked at the register last, in UTC"}
    )
    person_checked = fields.Boolean(
        required=True, metadata={"description": "false: the number was looked up, the person was not checked"}
    )
    restricted = fields.Boolean(required=True, metadata={"description": "the register shows restrictions"})
    until = UtcTime(
        required=True, metadata={"description": "do not show it after this, nor once a change of this account is told"}
    )
    heading = fields.String(required=True, metadata={"example": "Nora Quill, nurse"})
    text = fields.String(
        required=True, metadata={"example": "On the NMC register, checked 3 May. This is not advice for you."}
    )
    html = fields.String(required=True, metadata={"description": "the words as HTML without any style"})
    svg = fields.String(required=True, metadata={"description": "the words as a picture that can be read aloud"})


class AccountBadge(Schema):
    """One account; of whom nobody checked, of a patient and of an unknown account alike there is none."""

    account = fields.String(required=True)
    badge = fields.Nested(BadgeShown, required=True, allow_none=True)


class BadgeAnswer(Schema):
    """One entry an account, in the order asked."""

    badges = fields.List(fields.Nested(AccountBadge), required=True)
