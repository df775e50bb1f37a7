"""A directory as `governance init` makes it: made once a worker, for each migration takes its time, and copied."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from governance.cli import main


def begin(directory: Path) -> Path:
    """Put a new service there; its keys are those of every other one begun so."""
    shutil.copytree(_made_once(), directory, symlinks=True)
    return directory


@cache
def _made_once() -> Path:
    directory = Path(tempfile.mkdtemp()) / "here"
    result = CliRunner().invoke(main, ["init", str(directory)])
    assert result.exit_code == 0, result.output
    return directory
