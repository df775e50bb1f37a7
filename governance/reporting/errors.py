"""What the reporting channel refuses, each under a stable code. No message says whether there is a report."""

from governance.errors import GovernanceError, NotFoundError
from governance.sentences import Sentence


class NoSuchReportError(NotFoundError):
    """There is no such report, or it is not sealed to whoever asks: the two are never told apart."""

    code = "no_such_report"

    def __init__(self) -> None:
        """Say one and the same thing."""
        super().__init__(str(Sentence("there is no such report for you; go back to your list")))


class DutyClosedError(GovernanceError):
    """Fewer than two people could read a report, so none is taken; somebody outside is named instead."""

    code = "duty_closed"

    def __init__(self, contact: "tuple[str, str] | None") -> None:
        """Name the contact outside, by name and how to reach them, if there is one."""
        super().__init__(
            str(Sentence("reports cannot be taken at the moment; the page names somebody whom you can turn to"))
        )
        self.contact = contact


class CustodyClosedError(GovernanceError):
    """Nobody is there to whom a name could be sealed; a report can be made without one."""

    code = "custody_closed"


class NoVaultError(NotFoundError):
    """The member of staff has no vault."""

    code = "no_vault"


class VaultThereError(GovernanceError):
    """The member of staff has a vault already."""

    code = "vault_there"


class WrongRecoveryKeyError(GovernanceError):
    """A recovery key does not open the vault."""

    code = "wrong_recovery_key"


class TooManyGuessesError(GovernanceError):
    """Too many passphrases or printed keys were wrong within a short time."""

    code = "too_many_guesses"


class VaultBusyError(GovernanceError):
    """Too many passphrases are being tried at this moment."""

    code = "too_many_passphrases"


class VaultLockedError(GovernanceError):
    """The vault has to be unlocked first."""

    code = "vault_locked"


class NoSuchRequestError(NotFoundError):
    """There is no such request for a reporter's name, or it is somebody else's."""

    code = "no_such_request"


class OwnRequestError(GovernanceError):
    """Nobody answers what they asked themselves."""

    code = "own_request"


class AnsweredError(GovernanceError):
    """The request was answered, or one waits already."""

    code = "request_answered"
