"""What the page of staff takes; anything else is refused."""

from typing import Final

from marshmallow import RAISE, Schema, fields, validate

from governance.reporting.filing.steps import LONGEST, Young

HOW: Final = ("phone", "paper")


class TakenSchema(Schema):
    """A report that somebody made by phone or on paper."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    key = fields.String(required=True, validate=validate.Length(min=20, max=100))
    how = fields.String(load_default="", validate=validate.OneOf(["", *HOW]))
    danger = fields.String(load_default="", validate=validate.OneOf(["", "yes", "no"]))
    what = fields.String(load_default="", validate=validate.Length(max=LONGEST))
    about = fields.String(load_default="", validate=validate.Length(max=40))
    forum = fields.String(load_default="", validate=validate.Length(max=64))
    where = fields.String(load_default="", validate=validate.Length(max=2000))
    who = fields.String(load_default="", validate=validate.Length(max=500))
    young = fields.String(load_default="", validate=validate.OneOf(["", *(one.value for one in Young)]))
    wish = fields.String(load_default="", validate=validate.Length(max=1000))
    name = fields.String(load_default="", validate=validate.Length(max=200))
    contact = fields.String(load_default="", validate=validate.Length(max=300))
