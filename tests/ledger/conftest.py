"""A ledger on each of the two databases."""

from collections.abc import Iterator

import pytest

from tests.crypto.fixed import RING
from tests.ledger.place import Place


@pytest.fixture
def place(database: str, tmp_path) -> Iterator[Place]:
    """An empty ledger."""
    place = Place(database, RING, tmp_path / "outside").make_tables()
    yield place
    place.engine.dispose()


@pytest.fixture
def ten(place: Place) -> Place:
    """A ledger with ten entries."""
    place.append(10)
    return place
