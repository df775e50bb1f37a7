"""Who steals the files finds nobody's name: not in the database, its logs, a backup, a dump, nor outside."""

import base64
import secrets
import sqlite3
import subprocess
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import func, select, text

from governance.cli import opening
from governance.tables import TABLES
from tests.postgres import cluster, libpq
from tests.reliability.house import House
from tests.reliability.thief import Marker, files_in, forms, search
from tests.reliability.writers import Writers


class OnSqlite:
    def __init__(self, folder):
        self.url = f"sqlite:///{folder / 'files' / 'governance.db'}"
        self.files, self._backup = folder / "files", folder / "backup.db"
        self.files.mkdir()

    def stolen(self):
        source, target = sqlite3.connect(self.files / "governance.db"), sqlite3.connect(self._backup)
        with closing(source), closing(target):
            source.backup(target)
        found = files_in(self.files)
        assert {"governance.db", "governance.db-wal", "governance.db-shm"} <= found.keys()
        return {**found, "backup": self._backup.read_bytes()}


class OnPostgres:
    def __init__(self, server):
        self.url, self._server = server.url.render_as_string(hide_password=False), server

    def stolen(self):
        dump = subprocess.run(
            [self._server.binaries / "pg_dump", libpq(self._server.url)], check=True, capture_output=True
        )
        # Only what is on the disk can be stolen from there.
        self._server.stop()
        templates = ("base/1/", "base/4/")  # nobody can write there
        found = {name: data for name, data in files_in(self._server.data).items() if not name.startswith(templates)}
        assert any(name.startswith("pg_wal/") for name in found)
        return {**found, "dump": dump.stdout, "server log": (self._server.folder / "log").read_bytes()}


@contextmanager
def storage(both, folder):
    if both == "sqlite":
        yield OnSqlite(folder)
        return
    with cluster() as server:
        yield OnPostgres(server)


@pytest.fixture
def stored(both, tmp_path, monkeypatch, pytestconfig):
    """Where everything lies."""
    if both == "postgres" and pytestconfig.getoption("--no-postgres"):
        pytest.skip("--no-postgres was given")
    monkeypatch.delenv("GOVERNANCE_DIR", raising=False)
    with storage(both, tmp_path) as stored:
        yield stored


# Every form of every word is looked for in every file of a whole PostgreSQL.
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("both")
def test_no_word_of_anybody_is_found_in_what_a_thief_can_carry_away(stored, tmp_path, monkeypatch, capfd, caplog):
    house = House(tmp_path / "here", stored.url)
    caplog.set_level("DEBUG")
    with house.app() as app:
        # In this process an app of their own would leave connections open.
        monkeypatch.setattr(opening, "create_app", lambda _: app)
        writers = Writers(house, app)
        writers.everything()
        with house.reading() as session:
            untouched = [table for table in TABLES if not session.scalar(select(func.count()).select_from(table))]
        assert not untouched
        with house.writing() as session:
            session.execute(text("CREATE TABLE in_the_clear (words VARCHAR)"))
            leak = Marker("written in the clear")
            session.execute(text("INSERT INTO in_the_clear VALUES (:words)"), {"words": leak.text})
        said = capfd.readouterr()
        logs = {"log": caplog.text.encode(), "stdout": said.out.encode(), "stderr": said.err.encode()}
        logs["commands"] = "".join(writers.told).encode()
        assert b"logs are captured" in logs["log"]
        assert b"outbox_try_failed" in logs["stdout"]
        places = {**stored.stolen(), **files_in(house.settings.outside), **logs}
        house.close()
    assert search(writers.personal, places) == set()
    assert not [name for name, data in places.items() for secret in writers.secrets if secret.encode() in data]
    # The search sees what is there: what may be read, and what somebody wrote down in the clear.
    assert {what for what, _ in search(writers.allowed, places)} == {marker.what for marker in writers.allowed}
    files = {name.split("/")[0] for _, name in search([leak], places)}
    assert files >= ({"governance.db-wal", "backup"} if "backup" in places else {"base", "pg_wal", "dump"})


@pytest.mark.parametrize("form", sorted(forms("0f9e8d7c6b5a493827")))
def test_the_search_finds_a_word_in_every_form(form):
    marker = Marker("planted")
    marker.core = "0f9e8d7c6b5a493827"
    data = secrets.token_bytes(500) + form + secrets.token_bytes(500)
    assert search([marker], {"file": data}) == {("planted", "file")}


@pytest.mark.parametrize("before", range(6))
@pytest.mark.parametrize("after", range(6))
def test_the_search_finds_a_word_inside_a_longer_text_in_base64(before, after):
    marker = Marker("planted")
    marker.core = "12A3456B"
    data = base64.urlsafe_b64encode(secrets.token_bytes(before) + b"12A3456B" + secrets.token_bytes(after))
    assert search([marker], {"file": data}) == {("planted", "file")}


def test_no_form_is_so_short_that_it_is_found_by_chance():
    assert min(map(len, forms("12A3456B"))) >= 8
