"""The app, for commands that run inside it."""

import os
from pathlib import Path

from flask import Flask

from governance.app import create_app
from governance.config import load_settings


def open_app(directory: Path | None) -> Flask:
    """Return the app of a directory, or of the environment alone. Raises `SettingsError`."""
    return create_app(load_settings(directory, os.environ))
