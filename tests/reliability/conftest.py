"""A whole service on each of the two databases, and a place to start it in."""

from collections.abc import Iterator

import pytest

from tests.reliability.house import House
from tests.reliability.yard import Yard, yard


@pytest.fixture
def house(database: str, tmp_path, monkeypatch) -> Iterator[House]:
    """A service that nobody has started yet."""
    for name in ("GOVERNANCE_DIR", "GOVERNANCE_OUTSIDE_DIR"):
        monkeypatch.delenv(name, raising=False)
    house = House(tmp_path / "here", database)
    yield house
    house.close()


@pytest.fixture(scope="module")
def starts(tmp_path_factory) -> Iterator[Yard]:
    """Where services are started."""
    with yard(tmp_path_factory.mktemp("yard")) as place:
        yield place
