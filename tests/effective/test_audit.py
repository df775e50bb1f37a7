"""Rows that carry our code and are not the last we wrote: the ledger knows, and `ledger verify` says so."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from governance.cli import main
from governance.config import load_settings
from governance.crypto.keys import Keyring
from governance.db.base import Base
from governance.db.engine import open_engine
from governance.effective import chronicle
from governance.effective.audit import RowAudit
from governance.effective.erasure import erase
from governance.effective.macs import Said, fragment_mac, row_mac
from governance.effective.models import AccountVersion, Fragment, GovernedAccount, InForce
from governance.effective.service import Register
from governance.ledger.commands import ledger
from governance.ledger.commits import OUTSIDE
from governance.ledger.verify import verify
from tests.begun import begin
from tests.forum import ANSWERED, CLOSED, Forum

ROW, FRAGMENT, ACCOUNT, VERSION = (model.__table__ for model in (InForce, Fragment, GovernedAccount, AccountVersion))


class Scene:
    """A forum after a while; and somebody who writes to its tables."""

    def __init__(self, session, keyring):
        self.session, self.keyring, self.forum = session, keyring, Forum(session, keyring)
        self.forum.registers("nurse")
        self.forum.opens("c")
        for name in ("ana", "bea"):
            self.forum.acknowledges(name)
            self.forum.chooses(name, ANSWERED, CLOSED, team=["nurse"])
        self.ana, self.bea = (str(self.forum.patient(name).id) for name in ("ana", "bea"))
        session.commit()

    def found(self):
        self.session.commit()
        report = verify(self.session, self.keyring, self.session.info[OUTSIDE], [RowAudit(self.keyring)])
        return sorted((finding.code, finding.where.split()[0]) for finding in report.findings.first)

    def run(self, statement, rows=None):
        self.session.execute(statement, rows) if rows else self.session.execute(statement)
        self.session.commit()
        self.session.expire_all()

    def kept(self, table, where):
        return [dict(row) for row in self.session.execute(table.select().where(where)).mappings()]

    def put_back(self, table, where, rows):
        self.run(table.delete().where(where))
        self.run(table.insert(), rows)


@pytest.fixture
def scene(both, session, keyring):  # noqa: ARG001 - each on both databases
    return Scene(session, keyring)


def test_rows_as_they_were_entered_are_not_named(scene):
    assert scene.found() == []


def test_neither_are_those_of_somebody_erased_who_came_back(scene):
    """What was said before an erasure is forgotten on purpose."""
    patient = scene.forum.patient("ana").id
    erase(scene.session, scene.keyring, patient, scene.forum.now, final_at=scene.forum.now)
    assert scene.found() == []
    Register(scene.session, scene.keyring, scene.forum.now).put("patient", str(patient), "optout", {"hold": True})
    assert scene.found() == []


@pytest.mark.parametrize("table", [ROW, FRAGMENT])
def test_a_deleted_row(table, scene):
    scene.run(table.delete().where(table.c.subject == scene.ana))
    assert [code for code, _ in scene.found()] == ["row_missing"]


def test_a_row_deleted_with_its_fragments(scene):
    for table in (ROW, FRAGMENT):
        scene.run(table.delete().where(table.c.subject == scene.ana))
    assert scene.found() == [("row_missing", "patient,")]


def test_a_deleted_account(scene):
    key = scene.forum.key("ana")
    for table in (ACCOUNT, VERSION):
        scene.run(table.delete().where(table.c.key == key))
    assert scene.found() == [("row_missing", "account,")]


@pytest.mark.parametrize("which", ["first", "last"])
def test_one_fragment_of_the_history_deleted(which, scene):
    versions = [row["version"] for row in scene.kept(FRAGMENT, FRAGMENT.c.subject == scene.ana)]
    gone = min(versions) if which == "first" else max(versions)
    scene.run(FRAGMENT.delete().where(FRAGMENT.c.subject == scene.ana, FRAGMENT.c.version == gone))
    assert scene.found() == [("row_missing", "patient")]


def test_an_old_row_put_back_with_its_fragments(scene):
    """Every code in it is right."""
    places = [(ROW, ROW.c.subject == scene.ana), (FRAGMENT, FRAGMENT.c.subject == scene.ana)]
    old = [(table, where, scene.kept(table, where)) for table, where in places]
    scene.forum.hides("ana")
    assert scene.found() == []
    for table, where, rows in old:
        scene.put_back(table, where, rows)
    Register(scene.session, scene.keyring, scene.forum.now).document("patient", scene.ana)
    assert scene.found() == [("row_older", "patient")]


def test_without_the_entry_an_old_row_would_pass(scene, monkeypatch):
    """The control: what the audit finds, it finds by the ledger."""
    old = scene.kept(ROW, ROW.c.subject == scene.ana), scene.kept(FRAGMENT, FRAGMENT.c.subject == scene.ana)
    monkeypatch.setattr(chronicle, "append", lambda *_: 0)
    scene.forum.hides("ana")
    scene.put_back(ROW, ROW.c.subject == scene.ana, old[0])
    scene.put_back(FRAGMENT, FRAGMENT.c.subject == scene.ana, old[1])
    assert scene.found() == []


def test_an_old_account_put_back_with_its_history(scene):
    key = scene.forum.key("nurse")
    old = scene.kept(ACCOUNT, ACCOUNT.c.key == key), scene.kept(VERSION, VERSION.c.key == key)
    scene.forum.declares("nurse")
    assert scene.found() == []
    scene.put_back(ACCOUNT, ACCOUNT.c.key == key, old[0])
    scene.put_back(VERSION, VERSION.c.key == key, old[1])
    assert scene.found() == [("row_older", "account")]


def test_two_patients_accounts_swapped(scene):
    keys = [scene.forum.key(name) for name in ("ana", "bea")]
    one, other = (scene.kept(ACCOUNT, ACCOUNT.c.key == key)[0] for key in keys)
    scene.put_back(ACCOUNT, ACCOUNT.c.key.in_(keys), [one | {"key": keys[1]}, other | {"key": keys[0]}])
    assert scene.found() == [("row_edited", "account"), ("row_edited", "account")]


def test_two_patients_rows_swapped(scene):
    subjects = [scene.ana, scene.bea]
    one, other = (scene.kept(ROW, ROW.c.subject == subject)[0] for subject in subjects)
    rows = [one | {"subject": subjects[1]}, other | {"subject": subjects[0]}]
    scene.put_back(ROW, ROW.c.subject.in_(subjects), rows)
    assert scene.found() == [("row_edited", "patient"), ("row_edited", "patient")]


def test_a_row_by_somebody_with_our_key_and_without_an_entry(scene):
    document, subject = b'{"hold":false}', "01890000-0000-7000-8000-000000000000"
    mac = row_mac(scene.keyring, "patient", subject, 1, document)
    row = {"kind": "patient", "subject": subject, "version": 1, "document": document, "mac": mac}
    scene.run(ROW.insert(), [row])
    assert scene.found() == [("row_unentered", "patient")]


def test_a_version_by_somebody_with_our_key_and_without_an_entry(scene, monkeypatch):
    monkeypatch.setattr(chronicle, "append", lambda *_: 0)
    scene.forum.hides("ana")
    assert scene.found() == [("row_unentered", "patient")]


def test_another_document_of_the_same_version_by_somebody_with_our_key(scene):
    row = scene.kept(ROW, ROW.c.subject == scene.ana)[0]
    mac = row_mac(scene.keyring, "patient", scene.ana, row["version"], b"{}")
    scene.run(ROW.update().where(ROW.c.subject == scene.ana).values(document=b"{}", mac=mac))
    assert scene.found() == [("row_edited", "patient")]


def test_a_fragment_that_says_something_else_than_the_row(scene):
    """Signed with our key, at its own place: an entry holds the row's code, and the row no such document."""
    whose = FRAGMENT.c.subject == scene.ana
    last = max(scene.kept(FRAGMENT, whose), key=lambda row: row["version"])
    said = Said("patient", scene.ana, last["room"], last["version"], last["at"])
    changed = {"document": b'{"hold":true}', "mac": fragment_mac(scene.keyring, said, b'{"hold":true}')}
    scene.run(FRAGMENT.update().where(whose, FRAGMENT.c.version == last["version"]).values(**changed))
    assert scene.found() == [("row_edited", "patient")]


def test_fragments_and_history_that_belong_to_no_row(scene):
    key = scene.forum.key("ana")
    fragment = scene.kept(FRAGMENT, FRAGMENT.c.subject == scene.ana)[0]
    version = scene.kept(VERSION, VERSION.c.key == key)[0]
    scene.run(FRAGMENT.insert(), [fragment | {"subject": "nobody"}])
    scene.run(VERSION.insert(), [version | {"key": "nobody"}])
    assert scene.found() == [("row_unentered", "account"), ("row_unentered", "patient")]


@pytest.mark.parametrize("table", [ROW, FRAGMENT, ACCOUNT, VERSION])
def test_a_row_without_our_code(table, scene):
    scene.run(table.update().values(mac=bytes(32)))
    assert {code for code, _ in scene.found()} == {"row_edited"}


def test_the_command_line_has_rows_verified(tmp_path):
    directory = str(begin(tmp_path / "here"))
    settings = load_settings(tmp_path / "here", {})
    engine = open_engine(settings.database_url)
    row = {"kind": "patient", "subject": "x", "version": 1, "document": b"{}"}
    row["mac"] = row_mac(Keyring(settings.keys), "patient", "x", 1, b"{}")
    with engine.begin() as connection:
        connection.execute(sa.insert(Base.metadata.tables["effective_row"]), [row])
    engine.dispose()
    result = CliRunner().invoke(main, ["--dir", directory, "ledger", "verify"])
    assert result.exit_code == 1
    assert "row_unentered" in result.output
    assert ledger.checks == (RowAudit,)


def test_it_is_let_go_by_whichever_thread_collects_it(keyring, monkeypatch):
    """In a cycle, as an error's traceback makes one, it is collected wherever Python looks for garbage next."""
    complaints = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    audits = [RowAudit(keyring)]
    with ThreadPoolExecutor(1) as pool:
        pool.submit(audits.clear).result()
    assert complaints == []
