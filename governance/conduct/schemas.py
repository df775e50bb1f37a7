"""What the pages of professionals and verifiers take from a form; anything else is refused."""

from marshmallow import RAISE, Schema, fields, validate

from governance.conduct.capacities import PeerPosts
from governance.conduct.proofs.service import ProofKind
from governance.decision.vocabulary import Assurance, Capacity, Status

_SHORT = validate.Length(max=200)
_LONG = validate.Length(max=2000)


class _Strict(Schema):
    """A form of ours and nothing more."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE


class AnswerSchema(_Strict):
    """One answer to one question: which register, which profession, what number, what name."""

    answer = fields.String(required=True, validate=_SHORT)


class ConfirmSchema(_Strict):
    """The press that counts; `seen` names what was on the page."""

    seen = fields.String(required=True, validate=validate.Length(max=100))


class RuleSchema(_Strict):
    """One rule accepted; `version` is the one that was read, `text` the hash of its words in that language."""

    version = fields.String(required=True, validate=validate.Length(max=32))
    text = fields.String(required=True, validate=validate.Length(equal=64))


class CapacitySchema(_Strict):
    """How a professional wants to be here; no community means the whole forum."""

    capacity = fields.Enum(Capacity, by_value=True, required=True)
    community = fields.String(load_default="", validate=_SHORT)


class PeerPostsSchema(_Strict):
    """What becomes of what somebody wrote as a patient."""

    posts = fields.Enum(PeerPosts, by_value=True, required=True)


class CheckSchema(_Strict):
    """What a verifier saw on the register."""

    assurance = fields.Enum(Assurance, by_value=fields.Integer(), load_default=None)
    status = fields.Enum(Status, by_value=True, load_default=Status.UNKNOWN)
    name = fields.String(load_default="", validate=_SHORT)
    number = fields.String(load_default="", validate=_SHORT)
    evidence = fields.String(load_default="", validate=_LONG)
    reason = fields.String(load_default="", validate=_LONG)
    proof = fields.String(load_default="", validate=_LONG)
    licence = fields.String(load_default="", validate=_LONG)
    renews = fields.String(load_default="", validate=_SHORT)


class MarkSchema(_Strict):
    """A status that the register turned to."""

    status = fields.Enum(Status, by_value=True, load_default=Status.STALE)
    evidence = fields.String(load_default="", validate=_LONG)
    reason = fields.String(load_default="", validate=_LONG)


class EndSchema(_Strict):
    """The end of a registration."""

    evidence = fields.String(load_default="", validate=_LONG)
    reason = fields.String(load_default="", validate=_LONG)


class JoinSchema(EndSchema):
    """Two records of one person."""

    proof = fields.String(load_default="", validate=_LONG)


class ProofSchema(_Strict):
    """A proof of control: what a verifier saw, or where a code is to go; `last` names what was on the page."""

    kind = fields.Enum(ProofKind, by_value=True, load_default=None, validate=validate.NoneOf([ProofKind.PROVIDER]))
    detail = fields.String(load_default="", validate=_LONG)
    last = fields.String(required=True, validate=_SHORT)


class LeftSchema(EndSchema):
    """One register that somebody left."""

    last = fields.String(required=True, validate=_SHORT)


class LeftWorkSchema(_Strict):
    """A place where somebody works no more, by its digest."""

    organisation = fields.String(required=True, validate=_SHORT)


class LeaverSchema(_Strict):
    """Somebody who works at an organisation no more."""

    who = fields.UUID(required=True)


class ListSchema(_Strict):
    """As of which day an organisation's list is; none means now. The file comes beside it."""

    day = fields.String(load_default="", validate=_SHORT)


class TakeListSchema(ConfirmSchema):
    """The list that was shown, as of when it is, and what the page said that it changes."""

    list = fields.String(required=True)
    as_of = fields.Integer(required=True, validate=validate.Range(min=0, max=2**62))
