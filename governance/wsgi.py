"""The app of this process, from `GOVERNANCE_DIR` or `GOVERNANCE_*` variables."""

import atexit
import os
from pathlib import Path

from governance.app import create_app
from governance.config import load_settings
from governance.pdp.log import decisions_of

_directory = os.environ.get("GOVERNANCE_DIR")
app = create_app(load_settings(Path(_directory) if _directory else None, os.environ))
# A server that is told to stop writes down what it answered last.
atexit.register(decisions_of(app).close)
