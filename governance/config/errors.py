"""What is wrong with settings or keys, said so that the operator can mend it."""

from collections.abc import Callable
from typing import Any

from governance.errors import GovernanceError


class SettingsError(GovernanceError):
    """A setting is missing or cannot be used; the message names the command that mends it."""

    code = "settings"


class KeysError(SettingsError):
    """The keys are missing, readable by others, or not what this program wrote."""

    code = "keys"


def at_once(*attempts: Callable[[], Any]) -> list[Any]:
    """Return what every attempt returns. Raises one error, of the first one's class, with the words of all."""
    made, failed = [], []
    for attempt in attempts:
        try:
            made.append(attempt())
        except SettingsError as error:
            failed.append(error)
    if failed:
        raise type(failed[0])("; ".join(map(str, failed)))
    return made
