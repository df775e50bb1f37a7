"""A house on each of the two databases, and an empty database to bring it back to."""

import os

import pytest

from governance.decision.vocabulary import Level
from tests.backup.house import House
from tests.postgres import _binaries


@pytest.fixture
def house(database, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{_binaries()}{os.pathsep}{os.environ['PATH']}")
    house = House(database, tmp_path).furnish()
    yield house
    house.close()


@pytest.fixture
def empty(both, request):
    """The URL of another, empty database on PostgreSQL; nothing on SQLite, whose file is replaced."""
    if both == "sqlite":
        yield None
        return
    with request.getfixturevalue("postgres").lend(tables=False) as url:
        yield url


@pytest.fixture
def lived_in(house):
    """Ana, Bea and Cid let professionals read them; Nia and Dan may."""
    with house.forum() as forum:
        for name in ("nia", "dan"):
            forum.registers(name)
        for name in ("ana", "bea", "cid"):
            forum.acknowledges(name)
            forum.chooses(name, Level.SEEN, Level.SEEN, ["nia"])
    assert all(house.permits(who, whom) for who in ("nia", "dan") for whom in ("ana", "bea", "cid"))
    return house
