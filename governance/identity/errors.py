"""What can go wrong when somebody says who they are, each under a stable code."""

from enum import StrEnum

from governance.errors import BadInputError, GovernanceError, NotFoundError
from governance.sentences import Sentence


class PlatformNotFoundError(NotFoundError):
    """No platform has that name."""

    code = "platform_not_found"


class PlatformExistsError(GovernanceError):
    """A platform has that name or that issuer already."""

    code = "platform_exists"


class BadPlatformError(BadInputError):
    """What was said of a platform cannot be used."""

    code = "bad_platform"


class StaffNotFoundError(NotFoundError):
    """No such member of staff, or no provider of that name for them."""

    code = "staff_not_found"


class StaffExistsError(GovernanceError):
    """There is such a member of staff, or such a provider, already."""

    code = "staff_exists"


class BadStaffError(BadInputError):
    """What was said of a member of staff, or of their provider, cannot be used."""

    code = "bad_staff"


class SessionNotFoundError(NotFoundError):
    """The person has no such session."""

    code = "session_not_found"


class NoProviderError(NotFoundError):
    """The forum is no provider, or the other way round: this way of proving is not for its members."""

    code = "no_provider"


class ForumProvesError(NotFoundError):
    """The person's forum asks them who they are, so they have no PIN and no passkey here."""

    code = "forum_proves"


class LinkSpentError(GovernanceError):
    """A link from a forum was used, is too old, or never was."""

    code = "link_spent"


class BadPinError(BadInputError):
    """A PIN that somebody wants is too easy."""

    code = "bad_pin"


class PinLockedError(GovernanceError):
    """There were too many wrong PINs, or there is none that counts."""

    code = "pin_locked"


class PasskeyFailedError(GovernanceError):
    """What came from somebody's device is no proof, or no passkey that we can take."""

    code = "passkey_failed"

    def __init__(self) -> None:
        """Tell one and the same thing, whatever refused."""
        super().__init__(str(Sentence("this passkey did not work; nothing was changed, try again")))


class PasskeyNotFoundError(NotFoundError):
    """The person has no such passkey."""

    code = "passkey_not_found"


class TooManyPasskeysError(GovernanceError):
    """The person has as many passkeys as anybody may have."""

    code = "too_many_passkeys"


class NotProvedError(GovernanceError):
    """The person has a proof already, and did not give it for another one."""

    code = "not_proved"


class NotAllowedError(GovernanceError):
    """The person is signed in as staff, and this is not theirs to do."""

    code = "not_allowed"


class BadAccountIdError(BadInputError):
    """An account id is empty, too long, or no text."""

    code = "bad_account_id"


class AccountConflictError(GovernanceError):
    """The forum names an account that is bound to somebody else's sign-in, or somebody under a new name."""

    code = "account_conflict"


class Guard(StrEnum):
    """What refused a sign-in: for our log, so that a misconfigured forum is found; never for the page."""

    DISCOVERY_UNREACHABLE = "discovery_unreachable"
    DISCOVERY_ISSUER = "discovery_issuer"
    ENDPOINT_ORIGIN = "endpoint_origin"
    ALGORITHMS = "algorithms"
    CALLBACK_SHAPE = "callback_shape"
    CALLBACK_ISSUER = "callback_issuer"
    STATE = "state"
    REFUSED_THERE = "refused_there"
    TOKEN_ENDPOINT = "token_endpoint"  # noqa: S105 - a name, no secret
    NO_ID_TOKEN = "no_id_token"  # noqa: S105 - a name, no secret
    KEYS = "keys"
    ID_TOKEN = "id_token"  # noqa: S105 - a name, no secret
    AUDIENCE = "audience"
    SUBJECT = "subject"
    ACCOUNT_CLAIM = "account_claim"
    AUTH_TIME = "auth_time"
    OTHER_PERSON = "other_person"
    NOT_STAFF = "not_staff"


class SignInFailedError(GovernanceError):
    """A sign-in through a forum did not hold; `guard` says which check refused it."""

    code = "sign_in_failed"

    def __init__(self, guard: Guard) -> None:
        """Tell the person one and the same thing, whatever refused."""
        said = Sentence("signing in through your forum did not work; please go back to the forum and try once more")
        super().__init__(str(said))
        self.guard = guard
        self.proving_for: str | None = None
        """To which endpoint the person wanted to go on, where they had left to prove who they are."""


class ProofFailedError(SignInFailedError):
    """Somebody did not prove who they are; `guard` says what was missing."""

    code = "proof_failed"

    def __init__(self, guard: Guard) -> None:
        """Tell one and the same thing, whatever was missing."""
        super().__init__(guard)
        said = Sentence("your forum did not show us that you signed in again just now; nothing was changed, try again")
        self.args = (str(said),)


class InvalidTokenError(GovernanceError):
    """An access token is not ours, has ended, or was changed."""

    code = "invalid_token"
