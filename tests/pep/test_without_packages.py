"""A forum that installs the kit needs, for each part of it, what that part says and nothing of the service."""

import subprocess
import sys

import pytest

WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Nothing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {packages!r}:
            raise ImportError(name)

sys.meta_path.insert(0, Nothing())
import {module}
others = [name for name in sys.modules if name.startswith("governance.")]
assert all(name.startswith(("governance.pep", "governance.decision")) for name in others), others
"""
SERVICE = {"flask", "msgspec", "marshmallow", "requests", "authlib", "joserfc", "structlog", "click", "werkzeug"}
PACKAGES = SERVICE | {"sqlalchemy", "django", "cryptography"}
NEEDS = {
    "governance.pep": None,
    "governance.pep.local": None,
    "governance.pep.query": None,
    "governance.pep.wsgi": None,
    "governance.pep.sqlalchemy": "sqlalchemy",
    "governance.pep.django": "django",
    "governance.pep.replica": "cryptography",
}


def imports(module, without):
    code = WITHOUT.format(packages=without, module=module)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("module", NEEDS)
def test_a_part_of_the_kit_needs_at_most_one_package(module):
    assert imports(module, PACKAGES - {NEEDS[module]})
    assert NEEDS[module] is None or not imports(module, PACKAGES)
