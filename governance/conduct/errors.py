"""What a registration can fail of."""

from governance.errors import BadInputError, GovernanceError, NotFoundError
from governance.sentences import Sentence


class AlreadyRegisteredError(GovernanceError):
    """The account is tied to a professional already."""

    code = "already_registered"


class NotRegisteredError(NotFoundError):
    """The account is no professional's; to whom it is none of their business there is no such record."""

    code = "not_registered"


class BadNumberError(BadInputError):
    """A number that no register of this kind gives out; `wrong` says what seems wrong, and so does the message."""

    code = "bad_number"

    def __init__(self, wrong: Sentence | str) -> None:
        """Say it in English here; pages have their own languages."""
        super().__init__(str(wrong))
        self.wrong = wrong if isinstance(wrong, Sentence) else Sentence(wrong)


class UnknownCommunityError(BadInputError):
    """A community that the forum never told us about."""

    code = "unknown_community"


class PeerPostsError(BadInputError):
    """Somebody who is here as a patient wants to be a professional, and did not say what becomes of their posts."""

    code = "peer_posts"


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


class BadFileError(BadInputError):
    """A file that cannot be taken; nothing of it counts."""

    code = "bad_file"


class UnknownOrganisationError(NotFoundError):
    """An organisation that nobody added, or where somebody never said that they work."""

    code = "unknown_organisation"


class UnknownProviderError(NotFoundError):
    """A provider of professionals' identities that nobody added."""

    code = "unknown_professional_provider"


class NoSuchMoveError(GovernanceError):
    """What was asked cannot be done to a sanction in its state."""

    code = "no_such_move"


class NoSuchSanctionError(NotFoundError):
    """There is no such sanction, or it is none of the asker's."""

    code = "no_such_sanction"


class NotFreshError(GovernanceError):
    """Who decides an appeal had a part in the sanction."""

    code = "not_fresh"


class TooLateError(GovernanceError):
    """The time in which one can appeal is over."""

    code = "too_late"
