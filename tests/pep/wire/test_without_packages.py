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
A_TOKEN = """
keys = governance.pep.wire.keys.WireKeys(b"a" * 32, b"p" * 32, b"t" * 32)
print(keys.account("ana").hex(), keys.place("community", "talk").hex())
"""
SERVICE = ("flask", "sqlalchemy", "msgspec", "marshmallow", "requests", "authlib", "joserfc", "structlog", "click")


def imported(module, *without, then=""):
    """Return what is printed by a program that imports a module without some packages; None if it cannot."""
    code = WITHOUT.format(packages=set(without), module=module) + then
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    return None if done.returncode else done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("module", ["bundle", "changes", "facts", "keys"])
def test_the_form_is_read_with_the_standard_library(module):
    assert imported(module, "cryptography", *SERVICE) == ""


@pytest.mark.slow
def test_a_signature_needs_one_package_and_nothing_of_the_service():
    assert imported("signatures", *SERVICE) == ""
    assert imported("signatures", "cryptography") is None


@pytest.mark.slow
def test_a_token_is_the_same_with_the_package_and_without():
    with_it, without = imported("keys", then=A_TOKEN), imported("keys", "cryptography", then=A_TOKEN)
    assert with_it == without
    assert len(with_it.split()) == 2
