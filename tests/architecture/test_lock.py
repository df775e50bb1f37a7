"""The lock names exact versions with their hashes, and no place to fetch them from."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import governance

ROOT = Path(governance.__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
COME_WITH_FLASK = {"jinja2", "markupsafe", "webargs", "werkzeug"}
"""Flask and flask-smorest hand these on as parts of themselves."""
BESIDE_FLASKBB = ROOT / "governance" / "pep" / "flaskbb"
"""A plugin that FlaskBB imports, in FlaskBB's environment."""
FOR_TYPES_ALONE = {"_typeshed"}
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


def imported():
    """Every library that the program imports, whichever other library brings it along today."""
    files = [file for file in (ROOT / "governance").rglob("*.py") if file.parent != BESIDE_FLASKBB]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    names = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"governance"} - FOR_TYPES_ALONE


def test_every_library_that_is_imported_is_asked_for():
    asked = {canonicalize_name(requirement.name) for requirement in wanted()}
    brought = packages_distributions()
    missing = {name for name in imported() if not asked & set(map(canonicalize_name, brought.get(name, [])))}
    assert missing <= COME_WITH_FLASK
