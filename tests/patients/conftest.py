"""Two forums for every test of this folder that asks for them."""

from tests.patients.two_forums import both_forums, pair

__all__ = ["both_forums", "pair"]
