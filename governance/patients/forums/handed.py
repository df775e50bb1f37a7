"""How doors and commands get what the app handed over to this room."""

from typing import Final

from flask import current_app

from governance.patients.forums.hands import Hands

HANDS: Final = "governance.hands"


def hands() -> Hands:
    """Return what was handed to this app."""
    found: Hands = current_app.extensions[HANDS]
    return found
