"""The app of this process, from `GOVERNANCE_DIR` or `GOVERNANCE_*` variables."""

import os
from pathlib import Path

from governance.app import create_app
from governance.config import load_settings

_directory = os.environ.get("GOVERNANCE_DIR")
app = create_app(load_settings(Path(_directory) if _directory else None, os.environ))
