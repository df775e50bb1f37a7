"""Commands of `governance` for the demo, several of them in one process: loading the program takes longer than they do.

Run as `python -m governance.demo.commanding`, with a list on standard input: each entry has `arguments` and `environ`.
"""

import contextlib
import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from governance.demo.errors import DemoError

_SAID: Final = 500


@dataclass(frozen=True, slots=True)
class Command:
    """One command as an administrator would type it; secrets go by the environment, which others cannot read."""

    arguments: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)


def run_commands(commands: Iterable[Command]) -> list[dict[str, Any]]:
    """Run commands in order; return what those that speak JSON said. Raises `DemoError`."""
    wanted = [asdict(command) for command in commands]
    done = subprocess.run(
        [sys.executable, "-m", "governance.demo.commanding"],
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        env=own_environment(),
        check=False,
    )
    if done.returncode:
        raise DemoError(f"setting up failed: {done.stderr.strip()[-_SAID:]}")
    return [json.loads(said) for said in json.loads(done.stdout) if said.startswith("{")]


def own_environment() -> dict[str, str]:
    """Return the environment without settings of the service: a demo must never write to a real database."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GOVERNANCE_")}


def _run_all() -> None:
    # By name: the command line knows the demo, and only in this process of its own the demo knows the command line.
    main = importlib.import_module("governance.cli").main
    said = []
    for command in json.load(sys.stdin):
        os.environ.update(command["environ"])
        with contextlib.redirect_stdout(io.StringIO()) as told:
            main(command["arguments"], prog_name="governance", standalone_mode=False)
        said.append(told.getvalue())
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    _run_all()
