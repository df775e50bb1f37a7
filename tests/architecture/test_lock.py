"""The lock names exact versions with their hashes, and no place to fetch them from."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import governance

ROOT = Path(governance.__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", LOCK, flags=re.MULTILINE))


def wanted():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return [Requirement(line) for group in groups for line in group if not line.startswith("hcp-governance")]


def test_the_lock_names_no_place_to_fetch_from():
    assert not re.search(r"://|^--(index|extra|find)", LOCK, flags=re.MULTILINE)


def test_the_lock_holds_every_library_we_ask_for_within_its_range():
    for requirement in wanted():
        pin = PINS.get(canonicalize_name(requirement.name))
        assert pin is not None, requirement
        assert requirement.specifier.contains(pin), requirement


def test_every_pin_has_a_hash():
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)
    assert all("--hash=sha256:" in entry for entry in entries if entry.strip())
