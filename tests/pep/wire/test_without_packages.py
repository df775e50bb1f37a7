"""Who installs the kit gets the standard library's needs alone; Ed25519 is asked for by one module."""

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
import governance.pep.wire.{module}
"""
SERVICE = ("flask", "sqlalchemy", "msgspec", "marshmallow", "requests", "authlib", "joserfc", "structlog", "click")


def imported(module, *without):
    code = WITHOUT.format(packages=set(without), module=module)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("module", ["bundle", "changes", "facts", "keys"])
def test_the_form_is_read_with_the_standard_library(module):
    assert imported(module, "cryptography", *SERVICE)


@pytest.mark.slow
def test_a_signature_needs_one_package_and_nothing_of_the_service():
    assert imported("signatures", *SERVICE)
    assert not imported("signatures", "cryptography")
