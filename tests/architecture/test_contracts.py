"""Every import contract holds, and every one catches a deliberate violation."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import governance

PACKAGE = Path(governance.__file__).parent
ROOT = PACKAGE.parent

VIOLATIONS = {
    "Imports go down the stairs only": ("effective/service.py", "import governance.patients.service"),
    "The four procedures are blind to each other": ("optout/choices.py", "import governance.conduct.models"),
    "Counters do not lean on each other": ("pdp/communities.py", "import governance.portal"),
    "The decision is pure": ("decision/rules.py", "import time"),
    "Services and models know no Flask": ("optout/service.py", "import flask"),
    "Authlib is known in identity and the demo alone": ("optout/choices.py", "import authlib"),
    "The kit for platforms needs nothing of the service": ("pep/client.py", "import governance.config"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy_of_the_house(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "governance", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_holds(copy_of_the_house):
    result = lint(copy_of_the_house)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_contract_catches_its_violation(contract, copy_of_the_house):
    file, line = VIOLATIONS[contract]
    target = copy_of_the_house / "governance" / file
    target.write_text(target.read_text() + f"\n{line}\n")
    result = lint(copy_of_the_house)
    broken = [row for row in result.stdout.splitlines() if row.startswith(contract) and "BROKEN" in row]
    assert result.returncode == 1
    assert broken, result.stdout
