"""Shapes of the counter's requests and answers, for checking and for the OpenAPI document."""

from datetime import UTC, datetime

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from governance.decision.vocabulary import Action, Ages, Assurance, Level, Posture, Reason
from governance.pdp.messages import LONGEST_ID, is_too_long
from governance.ui.times import UtcTime


def _is_id(text: str) -> None:
    if not text or is_too_long(text):
        raise ValidationError(f"must be 1 to {LONGEST_ID} bytes long")


_PEOPLE = validate.Length(max=1000)
_EXTRAS = {"description": "what this class may do that is in no level", "example": ["quote"]}
_SOME = validate.Length(min=1, max=1000)


class StrictSchema(Schema):
    """A request in which an unknown member is an error: a misspelt choice must not be lost."""

    class Meta:
        """marshmallow's options."""

        unknown = RAISE


class OptOutQuery(StrictSchema):
    """Whose opt-out status is asked."""

    accounts = fields.List(
        fields.String(validate=_is_id),
        required=True,
        validate=_SOME,
        metadata={"example": ["ana", "bea"], "description": "1 to 1,000 of the platform's own account ids"},
    )


class OptOutStatus(Schema):
    """One account's choices by class; whom a choice names is never told."""

    account = fields.String(required=True)
    hold = fields.Boolean(required=True, metadata={"description": "hidden from everyone signed in as a professional"})
    care_team = fields.Enum(Level, by_value=True, required=True)
    others = fields.Enum(Level, by_value=True, required=True)
    care_team_extras = fields.List(fields.Enum(Action, by_value=True), required=True, metadata=_EXTRAS)
    others_extras = fields.List(fields.Enum(Action, by_value=True), required=True, metadata=_EXTRAS)


class OptOutAnswer(Schema):
    """The status of every account asked, in the order asked; unknown and closed look alike."""

    opt_outs = fields.List(fields.Nested(OptOutStatus), required=True)


class Tightening(StrictSchema):
    """Whom to keep away from a member's words, at once."""

    account = fields.String(required=True, validate=_is_id, metadata={"description": "the member", "example": "ana"})
    hcp = fields.String(
        validate=_is_id,
        metadata={"description": "one professional's account; all professionals, if left out", "example": "dan"},
    )


class Revised(Schema):
    """From which of the platform's revisions on a change is in force."""

    revision = fields.Integer(required=True, metadata={"example": 118})


_TIME = {"example": "2026-05-01T10:00:06Z"}


class Effective(Schema):
    """From when on nobody is let in any more whom a change keeps away."""

    service = UtcTime(
        required=True,
        metadata={**_TIME, "description": "every answer of ours that is asked for from then on"},
    )
    platforms_by = UtcTime(
        required=True,
        metadata={
            **_TIME,
            "description": "every replica and sidecar of this platform too: the lease of its slowest one is over then "
            "(5 seconds unless it was set otherwise, 30 at most), and one second for writing this down; `service` "
            "itself where none follows",
        },
    )


class Tightened(Revised):
    """A refusal that is in force, and by when everybody goes by it."""

    effective = fields.Nested(Effective, required=True)


class HcpPage(StrictSchema):
    """Which page of the list."""

    after = fields.String(validate=validate.Length(min=1, max=1024), metadata={"description": "`next`, as it came"})
    limit = fields.Integer(load_default=1000, validate=validate.Range(min=1, max=1000))


class GovernedAccounts(Schema):
    """Accounts about which patients are asked: who is not among them is a member like any other."""

    accounts = fields.List(fields.String(), required=True, metadata={"example": ["dan", "nia"]})
    next = fields.String(required=True, allow_none=True, metadata={"description": "null on the last page"})
    complete = fields.Boolean(
        required=True,
        metadata={
            "description": "false if an account of this page lost its name by an erasure: then ask about everybody"
        },
    )


class HcpQuery(StrictSchema):
    """Whose standing is asked."""

    accounts = fields.List(
        fields.String(validate=_is_id), required=True, validate=_SOME, metadata={"example": ["dan", "ana"]}
    )
    community = fields.String(
        validate=_is_id, metadata={"description": "where; every capacity on the platform counts if it is left out"}
    )


class HcpStanding(Schema):
    """One account; everything but `governed` is empty for whom nobody registered."""

    account = fields.String(required=True)
    governed = fields.Boolean(required=True)
    eligible = fields.Boolean(
        required=True, metadata={"description": "may do something at all; each patient still says what"}
    )
    actions = fields.List(fields.Enum(Action, by_value=True), required=True)
    assurance = fields.Enum(Assurance, required=True, allow_none=True)
    profession = fields.String(required=True, allow_none=True, metadata={"example": "nurse"})
    badge = fields.String(
        required=True, allow_none=True, metadata={"description": "words to show beside the name, as they are"}
    )


class HcpStandings(Schema):
    """The standing of every account asked, in the order asked."""

    hcps = fields.List(fields.Nested(HcpStanding), required=True)


class HcpDeclaration(StrictSchema):
    """Members of a group that the platform holds for professionals; only our staff takes anybody out again."""

    accounts = fields.List(fields.String(validate=_is_id), required=True, validate=_SOME, metadata={"example": ["dan"]})


class Exposure(StrictSchema):
    """One thing that was put before one viewer's eyes."""

    viewer = fields.String(required=True, validate=_is_id, metadata={"description": "who saw it", "example": "dan"})
    author = fields.String(required=True, validate=_is_id, metadata={"description": "whose it is", "example": "ana"})
    action = fields.Enum(
        Action,
        by_value=True,
        load_default=Action.VIEW,
        validate=validate.OneOf([Action.VIEW, Action.FIND], error="must be `view` or `find`"),
        metadata={"description": "`view` for words, `find` for a name in a list or a search", "default": "view"},
    )
    at = UtcTime(
        required=True,
        validate=validate.Range(min=datetime(2000, 1, 1, tzinfo=UTC), max=datetime(2100, 1, 1, tzinfo=UTC)),
        metadata={"description": "when: at most 30 days ago", "example": "2026-05-01T10:00:00Z"},
    )
    community = fields.String(validate=_is_id)
    thread = fields.String(validate=_is_id)
    post = fields.String(validate=_is_id)
    revision = fields.Integer(
        strict=True,
        load_default=0,
        validate=validate.Range(min=0, max=2**31 - 1),
        metadata={"description": "the platform's revision on which it decided by itself"},
    )


class Exposures(StrictSchema):
    """What a platform that decides by itself has shown to whom."""

    exposures = fields.List(
        fields.Nested(Exposure),
        required=True,
        validate=_SOME,
        metadata={"description": "1 to 1,000; of viewers who are no professionals nothing is kept"},
    )


class Received(Schema):
    """How many were read; the number is that of what was sent, whoever the viewers are."""

    received = fields.Integer(required=True, metadata={"example": 1})


class CommunityChange(StrictSchema):
    """What a community is, whole: what is left out becomes what stands here as default."""

    posture = fields.Enum(Posture, by_value=True, required=True)
    ages = fields.Enum(Ages, by_value=True, load_default=Ages.MIXED)
    audience = fields.String(load_default="public", validate=validate.OneOf(["public", "members"]))
    mode = fields.String(
        load_default="enforce",
        validate=validate.OneOf(["observe", "enforce"]),
        metadata={"description": "`observe` answers true and says in `context.observed` what it would have been"},
    )
    moderators = fields.List(fields.String(validate=_is_id), load_default=list, validate=_PEOPLE)
    told_since = UtcTime(
        load_default=None,
        validate=validate.Range(min=datetime(2000, 1, 1, tzinfo=UTC)),
        metadata={
            "description": "since when members have been told so; at the first registration only. What was written "
            "before is judged by the strictest community of the platform.",
            "example": "2026-05-01T00:00:00Z",
        },
    )


class CommunitySetting(Schema):
    """What a community will be judged by, and from when; what is looser begins 14 days later, for new words."""

    posture = fields.Enum(Posture, by_value=True, required=True)
    ages = fields.Enum(Ages, by_value=True, required=True)
    since = UtcTime(required=True)
    mode = fields.String(required=True)
    mode_since = UtcTime(required=True, allow_none=True, metadata={"description": "null if it was never otherwise"})


class State(Schema):
    """How the service is."""

    status = fields.String(required=True, metadata={"example": "ready"})


class Metadata(Schema):
    """Where decisions are asked for (AuthZEN section 9)."""

    policy_decision_point = fields.URL(required=True)
    access_evaluation_endpoint = fields.URL(required=True)
    access_evaluations_endpoint = fields.URL(required=True)


class DecisionContext(Schema):
    """What goes with a decision."""

    id = fields.UUID(required=True)
    reason = fields.Enum(Reason, by_value=True, required=True)
    observed = fields.Boolean(
        metadata={"description": "only where a community observes: what the decision would have been"}
    )


class DecisionAnswer(Schema):
    """An AuthZEN decision (section 5.5); only a literal `true` permits."""

    decision = fields.Boolean(required=True)
    context = fields.Nested(DecisionContext, required=True)


class ItemError(Schema):
    """Why one evaluation of a batch could not be understood; it is refused, the others are answered."""

    status = fields.Integer(required=True)
    message = fields.String(required=True)


class ItemContext(Schema):
    """What goes with a decision in a batch: an id and a reason, or an error."""

    id = fields.UUID()
    reason = fields.Enum(Reason, by_value=True)
    observed = fields.Boolean()
    error = fields.Nested(ItemError)


class ItemAnswer(Schema):
    """One decision of a batch."""

    decision = fields.Boolean(required=True)
    context = fields.Nested(ItemContext, required=True)


class DecisionAnswers(Schema):
    """Decisions in the order of the evaluations asked (AuthZEN section 6); one decision alone if none were listed."""

    evaluations = fields.List(fields.Nested(ItemAnswer))
    decision = fields.Boolean()
    context = fields.Nested(DecisionContext)
