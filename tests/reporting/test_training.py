"""A desk to learn at: cases of several types, one clock missed, all of it marked, and never beside real ones."""

import pytest
from click.testing import CliRunner

from governance.cli.staff import staff
from governance.db.extension import reading, transaction
from governance.identity.permissions import Role
from governance.ledger.outside import Outside
from governance.ledger.verify import verify
from governance.policy.current import policies
from governance.reporting.cases.models import Case
from governance.reporting.clocks.jobs import Pager, run_out
from governance.reporting.clocks.models import CaseClock
from governance.reporting.keeping.models import Report
from governance.reporting.training.service import MARK, SHOWN
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house
from tests.identity.staff import add_staff, sign_in_staff
from tests.ui.visits import Visitor

PASSPHRASE = "otters learn to read here"


@pytest.fixture
def officers(app):
    return [add_staff(app, Role.OFFICER, subject=name, name=name.title()) for name in ("olu", "oda")]


def fills(app):
    with app.app_context():
        return CliRunner().invoke(staff, ["training-desk", "--passphrase", PASSPHRASE])


def rows(app, model):
    with app.app_context(), reading() as session:
        return session.query(model).all()


@pytest.fixture
def desk(app, officers):
    result = fills(app)
    assert result.exit_code == 0, result.output
    return officers


def sits(app, staff_id):
    visitor = Visitor(app.test_client())
    visitor.client.set_cookie("governance", sign_in_staff(app, staff_id))
    return visitor


def test_cases_of_several_types_stand_in_several_states(app, desk):
    assert desk
    found = rows(app, Case)
    assert len({case.kind for case in found}) == 6
    assert {case.state for case in found} == {"received", "triaged", "investigating", "appealed", "closed"}
    assert {case.severity for case in found} >= {"S1", "S2", "S3", "S4"}


def test_clocks_run_and_one_was_missed(app, desk):
    assert desk
    with app.app_context(), transaction() as session:
        late = run_out(Work(session, house().keyring, now()), policies().desk, Pager(None))
    assert late >= 1
    clocks = rows(app, CaseClock)
    assert any(row.missed and row.name == "house.acknowledge" for row in clocks)
    assert any(not row.missed and row.stopped is None for row in clocks)


def test_a_learner_sees_by_the_list_and_by_the_case_that_nobody_is_real(app, desk):
    olu = sits(app, desk[0])
    assert olu.get("/desk/cases").text.count(SHOWN) == 5 + 1
    olu.get("/desk/vault").press("Unlock", passphrase=PASSPHRASE)
    olu.get("/desk/cases")
    olu.get(olu.page.select_one("ul.tall-links a[href*='/desk/cases/']")["href"])
    assert MARK in olu.text
    assert SHOWN in olu.text
    olu.press("Block the two from each other now")
    assert "It is in force" in olu.text


def test_beside_real_reports_it_is_refused_and_makes_nothing(app, desk):
    assert desk
    before = len(rows(app, Report))
    again = fills(app)
    assert again.exit_code != 0
    assert "already" in str(again.exception)
    assert len(rows(app, Report)) == before


def test_one_officer_is_no_desk(app):
    add_staff(app, Role.OFFICER, subject="olu", name="Olu")
    assert "two officers" in str(fills(app).exception)
    assert rows(app, Report) == []


def test_the_ledger_stays_whole(app, settings, desk):
    assert desk
    with app.app_context(), reading() as session:
        report = verify(session, house().keyring, Outside(settings.outside), [])
    assert not report.findings.damage, report.findings.first


def test_training_is_marked_and_the_clocks_speak_in_the_readers_language(app, desk):
    visitor = sits(app, desk[0])
    visitor.client.set_cookie("governance_language", "es")
    text = visitor.get("/desk/cases").page.get_text(" ")
    assert (SHOWN in text, "Prácticas: aquí nadie es real" in text) == (False, True)
    assert ("Antes del final del" in text, "el el final" in text) == (True, False)
