"""Shapes of the feed's requests and answers, for checking and for the OpenAPI document."""

from marshmallow import RAISE, Schema, fields, validate

from governance.effective.replicas.service import LONGEST_LEASE_MS, USUAL_LEASE_MS

_CURSOR = "what was applied last: the epoch, a full stop, the revision"


class ChangesQuery(Schema):
    """After what changes are asked for."""

    class Meta:
        """marshmallow's options."""

        unknown = RAISE

    after = fields.String(
        required=True,
        validate=validate.Length(min=3, max=64),
        metadata={"description": _CURSOR, "example": "k3v5wq2hxn4dbmzt.118"},
    )
    nonce = fields.String(
        load_default="",
        validate=validate.Regexp(r"[A-Za-z0-9_-]{0,64}\Z", error="must be at most 64 of A-Z, a-z, 0-9, - and _"),
        metadata={
            "description": "anything that was never sent before; it stands in the signed answer, so that no old answer "
            "can give a lease",
            "example": "Zt3kQ0yX",
        },
    )
    replica = fields.String(
        validate=validate.Regexp(r"[A-Za-z0-9_-]{8,64}\Z", error="must be 8 to 64 of A-Z, a-z, 0-9, - and _"),
        metadata={
            "description": "a name that the replica makes up at random when it starts, and keeps until it ends; "
            "who sends none gets no lease (`lease_ms` is 0)",
            "example": "f3kQ0yXb81Lw",
        },
    )
    applied = fields.Integer(
        validate=validate.Range(min=0),
        metadata={
            "description": "the revision that the replica answers by now, of the epoch of `after`; patients are told "
            "whether their newest choices are in it",
            "example": 118,
        },
    )
    lease_ms = fields.Integer(
        load_default=USUAL_LEASE_MS,
        validate=validate.Range(min=1, max=LONGEST_LEASE_MS),
        metadata={"description": "the lease that the replica works with; patients are told of it", "example": 5000},
    )


class ChangesAnswer(Schema):
    """What changed, signed in the header `Feed-Signature`; `governance.pep.wire.changes` reads it."""

    platform = fields.String(required=True)
    epoch = fields.String(required=True, metadata={"example": "k3v5wq2hxn4dbmzt"})
    after = fields.Integer(required=True, metadata={"example": 118})
    revision = fields.Integer(required=True, metadata={"description": "up to here", "example": 119})
    newest = fields.Integer(required=True, metadata={"description": "where the platform stands", "example": 119})
    now = fields.Integer(
        required=True, metadata={"description": "our clock, in microseconds since 1970", "example": 1795166100000000}
    )
    lease_ms = fields.Integer(
        required=True,
        metadata={
            "description": "for so long from sending the request it may be permitted on this; as the replica asked",
            "example": 5000,
        },
    )
    nonce = fields.String(required=True, metadata={"example": "Zt3kQ0yX"})
    changes = fields.List(
        fields.List(fields.Raw(), metadata={"example": [119, "author", "q80PmxbC3gA", "ARAAAf__AQEAAA"]}),
        required=True,
        metadata={"description": "revision, kind, token and record of each account or place, in base64url"},
    )


class FeedKeys(Schema):
    """Three keys in base64url, to be kept as secret as the client's password."""

    accounts = fields.String(required=True)
    places = fields.String(required=True)
    tokens = fields.String(required=True)


class FeedSetUp(Schema):
    """What a replica needs once, when it is set up, and keeps; never to be fetched again by itself."""

    platform = fields.String(required=True)
    epoch = fields.String(required=True)
    revision = fields.Integer(required=True)
    keys = fields.Nested(FeedKeys, required=True)
    public_keys = fields.List(
        fields.String(), required=True, metadata={"description": "Ed25519 keys to trust, in base64url"}
    )
    lease_ms = fields.Integer(required=True, metadata={"example": 5000})
