"""Two forums for every test of this folder that asks for them, below HTTP and over it."""

from tests.patients.house import house, person
from tests.patients.two_forums import both_forums, pair

__all__ = ["both_forums", "house", "pair", "person"]
