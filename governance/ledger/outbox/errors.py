"""Why a job does not get done; the codes stand in `last_error`, which names nobody."""

from typing import Final

from governance.errors import GovernanceError, NotFoundError

_LONGEST_CODE: Final = 64


class LeaseLostError(GovernanceError):
    """Somebody else has the job now; whatever we meant to write for it must not be written."""

    code = "lease_lost"


class HopelessJobError(GovernanceError):
    """The same job would fail again and again: a dead letter at once, without another try."""

    code = "hopeless"


class BadPayloadError(HopelessJobError):
    """What a job was given does not open, or is not what its handler takes."""

    code = "bad_payload"


class DiedInHandError(HopelessJobError):
    """The job was begun as often as a job may be, and never heard of again: it may be what ends its workers."""

    code = "died_in_hand"


class JobNotFoundError(NotFoundError):
    """There is no such dead letter."""

    code = "job_not_found"


def code_of(error: BaseException) -> str:
    """Return what may be kept of an error: our own code, or its class; its text may name a person."""
    said = error.code if isinstance(error, GovernanceError) else type(error).__name__
    return said[:_LONGEST_CODE]
