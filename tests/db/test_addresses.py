"""Which databases an address may name, and what is said about the others."""

import sys

import pytest

from governance.db.engine import database_url, engine_options
from governance.db.errors import DatabaseUrlError


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_means_psycopg(scheme):
    url = database_url(f"{scheme}://us:secret@host:5433/name?sslmode=require")
    assert url.render_as_string(hide_password=False) == "postgresql+psycopg://us:secret@host:5433/name?sslmode=require"


def test_a_sqlite_file_stays_where_it_is():
    assert str(database_url("sqlite:////srv/governance.db")) == "sqlite:////srv/governance.db"


@pytest.mark.parametrize("text", ["mysql://host/name", "postgresql+psycopg2://host/name", "secret-nonsense", "", ":"])
def test_other_addresses_are_refused_and_not_repeated(text):
    with pytest.raises(DatabaseUrlError, match="postgresql://") as raised:
        database_url(text)
    assert len(text) < 2 or text not in str(raised.value)


def test_without_its_driver_postgresql_is_refused_with_the_line_that_mends_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseUrlError, match=r"pip install 'hcp-governance\[postgres\]'"):
        database_url("postgresql://host/name")
    assert database_url("sqlite:///x.db")


def test_what_the_address_says_of_the_network_wins():
    ours = engine_options(database_url("postgresql://host/name"))["connect_args"]
    theirs = engine_options(database_url("postgresql://host/name?connect_timeout=60"))["connect_args"]
    assert ours.keys() - theirs.keys() == {"connect_timeout"}
