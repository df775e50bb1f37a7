"""What a registration can fail of."""

from governance.errors import BadInputError, GovernanceError, NotFoundError


class AlreadyRegisteredError(GovernanceError):
    """The account is tied to a professional already."""

    code = "already_registered"


class NotRegisteredError(NotFoundError):
    """The account is no professional's; to whom it is none of their business there is no such record."""

    code = "not_registered"


class BadNumberError(BadInputError):
    """A number that no register of this kind gives out; the message says what seems wrong."""

    code = "bad_number"


class UnknownCommunityError(BadInputError):
    """A community that the forum never told us about."""

    code = "unknown_community"


class OwnRecordError(GovernanceError):
    """A verifier at their own record."""

    code = "own_record"


class NumberTakenError(GovernanceError):
    """Another record was matched with this number already."""

    code = "number_taken"


class NotMatchedError(BadInputError):
    """What was found on the register does not bear the mark that was asked for."""

    code = "not_matched"


class RecordChangedError(GovernanceError):
    """Somebody else marked the record since the page was opened."""

    code = "record_changed"
