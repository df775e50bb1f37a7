"""Whoever can write to the database alone opens nothing: every changed column is found, and refuses."""

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from governance.crypto.data_keys import DataKeys, owner_of
from governance.db.base import new_id
from governance.decision.vocabulary import Mark
from governance.effective import present, service
from governance.effective.errors import BrokenRowError
from governance.effective.roster import professionals_on, seal_badge
from governance.effective.service import Register
from tests.effective.conftest import add_platform

ANA, BEA, NURSE = "key-of-ana", "key-of-bea", "key-of-nurse"


class World:
    """Two patients, a nurse, a community; and somebody who writes to the tables without our key."""

    def __init__(self, session, keyring, platform, read):
        self.session, self.keyring, self.platform, self.read = session, keyring, platform, read
        self.register = Register(session, keyring, 5)
        self.ana, self.bea, self.nurse = (str(new_id()) for _ in range(3))
        self.community = f"{platform}/c"
        for key, number, hold in ((ANA, self.ana, True), (BEA, self.bea, False)):
            self.register.put("patient", number, "optout", {"hold": hold})
            self.register.put("patient", number, "patients", {"adult_from": 1})
            self.register.bind(platform, key, patient=number)
        self.add_professional(NURSE, self.nurse, "Nia")
        self.register.mark(platform, NURSE, Mark.REGISTERED)
        self.register.put("community", self.community, "pdp", {"history": [(1, "peer_only", "mixed")]})
        self.register.put("platform", str(platform), "pdp", {"posture": "peer_only"})

    def add_professional(self, key, number, name, sealed_to=""):
        badge = seal_badge(DataKeys(self.session, self.keyring), sealed_to or number, name)
        self.register.put("hcp", number, "conduct", {"status": "good", "badge": badge})
        self.register.bind(self.platform, key, hcp=number)

    def change(self, statement, **values):
        """Run SQL as somebody with the database and no key."""
        self.session.flush()
        wanted = {name: value for name, value in values.items() if f":{name}" in statement}
        assert self.session.execute(sa.text(statement), wanted).rowcount == 1
        self.session.expire_all()

    def kept(self, statement, **values):
        return self.session.execute(sa.text(statement), values).one()

    def authors(self):
        """Who of Ana and Bea may still be read about, and whether somebody was woken."""
        with capture_logs() as logs:
            found = set(self.read(NURSE, ANA, BEA).authors)
        return found, [entry["log_level"] for entry in logs]

    def roster(self, platform=None):
        with capture_logs() as logs:
            found = professionals_on(self.session, self.keyring, platform or self.platform, 5)
        return [professional.name for professional in found], [entry["log_level"] for entry in logs]


@pytest.fixture
def world(session, keyring, platform, read):
    return World(session, keyring, platform, read)


ROW = "UPDATE effective_row SET {} WHERE kind = :kind AND subject = :subject"
ROW_CHANGES = [
    "version = version + 1",
    "version = version - 1",
    "document = CAST('{}' AS BLOB)",
    "document = CAST(replace(document, 'true', 'false') AS BLOB) || ' '",
    "mac = zeroblob(32)",
    "mac = x''",
    "mac = substr(mac, 1, 31)",
    "subject = 'somebody else'",
    "kind = 'other'",
]
ACCOUNT = "UPDATE effective_account SET {} WHERE key = :key"
ACCOUNT_CHANGES = [
    "patient = :other",
    "patient = NULL",
    "patient = ''",
    "hcp = :other",
    "hcp = ''",
    "marks = 'officer'",
    "marks = marks || ' declared'",
    "mac = zeroblob(32)",
]


@pytest.mark.parametrize("how", ROW_CHANGES)
def test_a_changed_patient_row_leaves_the_author_out_and_wakes_somebody(how, world):
    world.change(ROW.format(how), kind="patient", subject=world.ana)
    assert world.authors() == ({BEA}, ["critical"])


@pytest.mark.parametrize("how", ROW_CHANGES)
def test_a_changed_row_of_the_viewer_refuses_everything(how, world):
    world.change(ROW.format(how), kind="hcp", subject=world.nurse)
    with pytest.raises(BrokenRowError):
        world.read(NURSE, ANA)


@pytest.mark.parametrize("how", [change for change in ROW_CHANGES if not change.startswith(("subject", "kind"))])
@pytest.mark.parametrize("kind", ["community", "platform"])
def test_a_changed_row_of_a_place_refuses_everything(kind, how, world):
    world.change(ROW.format(how), kind=kind, subject=str(getattr(world, kind)))
    with pytest.raises(BrokenRowError):
        world.read(NURSE, ANA, communities=["c"])


@pytest.mark.parametrize("how", ACCOUNT_CHANGES)
def test_a_changed_account_of_an_author_leaves_them_out(how, world):
    world.change(ACCOUNT.format(how), key=ANA, other=world.bea)
    assert world.authors() == ({BEA}, ["critical"])


@pytest.mark.parametrize(
    "how", [*(how for how in ACCOUNT_CHANGES if how != "patient = NULL"), "marks = ''", "hcp = NULL"]
)
def test_a_changed_account_of_the_viewer_refuses_everything(how, world):
    world.change(ACCOUNT.format(how), key=NURSE, other=world.bea)
    with pytest.raises(BrokenRowError):
        world.read(NURSE, ANA)


def test_without_the_check_a_changed_row_is_read(world, monkeypatch):
    monkeypatch.setattr(present, "check", lambda *_: None)
    world.change(ROW.format("document = CAST('{}' AS BLOB)"), kind="patient", subject=world.ana)
    assert not world.read(NURSE, ANA).authors[ANA].hold


def test_two_patients_documents_cannot_be_swapped(world):
    take = "(SELECT {0} FROM effective_row WHERE subject = :bea AND kind = 'patient')"
    parts = ", ".join(f"{name} = {take.format(name)}" for name in ("version", "document", "mac"))
    world.change(ROW.format(parts), kind="patient", subject=world.ana, bea=world.bea)
    assert world.authors() == ({BEA}, ["critical"])


def test_two_accounts_of_one_platform_cannot_be_swapped(world):
    take = "(SELECT {0} FROM effective_account WHERE key = :bea)"
    parts = ", ".join(f"{name} = {take.format(name)}" for name in ("patient", "hcp", "marks", "mac"))
    world.change(ACCOUNT.format(parts), key=ANA, bea=BEA)
    assert world.authors() == ({BEA}, ["critical"])


def test_an_earlier_document_does_not_come_back_under_the_present_version(world):
    old = world.kept("SELECT document, mac FROM effective_row WHERE subject = :s", s=world.bea)
    world.register.put("patient", world.bea, "optout", {"hold": True})
    world.change(ROW.format("document = :d, mac = :m"), kind="patient", subject=world.bea, d=old.document, m=old.mac)
    assert world.authors() == ({ANA}, ["critical"])


FRAGMENT = "UPDATE effective_fragment SET {} WHERE subject = :subject AND room = 'optout'"
FRAGMENT_CHANGES = [
    "document = CAST('{\"hold\"\\:false}' AS BLOB)",
    "document = CAST('{}' AS BLOB)",
    "room = 'other'",
    "at = at + 1",
    "mac = zeroblob(32)",
]


@pytest.mark.parametrize("how", FRAGMENT_CHANGES)
def test_a_changed_fragment_never_gets_our_code(how, world):
    """Otherwise the next honest write would compile the forgery and sign it."""
    world.change(FRAGMENT.format(how), subject=world.ana)
    with pytest.raises(BrokenRowError):
        world.register.put("patient", world.ana, "disclosure", {"covered": {}})


def test_without_the_check_a_forged_fragment_is_signed_and_read(world, monkeypatch):
    monkeypatch.setattr(service, "check", lambda *_: None)
    world.change(FRAGMENT.format("document = CAST('{}' AS BLOB)"), subject=world.ana)
    world.change(ROW.format("document = CAST('{\"adult_from\"\\:1}' AS BLOB)"), kind="patient", subject=world.ana)
    world.register.put("patient", world.ana, "disclosure", {"covered": {}})
    assert not world.read(NURSE, ANA).authors[ANA].hold


@pytest.mark.parametrize("table", ["effective_row", "effective_fragment"])
def test_what_was_taken_away_is_missed_at_the_next_write(table, world):
    of_optout = " AND room = 'optout'" if table == "effective_fragment" else ""
    world.change(f"DELETE FROM {table} WHERE subject = :subject{of_optout}", subject=world.ana)  # noqa: S608 - two names
    with pytest.raises(BrokenRowError):
        world.register.put("patient", world.ana, "disclosure", {"covered": {}})


def test_an_earlier_fragment_that_comes_back_is_missed_at_the_next_write(world):
    world.register.put("patient", world.bea, "optout", {"hold": True})
    newest = "(SELECT max(version) FROM effective_fragment WHERE subject = :subject)"
    world.change(f"DELETE FROM effective_fragment WHERE subject = :subject AND version = {newest}", subject=world.bea)  # noqa: S608 - one query
    with pytest.raises(BrokenRowError):
        world.register.put("patient", world.bea, "disclosure", {"covered": {}})


@pytest.mark.parametrize("how", ["patient = :other", "marks = ''", "mac = zeroblob(32)"])
def test_a_changed_account_gets_no_new_mark(how, world):
    world.change(ACCOUNT.format(how), key=NURSE, other=world.bea)
    with pytest.raises(BrokenRowError):
        world.register.mark(world.platform, NURSE, Mark.DECLARED)


def test_the_roster_names_professionals_of_this_platform_alone(world):
    assert world.roster() == (["Nia"], [])
    assert world.roster(add_platform(world.session)) == ([], [])


def test_the_roster_leaves_out_an_account_moved_to_another_platform(world):
    other = add_platform(world.session)
    world.change(ACCOUNT.format("platform_id = :other"), key=NURSE, other=other.hex)
    assert world.roster(other) == ([], ["critical"])


def test_one_broken_professional_does_not_cost_the_roster(world):
    world.add_professional("key-of-doctor", str(new_id()), "Dara")
    world.change(ROW.format("mac = zeroblob(32)"), kind="hcp", subject=world.nurse)
    assert world.roster() == (["Dara"], ["critical"])


def test_a_badge_moved_to_another_professional_does_not_show(world):
    world.add_professional("key-of-doctor", str(new_id()), "Nia", sealed_to=world.nurse)
    assert world.roster() == (["Nia"], ["critical"])


def test_a_professional_whose_key_was_destroyed_has_no_name_and_costs_nobody_the_roster(world):
    world.add_professional("key-of-doctor", str(new_id()), "Dara")
    DataKeys(world.session, world.keyring).destroy(owner_of("hcp", world.nurse))
    assert world.roster() == (["Dara"], ["critical"])
