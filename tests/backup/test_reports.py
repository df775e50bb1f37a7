"""Reports, seals, messages and vaults that came after a backup come back from the journal; what was erased does not."""

import pytest
from sqlalchemy import func, select

from governance.crypto.data_keys import KeyGoneError
from governance.identity.permissions import Role
from governance.ledger import rows
from governance.reporting.custody import service as custody
from governance.reporting.errors import NoSuchReportError
from governance.reporting.keeping import messages, reporters
from governance.reporting.keeping import service as keeping
from governance.reporting.keeping.erasing import erase_identity, erase_report
from governance.reporting.keeping.jobs import enter
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.models import Report, ReportSeal
from governance.reporting.vaults.duty import name_contact, narrow
from governance.reporting.vaults.leaving import leave
from governance.reporting.vaults.models import Vault
from governance.reporting.vaults.service import begin_guess, recover, rewrap, unlock
from governance.reporting.work import Work
from tests.backup.test_rows import every_row
from tests.reporting.office import PASSPHRASE, Office


class Desk:
    """One office over several transactions."""

    def __init__(self, house):
        self.house, self.vaults, self.filed = house, {}, {}

    def does(self, act):
        with self.house.forum() as forum:
            office = Office(forum)
            office.vaults = self.vaults
            act(self, office)


def opens(desk, office):
    for name in ("olu", "oda", "ola"):
        office.joins(name)
    office.joins("cy", Role.CUSTODIAN)
    for name in ("first", "second", "third"):
        desk.filed[name] = office.files(name, identity="Ana")
    name_contact(office.work, "Ines Out", "ines@safe.example")
    narrow(office.work, desk.vaults["oda"].staff_id, frozenset({office.forum.id}))


def goes_on(desk, office):
    first, second, third = (desk.filed[name] for name in ("first", "second", "third"))
    messages.write_message(office.work, first.key, "reporter", "any news?")
    keeping.reseal(office.work, first.report_id, desk.vaults["olu"], office.reader("oda"))
    keeping.revoke(office.work, first.report_id, desk.vaults["ola"].staff_id)
    request = custody.ask(office.work, first.report_id, desk.vaults["olu"], "the court asks")
    custody.release(office.work, request, desk.vaults["cy"], "yes")
    enter(office.work)
    erase_report(office.work, second.report_id)
    erase_identity(office.work, third.report_id)
    leave(office.work, desk.vaults["ola"].staff_id)
    recover(office.work, rewrap(desk.vaults["oda"], PASSPHRASE))
    narrow(office.work, desk.vaults["oda"].staff_id, frozenset())
    desk.filed["late"] = office.files("late")


@pytest.mark.parametrize("known", [False, True], ids=["made since", "changed since"])
def test_every_row_is_what_it_was(lived_in, empty, known):
    desk = Desk(lived_in)
    file = None if known else lived_in.backup()
    desk.does(opens)
    file = file or lived_in.backup()
    desk.does(goes_on)
    lost = every_row(lived_in)
    lived_in.restore(file, to=empty)
    assert every_row(lived_in) == lost
    desk.does(still_reads)


def still_reads(desk, office):
    first, second = desk.filed["first"], desk.filed["second"]
    for name in ("olu", "oda"):
        assert keeping.open_report(office.work, first.report_id, desk.vaults[name]).body.what == "first"
        assert keeping.open_report(office.work, desk.filed["late"].report_id, desk.vaults[name]).body.what == "late"
    assert custody.identity(office.work, first.report_id, desk.vaults["olu"]).name == "Ana"
    assert unlock(office.session, office.keyring, desk.vaults["oda"].staff_id, PASSPHRASE) == desk.vaults["oda"]
    found = reporters.by_code(office.session, office.keyring, first.code)
    assert [one.text for one in messages.messages(office.session, first.report_id, found.key)] == ["any news?"]
    # What was erased stays so, and our part of its key is gone here too.
    assert reporters.by_code(office.session, office.keyring, second.code) is None
    with pytest.raises(KeyGoneError):
        ReportKey.opened(office.session, office.keyring, second.report_id, second.key.inner)
    assert office.session.get(Vault, desk.vaults["ola"].staff_id) is None
    with pytest.raises(NoSuchReportError):
        keeping.open_report(office.work, first.report_id, desk.vaults["ola"])


def test_left_out_of_the_journal_what_was_erased_would_be_there_again(lived_in, empty, monkeypatch):
    """The control."""
    desk = Desk(lived_in)
    desk.does(opens)
    file = lived_in.backup()
    monkeypatch.setattr(rows, "journal", lambda *_, **__: None)
    desk.does(goes_on)
    lived_in.restore(file, to=empty)
    with lived_in.session() as session:
        assert session.get(Report, desk.filed["second"].report_id) is not None
        assert session.get(Report, desk.filed["late"].report_id) is None
        assert session.scalar(select(func.count()).select_from(ReportSeal))


def test_guesses_before_a_loss_are_forgotten(lived_in, empty):
    """They are no row of the journal: after a restore nobody waits for what they mistyped before."""
    desk = Desk(lived_in)
    desk.does(opens)
    file = lived_in.backup()
    olu = desk.vaults["olu"].staff_id
    desk.does(lambda _desk, office: begin_guess(Work(office.session, office.keyring, office.forum.now), olu))
    lived_in.restore(file, to=empty)
    with lived_in.session() as session:
        assert session.get(Vault, olu).guesses == 0
