"""Shapes of the published records, for the OpenAPI document."""

from marshmallow import Schema, fields

from governance.policy.records import ChangeClass, Procedure, Variant
from governance.ui.times import UtcTime

_HASH = {"description": "SHA-256 of the text's bytes in UTF-8, in hexadecimal digits: what a receipt names"}


class PublishedText(Schema):
    """One approved text, known by its hash."""

    language = fields.String(required=True, metadata={"example": "en"})
    variant = fields.Enum(Variant, by_value=True, required=True)
    sha256 = fields.String(required=True, metadata=_HASH)


class PublishedWords(PublishedText):
    """One approved text, word for word."""

    text = fields.String(required=True, metadata={"description": "the whole text; its hash is `sha256`"})


class PublishedGuarantee(Schema):
    """What makes sure that one conduct rule is kept, in one language. `held` says what software cannot do, too."""

    rule = fields.String(required=True, metadata={"example": "C16"})
    language = fields.String(required=True, metadata={"example": "en"})
    title = fields.String(required=True)
    held = fields.String(required=True)
    by_decision = fields.Boolean(required=True, metadata={"description": "a decision refuses, at least in part"})
    by_forum = fields.Boolean(required=True, metadata={"description": "a feature of the forum helps"})
    by_word = fields.Boolean(required=True, metadata={"description": "the professional gave their word"})
    by_report = fields.Boolean(required=True, metadata={"description": "it comes to light when somebody reports it"})


class PublishedVersion(Schema):
    """One version of one record."""

    record = fields.String(required=True, metadata={"example": "disclosure"})
    procedure = fields.Enum(Procedure, by_value=True, required=True)
    version = fields.String(required=True, metadata={"example": "1.0.0"})
    change = fields.Enum(ChangeClass, by_value=True, required=True)
    since = UtcTime(required=True, metadata={"description": "from when it holds, in UTC"})
    summary = fields.String(required=True)
    texts = fields.List(fields.Nested(PublishedText), required=True)
    guarantees = fields.List(
        fields.Nested(PublishedGuarantee),
        required=True,
        metadata={"description": "of the conduct rules: what software can and cannot make sure of; else empty"},
    )


class PublishedRecord(PublishedVersion):
    """One version of one record with all that it says."""

    data = fields.Dict(required=True, metadata={"description": "the record's own tables"})
    texts = fields.List(fields.Nested(PublishedWords), required=True)


class PublishedRecords(Schema):
    """Every version that was ever published, those of one record together, the oldest first."""

    records = fields.List(fields.Nested(PublishedVersion), required=True)
