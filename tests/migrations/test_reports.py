"""The step to reports: the way down is closed while there is a report, or a key that one is sealed to."""

import pytest

from governance.crypto.keys import Keyring
from governance.db.extension import transaction
from governance.db.migrate import at_head, upgrade
from governance.reporting.keeping.erasing import erase_report
from governance.reporting.keeping.models import Report
from governance.reporting.vaults.duty import name_contact
from governance.reporting.vaults.leaving import leave
from tests.forum import Forum
from tests.migrations.conftest import downgrade
from tests.reporting.office import Office

BELOW = "0023"


def office(session, settings):
    return Office(Forum(session, Keyring(settings.keys)))


def test_the_way_down_refuses_to_lose_a_report(app, settings, caplog):
    assert app
    upgrade()
    with transaction() as session:
        office(session, settings).opens().files(identity="Ana")
    with pytest.raises(SystemExit):
        downgrade(BELOW)
    assert "reports that people made" in caplog.text


def test_nor_a_key_that_reports_are_sealed_to(app, settings, caplog):
    assert app
    upgrade()
    with transaction() as session:
        office(session, settings).joins("olu")
    with pytest.raises(SystemExit):
        downgrade(BELOW)
    assert "keys to which reports are sealed" in caplog.text


def test_nor_the_named_contact(app, settings, caplog):
    assert app
    upgrade()
    with transaction() as session:
        name_contact(office(session, settings).work, "Ines Out", "ines@safe.example")
    with pytest.raises(SystemExit):
        downgrade(BELOW)
    assert "the named contact" in caplog.text


def test_with_all_of_it_gone_the_way_down_and_up_is_open(app, settings):
    assert app
    upgrade()
    with transaction() as session:
        here = office(session, settings).opens()
        filed = here.files(identity="Ana")
        erase_report(here.work, filed.report_id)
        for vault in here.vaults.values():
            leave(here.work, vault.staff_id)
        assert not Report.ids(session)
    downgrade(BELOW)
    upgrade()
    assert at_head()
