"""A home with guardians, and two forums, for every test of this folder that asks for them."""

import pytest

from tests.patients.home import Home
from tests.patients.house import house, person
from tests.patients.two_forums import both_forums, pair

__all__ = ["both_forums", "home", "house", "pair", "person"]


@pytest.fixture
def home(forum):
    return Home(forum)
