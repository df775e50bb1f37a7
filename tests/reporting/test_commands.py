"""`governance staff duty | contact | vault`: what an administrator types, and what comes of it."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from governance.cli.staff import staff
from governance.db.extension import reading, transaction
from governance.errors import GovernanceError
from governance.identity.permissions import Role
from governance.reporting.errors import WrongRecoveryKeyError
from governance.reporting.keeping.service import open_report
from governance.reporting.vaults.models import Vault
from governance.reporting.work import Work
from governance.ui.clock import now, to_instant
from governance.ui.house import house
from tests.forum import Forum
from tests.reporting.office import Office


@pytest.fixture
def run(app):
    def run(*arguments):
        with app.app_context():
            return CliRunner().invoke(staff, [str(one) for one in arguments])

    return run


class Here:
    """An office in the app's own database, in transactions of its own."""

    def __init__(self, app):
        self.app, self.vaults, self.recovery = app, {}, {}
        with app.app_context(), transaction() as session:
            office = Office(Forum(session, house().keyring, at=to_instant(datetime.now(UTC))))
            office.opens()
            self.vaults, self.recovery, self.forum_id = office.vaults, office.recovery, office.forum.id
            self.filed = office.files()

    def opens(self, name):
        with self.app.app_context(), transaction() as session:
            work = Work(session, house().keyring, now())
            return open_report(work, self.filed.report_id, self.vaults[name]).body.what

    def has_vault(self, name):
        with self.app.app_context(), reading() as session:
            return session.get(Vault, self.vaults[name].staff_id) is not None

    def joins(self, name, *roles):
        with self.app.app_context(), transaction() as session:
            return self.office_in(session).joins(name, *roles)

    def office_in(self, session):
        """The same office, in another transaction."""
        office, forum = Office.__new__(Office), Forum.__new__(Forum)
        forum.session, forum.keyring, forum.now, forum.id = session, house().keyring, now(), self.forum_id
        office.forum, office.session, office.keyring = forum, session, forum.keyring
        office.vaults, office.recovery = self.vaults, self.recovery
        return office


@pytest.fixture
def here(app):
    return Here(app)


def staff_id(here, name):
    return here.vaults[name].staff_id


def test_duty_says_where_reports_are_taken(run, here):
    told = run("duty", "list", "--json")
    assert told.exit_code == 0
    found = json.loads(told.output)
    assert {one["forum"]: (one["open"], one["readers"]) for one in found["forums"]} == {
        "forum": (True, 2),
        "no forum": (True, 2),
    }
    assert found["too_few_readers"] == 0
    run("duty", "set", staff_id(here, "oda"), "--platform", "forum")
    told = run("duty", "list")
    assert told.exit_code == 1
    assert "no forum  CLOSED  1 of 1" in told.output


def test_ending_somebody_takes_their_seals_and_vault(run, here):
    assert "reports" not in run("end", staff_id(here, "oda")).output
    assert not here.has_vault("oda")
    assert here.opens("olu")
    with pytest.raises(GovernanceError):
        here.opens("oda")


def test_ending_the_last_reader_loses_nothing(run, here):
    run("end", staff_id(here, "oda"))
    told = run("end", staff_id(here, "olu")).output
    assert "1 reports can be read by nobody else" in told
    assert here.has_vault("olu")
    here.joins("late")
    key = ("--recovery-key", here.recovery["olu"])
    wrong = run("vault", "hand-over", staff_id(here, "olu"), "--to", staff_id(here, "late"), "--recovery-key", "0" * 32)
    assert isinstance(wrong.exception, WrongRecoveryKeyError)
    told = run("vault", "hand-over", staff_id(here, "olu"), "--to", staff_id(here, "late"), *key).output
    assert "1 reports and 0 names handed over; 0 are left" in told
    assert here.opens("late")
    assert not here.has_vault("olu")


def test_names_that_a_custodian_alone_could_open_go_to_the_next_one(app, run, here):
    with app.app_context(), transaction() as session:
        office = here.office_in(session)
        office.files(identity="Ana")
    told = run("end", staff_id(here, "cy")).output
    assert "1 reports can be read by nobody else" in told
    here.joins("di", Role.CUSTODIAN)
    told = run("vault", "hand-over", staff_id(here, "cy"), "--recovery-key", here.recovery["cy"]).output
    assert "0 reports and 1 names handed over; 0 are left" in told
    assert not here.has_vault("cy")


def test_a_vault_is_not_reset_where_something_would_be_lost(run, here):
    run("end", staff_id(here, "oda"))
    refused = run("vault", "reset", staff_id(here, "olu"))
    assert "--lose" in str(refused.exception)
    assert here.has_vault("olu")
    assert run("vault", "reset", staff_id(here, "olu"), "--lose").exit_code == 0
    assert not here.has_vault("olu")


def test_a_vault_that_others_can_stand_in_for_is_reset(run, here):
    assert run("vault", "reset", staff_id(here, "olu")).exit_code == 0
    with pytest.raises(GovernanceError):
        here.opens("olu")
    assert here.opens("oda")


def test_the_contact_and_the_vaults_are_listed(run, here):
    assert run("contact", "--name", "Ines Out", "--reach", "ines@safe.example").exit_code == 0
    found = json.loads(run("vault", "list", "--json").output)["vaults"]
    assert {one["staff"] for one in found} == {str(one.staff_id) for one in here.vaults.values()}
    assert {one["worked"] for one in found} == {datetime.now(UTC).date().isoformat()}


def test_duty_is_for_officers_alone(run, here):
    cy = staff_id(here, "cy")
    assert isinstance(run("duty", "set", cy).exception, GovernanceError)
    here.joins("di", Role.CUSTODIAN)
    assert isinstance(
        run("vault", "hand-over", cy, "--to", staff_id(here, "di"), "--recovery-key", here.recovery["cy"]).exception,
        GovernanceError,
    )
