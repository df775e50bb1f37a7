"""The app, for commands that run inside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from governance.app import create_app
from governance.config import load_settings
from governance.db.in_use import holding


@contextmanager
def inside_app(directory: Path | None) -> Iterator[None]:
    """Run inside the app of a directory, or of the environment alone; not while a restore goes on.

    Raises `SettingsError`, `InUseError`.
    """
    settings = load_settings(directory, os.environ)
    with holding(settings.database_url), create_app(settings).app_context():
        yield
