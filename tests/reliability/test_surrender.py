"""The surrender table, row by row, on real dumps: what a thief reads with the database, our keys, and one thing."""

import sqlite3
import subprocess
from contextlib import closing

import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.engine import open_engine
from governance.identity.permissions import Role
from governance.identity.sessions.service import Secret, keep, start_staff
from governance.identity.staff.models import StaffMember
from governance.ledger.outside import Outside
from governance.optout.own.places import name_places
from governance.reporting.custody import service as custody
from governance.reporting.keeping import messages
from governance.reporting.keeping.drafts import Body, Draft, Header, Identity
from governance.reporting.keeping.jobs import enter
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.service import file_report, revoke
from tests.forum import Forum
from tests.postgres import _binaries, libpq
from tests.reliability.surrender import Haul
from tests.reliability.thief import Marker
from tests.reporting.office import Office

OLU, ODA = "four otters sing in march", "nine herons wait by the weir"
FIELDS = ("what", "where", "who", "wish", "reach")


class World:
    """A patient with a secret of their own, officers, and two reports, of which Olu can read one alone."""

    def __init__(self, session, keyring):
        self.markers = {}
        self.forum = Forum(session, keyring)
        self.forum.acknowledges("ana")
        place = self.word("the patient's own")
        name_places(session, keyring, self.forum.patient("ana").id, {"p" * 43: place})
        self.office = office = Office(self.forum)
        office.joins("olu", passphrase=OLU)
        office.joins("oda", passphrase=ODA)
        office.joins("ola")
        office.joins("cy", Role.CUSTODIAN)
        self.first, self.second = self.files("hers"), self.files("not hers")
        revoke(office.work, self.second.report_id, office.vaults["olu"].staff_id)
        self.asks(office)
        self.cookie = self.sits_at_the_desk(session, keyring)
        enter(office.work)
        session.commit()

    def word(self, what):
        return self.markers.setdefault(what, Marker(what)).text

    def files(self, whose):
        said = {name: self.word(f"{whose}: {name}") for name in FIELDS}
        body = Body(**said, evidence=(self.word(f"{whose}: evidence"),), more={"more": self.word(f"{whose}: more")})
        identity = Identity(name=self.word(f"{whose} name"), reach=self.word(f"{whose} name: reach"))
        header = Header(kind="boundary", platform_id=self.forum.id)
        filed = file_report(
            self.office.work, Draft(header=header, body=body, identity=identity), self.office.group(self.forum.id)
        )
        messages.write_message(self.office.work, filed.key, "reporter", self.word(f"{whose}: message"))
        return filed

    def asks(self, office):
        for filed, whose, who in ((self.first, "hers", "olu"), (self.second, "not hers", "oda")):
            reason = self.word(f"{whose} asks: reason")
            request = custody.ask(office.work, filed.report_id, office.vaults[who], reason)
            if whose == "hers":
                custody.refuse(office.work, request, office.vaults["cy"], self.word(f"{whose} asks: answer"))

    def sits_at_the_desk(self, session, keyring):
        olu = self.office.vaults["olu"]
        at = self.forum.now
        cookie = start_staff(session, keyring, session.get(StaffMember, olu.staff_id), at, now=at)
        state = {"vault": {"key": olu.key.private.hex(), "whose": str(olu.staff_id), "used": int(at)}}
        keep(session, Secret(cookie, keyring), state, frozenset(), now=at)
        return cookie

    @property
    def reports(self):
        return {what for what in self.markers if what.startswith(("hers", "not hers"))}

    def of(self, whose):
        return {what for what in self.markers if what.startswith(f"{whose}:")}


def dumped(url, folder, request):
    """Copy a database as a thief does: the file while it runs, or what `pg_dump` writes; return where it is now."""
    if url.startswith("sqlite:"):
        source, target = (sqlite3.connect(path) for path in (make_url(url).database, folder / "stolen.db"))
        with closing(source), closing(target):
            source.backup(target)
        yield f"sqlite:///{folder / 'stolen.db'}", (folder / "stolen.db").read_bytes()
        return
    with request.getfixturevalue("postgres").lend(tables=False) as there:
        dump = subprocess.run([_binaries() / "pg_dump", libpq(make_url(url))], check=True, capture_output=True).stdout
        subprocess.run(
            [_binaries() / "psql", "-q", libpq(make_url(there))], input=dump, check=True, capture_output=True
        )
        yield there, dump


@pytest.fixture
def world(session, keyring):
    return World(session, keyring)


@pytest.fixture
def derived(monkeypatch):
    """Every key that our root gave while all of it was written."""
    found = set()
    derive = Keyring.derive

    def noted(self, *purpose):
        key = derive(self, *purpose)
        found.add(key)
        return key

    monkeypatch.setattr(Keyring, "derive", noted)
    return found


@pytest.fixture
def stolen(derived, world, settings, tmp_path, request):  # noqa: ARG001 - there must be something to steal
    """Return what takes the haul out of a real dump, with what keys there are."""
    for url, dump in dumped(settings.database_url, tmp_path, request):
        engine = open_engine(url)
        with Session(engine) as session:

            def haul(**said):
                keyring = said.pop("keyring", Keyring(settings.keys))
                outside = Outside(settings.outside)
                return Haul(session, keyring, derived=tuple(derived), outside=outside, **said)

            haul.dump = dump
            yield haul
        engine.dispose()


pytestmark = pytest.mark.usefixtures("both")


def test_the_database_alone(world, stolen):
    haul = stolen(keyring=None)
    assert haul.finds(world.markers.values()) == set()
    for secret in (world.first.code, world.first.code.replace("-", ""), OLU, world.office.recovery["olu"]):
        assert secret.encode() not in stolen.dump


def test_the_database_and_the_keys_that_decide(world, stolen):
    """Of a process that holds what is derived from the root, and no epoch: no free text of anybody."""
    assert stolen(epochs=False).finds(world.markers.values()) == set()


def test_the_database_and_all_our_keys(world, stolen):
    """What a patient called a place is read then, which shows that this thief can open; of reports not a word."""
    assert stolen().finds(world.markers.values()) == {"the patient's own"}


def test_and_one_officers_passphrase(world, stolen):
    haul = stolen()
    haul.knows_passphrase(OLU)
    assert haul.finds(world.markers.values()) == {
        "the patient's own",
        *world.of("hers"),
        "hers asks: reason",
        "hers asks: answer",
    }


def test_and_a_passphrase_that_is_nobodys(world, stolen):
    haul = stolen()
    haul.knows_passphrase("a passphrase of nobody here")
    assert haul.finds(world.markers.values()) == {"the patient's own"}


def test_and_one_receipt_code(world, stolen):
    haul = stolen()
    haul.knows_code(world.second.code)
    assert haul.finds(world.markers.values()) == {"the patient's own", *world.of("not hers")}


def test_and_a_live_session_of_an_officer(world, stolen):
    haul = stolen()
    haul.knows_cookie(world.cookie)
    assert haul.finds(world.markers.values()) >= world.of("hers")
    assert haul.finds(world.markers.values()).isdisjoint(world.of("not hers"))
    assert not {what for what in haul.finds(world.markers.values()) if what.startswith("hers name")}


@pytest.mark.parametrize("broken", ["ours alone", "in the clear"])
def test_a_variant_that_keeps_reports_badly_is_found(broken, monkeypatch, derived, forum, settings):
    """The control: one that seals by our part of the key alone, and one that seals nothing."""
    if broken == "ours alone":
        monkeypatch.setattr(ReportKey, "of", classmethod(lambda cls, number, inner, ours: cls(number, inner, ours)))
    else:
        monkeypatch.setattr(ReportKey, "seal", lambda _self, plain, *_place: plain)
    world = World.__new__(World)
    world.markers = {}
    world.forum, world.office = forum, Office(forum).opens()
    World.files(world, "hers")
    haul = Haul(forum.session, forum.keyring, derived=tuple(derived), outside=Outside(settings.outside))
    assert world.of("hers") <= haul.finds(world.markers.values())
