"""The app of this process, from `GOVERNANCE_DIR` or `GOVERNANCE_*` variables."""

import os
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Final

from governance.app import create_app
from governance.config import load_settings
from governance.config.public import require_named
from governance.db.in_use import hold
from governance.pdp.log import decisions_of

_LAST: Final = 0

_directory = os.environ.get("GOVERNANCE_DIR")
_settings = load_settings(Path(_directory) if _directory else None, os.environ)
require_named(_settings.public_url, _settings.public)
# For as long as this process lives: each worker of a server holds its own, and outlives the server if that is killed.
_held = hold(_settings.database_url)
app = create_app(_settings)
# A server that is told to stop writes down what it answered last. Not by `atexit`: the server's workers are processes
# of `multiprocessing`, which end without it; this runs there, and at the end of any other process too.
Finalize(None, decisions_of(app).close, exitpriority=_LAST)
