"""What a door finds in the running app: settings and keys."""

from dataclasses import dataclass

from flask import Flask, current_app

from governance.config import Settings
from governance.crypto.keys import Keyring

_NAME = "governance"


@dataclass(frozen=True, slots=True)
class House:
    """The settings and keys of one running app."""

    settings: Settings
    keyring: Keyring


def furnish(app: Flask, settings: Settings) -> None:
    """Give an app its settings and keys."""
    app.extensions[_NAME] = House(settings, Keyring(settings.keys, settings.reread_keys))


def house() -> House:
    """Return the settings and keys of the app that serves this request."""
    return house_of(current_app)


def house_of(app: Flask) -> House:
    """Return the settings and keys of an app."""
    found = app.extensions[_NAME]
    if not isinstance(found, House):
        raise TypeError("the app was not furnished; build it by create_app")
    return found
