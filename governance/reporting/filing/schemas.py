"""What the pages of the form take; anything else is refused."""

from collections.abc import Mapping
from typing import Final

from marshmallow import RAISE, Schema, fields, validate

from governance.reporting.filing.steps import LONGEST, WISHES, Reach, Young


def _text(longest: int) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=longest))


def _one_of(words: list[str]) -> fields.String:
    return fields.String(load_default="", validate=validate.OneOf(["", *words]))


class _Answer(Schema):
    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE


class DangerSchema(_Answer):
    """Whether somebody is in danger now."""

    danger = _one_of(["yes", "no"])


class WhatSchema(_Answer):
    """What happened."""

    what = _text(LONGEST)


class AboutSchema(_Answer):
    """What it is about; which words there are says the policy."""

    about = _text(40)


class WhereSchema(_Answer):
    """On which forum, and where there."""

    forum = _text(64)
    where = _text(2000)


class WhoSchema(_Answer):
    """Who it was, by an account of the list or in words."""

    hcp = _text(64)
    who = _text(500)


class YoungSchema(_Answer):
    """Whether somebody under 18 is in it."""

    young = _one_of([one.value for one in Young])


class WishSchema(_Answer):
    """What the person would like; `block`: at once."""

    wishes = fields.List(fields.String(validate=validate.OneOf(list(WISHES))), load_default=list)
    block = fields.String(load_default="", validate=validate.OneOf(["", "yes"]))


class ReachSchema(_Answer):
    """How we may answer."""

    reach = _one_of([one.value for one in Reach])
    name = _text(200)
    contact = _text(300)


class NothingSchema(_Answer):
    """A page that asks nothing."""


ANSWERS: Final[Mapping[str, Schema]] = {
    "danger": DangerSchema(),
    "what": WhatSchema(),
    "about": AboutSchema(),
    "where": WhereSchema(),
    "who": WhoSchema(),
    "young": YoungSchema(),
    "pictures": NothingSchema(),
    "wish": WishSchema(),
    "reach": ReachSchema(),
    "check": NothingSchema(),
}
NOTHING_SAID: Final[Mapping[str, object]] = {
    name: [] if name == "wishes" else "" for schema in ANSWERS.values() for name in schema.fields
}
"""What a page shows of questions that were not asked yet."""
