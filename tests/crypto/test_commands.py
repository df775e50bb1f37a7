"""`governance keys` from outside: processes that rotate, are killed, and go on; errors that name what mends them."""

import json
import os
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from governance.cli import keys as wired
from governance.cli import main
from governance.config import KeysError, KeySet, load_settings
from governance.config.providers import KeysInFile
from governance.crypto.data_keys import DataKeys
from governance.crypto.keys import Keyring
from governance.crypto.models import WrappedKey
from governance.db.engine import open_engine
from governance.ledger.entries import decode
from governance.ledger.models import entries_from
from tests.begun import begin

pytestmark = pytest.mark.slow

MANY = 60
OWNERS = [f"patient:{number:04}" for number in range(MANY)]
PLACE = ("directive", "sealed_choices", "1")


class Service:
    """A directory with some data keys in its database."""

    def __init__(self, folder, postgres=None):
        self.folder = folder
        begin(folder)
        if postgres is not None:
            with (folder / "settings.env").open("a") as file:
                file.write(f"GOVERNANCE_DATABASE_URL={postgres}\n")
        self.sealed = {}
        with self.session() as session:
            keys = DataKeys(session, Keyring(self.keys))
            self.sealed = {owner: keys.of(owner).seal(owner.encode(), *PLACE) for owner in OWNERS}

    @property
    def keys(self):
        return load_settings(self.folder, {}).keys

    @contextmanager
    def session(self):
        engine = open_engine(load_settings(self.folder, {}).database_url)
        with Session(engine) as session, session.begin():
            yield session
        engine.dispose()

    def run(self, *words, **said):
        return run("--dir", self.folder, "keys", *words, **said)

    def status(self):
        return json.loads(self.run("status", "--json"))

    def under(self):
        return {epoch["id"]: epoch["data_keys"] for epoch in self.status()["epochs"]}

    def entered(self):
        with self.session() as session:
            read = (decode(entry.document) for entry in entries_from(session, 0))
            return [(entry.number, entry.kind, entry.facts) for entry in read]

    def all_open(self):
        with self.session() as session:
            keys = DataKeys(session, Keyring(self.keys))
            return all(
                keys.known(owner).unseal(value, *PLACE) == owner.encode() for owner, value in self.sealed.items()
            )


def run(*words, status=0, env=None):
    result = CliRunner().invoke(main, [str(word) for word in words], env=env)
    assert result.exit_code == status, result.output
    return result.stdout if status == 0 else result.output


@pytest.fixture
def service(tmp_path):
    return Service(tmp_path / "here")


@pytest.fixture
def on_both(both, database_url, tmp_path):
    return Service(tmp_path / "here", database_url if both == "postgres" else None)


def test_a_rotation_makes_an_epoch_and_wraps_every_key_anew(service):
    assert f"rotated to e2: {MANY} data keys" in service.run("rotate")
    assert service.under() == {"e1": 0, "e2": MANY}
    assert service.all_open()
    assert stat.S_IMODE((service.folder / "keys.json").stat().st_mode) == 0o400


def test_the_status_says_where_the_keys_stand(service):
    told = service.status()
    first = {"id": "e1", "from": None, "data_keys": MANY, "wraps": True}
    assert told == {"provider": "file", "epochs": [first], "destroyed": 0, "unreadable": 0, "rotation": "complete"}
    assert f"e1: {MANY} data keys, since the beginning, wraps" in service.run("status")


def test_no_command_prints_a_key_of_a_file(service):
    before = service.keys
    said = service.run("status") + service.run("rotate") + service.run("retire", "e1", "--yes") + service.run("status")
    for text in (line.split('"')[3] for line in (before.dump() + service.keys.dump()).splitlines() if "=" in line):
        assert text not in said


DIES = """
import os, signal, sys
from governance.crypto import rotation
from governance.cli import keys as wired
from governance.cli import main
rotation.rewrap.__defaults__ = ("", 7)
real, left = rotation.rewrap, [{batches}]
def die(): os.kill(os.getpid(), signal.SIGKILL)
def rewrap(*said):
    if not left[0]: die()
    left[0] -= 1
    page = real(*said)
    if not left[0] and {inside}: die()
    return page
rotation.rewrap = rewrap
main()
"""


@pytest.mark.parametrize(("batches", "inside"), [(0, False), (1, False), (3, True), (9, True)])
def test_a_rotation_killed_at_any_batch_loses_nothing_and_goes_on(on_both, batches, inside):
    died = killed(on_both, DIES.format(batches=batches, inside=inside))
    assert died.returncode == -signal.SIGKILL
    committed = 7 * (batches - inside)
    assert on_both.under() == {"e1": MANY - min(committed, MANY), "e2": min(committed, MANY)}
    assert on_both.all_open()
    on_both.run("rotate")
    assert on_both.under() == {"e1": 0, "e2": MANY}
    assert [kind for _, kind, _ in on_both.entered()] == ["keys.rotated"]
    assert on_both.all_open()


def killed(service, source):
    words = ["--dir", str(service.folder), "keys", "rotate"]
    return subprocess.run([sys.executable, "-c", source, *words], check=False, capture_output=True)


def test_a_rotation_killed_once_its_keys_are_written_uses_them(service):
    source = "import os, signal\nfrom governance.config import key_file\nfrom governance.cli import main\n"
    source += "key_file._sync = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\nmain()\n"
    assert killed(service, source).returncode == -signal.SIGKILL
    made = service.keys.newest
    assert made.id == "e2"
    assert service.status()["rotation"] == "unfinished"
    assert "run `governance keys rotate`" in service.run("status")
    service.run("rotate")
    assert service.keys.newest == made
    assert service.status()["rotation"] == "complete"


def test_two_rotations_at_once_lose_no_key(service):
    source = "from governance.cli import main\nmain()\n"
    words = [sys.executable, "-c", source, "--dir", str(service.folder), "keys", "rotate"]
    both = [subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate()[1] and process.returncode for process in both] == [0, 0]
    assert sum(service.under().values()) == MANY
    assert service.all_open()


def test_an_old_epoch_is_retired_after_a_rotation_alone(service):
    assert "keys rotate" in service.run("retire", "e1", "--yes", status=1)
    service.run("rotate")
    assert "e1 is gone" in service.run("retire", "e1", "--yes")
    assert [epoch.id for epoch in service.keys.epochs] == ["e2"]
    assert service.all_open()


def test_what_is_done_to_keys_is_in_the_ledger_one_entry_for_each(on_both):
    on_both.run("rotate")
    on_both.run("rotate")
    on_both.run("retire", "e1", "--yes")
    on_both.run("retire", "e2", status=1)
    assert on_both.entered() == [
        (0, "keys.rotated", {"epoch": "e2", "older": "e1"}),
        (1, "keys.rotated", {"epoch": "e3", "older": "e1 e2"}),
        (2, "keys.retired", {"epoch": "e1"}),
    ]
    run("--dir", on_both.folder, "ledger", "verify")


def test_without_its_entry_nothing_of_a_rotations_end_is_kept(service, monkeypatch):
    """One transaction: the last data keys stay under the old epoch, and the next rotation goes on."""

    def fail(*_):
        raise KeysError("no entry")

    with monkeypatch.context() as patched:
        patched.setattr(wired.keys, "enter", fail)
        service.run("rotate", status=1)
    assert (service.under()["e1"], service.entered()) == (MANY, [])
    service.run("rotate")
    assert (service.under(), len(service.entered())) == ({"e1": 0, "e2": MANY}, 1)


def test_without_its_entry_no_epoch_is_given_up(service, monkeypatch):
    service.run("rotate")

    def fail(*_):
        raise KeysError("no entry")

    with monkeypatch.context() as patched:
        patched.setattr(wired.keys, "enter", fail)
        service.run("retire", "e1", "--yes", status=1)
    assert len(service.keys.epochs) == 2


def test_retiring_asks_first(service):
    service.run("rotate")
    service.run("retire", "e1", status=1)
    assert len(service.keys.epochs) == 2


def test_a_changed_data_key_ends_a_rotation_with_what_to_do(service):
    with service.session() as session:
        row = session.get(WrappedKey, OWNERS[1])
        row.wrapped = row.wrapped[:-1] + bytes([row.wrapped[-1] ^ 1])
    assert "1 data keys were changed" in service.run("rotate", status=1)
    assert service.under() == {"e1": 1, "e2": MANY - 1}


def test_keys_that_come_from_a_command_are_stored_by_the_operator(service, tmp_path):
    store = tmp_path / "store"
    store.write_text(service.keys.dump())
    env = {"GOVERNANCE_KEYS_COMMAND": f"cat {store}"}
    refused = service.run("rotate", status=1, env=env)
    assert "run `governance keys rotate` again" in refused
    assert service.under() == {"e1": MANY}
    store.write_text(refused[: refused.rindex("}") + 1])
    service.run("rotate", env=env)
    status = json.loads(service.run("status", "--json", env=env))
    assert (status["provider"], status["epochs"][1]["data_keys"]) == ("command", MANY)
    left = KeySet.parse(service.run("retire", "e1", "--yes", env=env))
    assert [epoch.id for epoch in left.epochs] == ["e2"]


def test_without_the_key_document_of_the_rotation_the_status_says_so(service):
    before = service.keys.dump()
    service.run("rotate")
    told = service.run("status", env={"GOVERNANCE_KEYS": before})
    assert f"unreadable: {MANY}" in told
    assert "bring it here" in told


def test_fresh_keys_are_written_for_their_owner_alone_or_printed(tmp_path):
    file = tmp_path / "keys.json"
    assert "GOVERNANCE_KEYS_FILE" in run("keys", "init", file)
    assert KeysInFile(file).read().newest.id == "e1"
    assert "never overwritten" in run("keys", "init", file, status=1)
    assert KeySet.parse(run("keys", "init", "-")).newest.id == "e1"
    assert not os.path.lexists("-")


def test_without_settings_or_tables_a_command_says_what_to_do(tmp_path, service):
    assert "governance init" in run("--dir", tmp_path, "keys", "status", status=1)
    (service.folder / "governance.db").unlink()
    assert "governance --dir DIR db upgrade" in service.run("rotate", status=1)
    assert len(service.keys.epochs) == 1
