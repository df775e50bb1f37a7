"""An officer asks who made a report, a custodian answers, and the name is shown once that is written down."""

from http import HTTPStatus

import pytest

from governance.db.extension import reading, transaction
from governance.identity.permissions import Role
from governance.ledger.models import LedgerEntry
from governance.reporting.keeping.drafts import Body, Draft, Header, Identity
from governance.reporting.keeping.service import file_report
from governance.reporting.vaults.duty import duty_group
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house
from tests.identity.staff import client_of
from tests.reporting.test_vault_pages import PASSPHRASE, makes
from tests.ui.visits import Visitor


def joins(app, name, *roles, path="/desk/vault"):
    visitor = Visitor(client_of(app, *roles, subject=name, name=name.title()))
    makes(visitor, path=path)
    return visitor


@pytest.fixture
def desk(app):
    found = {name: joins(app, name, Role.OFFICER) for name in ("olu", "oda")}
    return {**found, "cy": joins(app, "cy", Role.CUSTODIAN, path="/custody/vault")}


def files(app, identity):
    with app.app_context(), transaction() as session:
        work = Work(session, house().keyring, now())
        draft = Draft(header=Header(kind="boundary"), body=Body(what="he wrote again"), identity=identity)
        return file_report(work, draft, duty_group(session, None, now())).report_id


def read_in_ledger(app):
    with app.app_context(), reading() as session:
        return sum(b"identity_read" in row.document for row in session.query(LedgerEntry))


def test_a_name_goes_from_one_person_through_another(app, desk):
    report = files(app, Identity(name="Ana Green", reach="after six"))
    olu, cy = desk["olu"], desk["cy"]
    page = f"/desk/names/{report}"
    olu.get(page).press("Ask a custodian", reason="")
    assert olu.status == HTTPStatus.UNPROCESSABLE_ENTITY
    olu.press("Ask a custodian", reason="the court asks")
    assert "Nobody has answered yet" in olu.text
    cy.get("/custody/requests").follow("Olu asked")
    assert "the court asks" in cy.text
    assert "Ana" not in cy.text
    cy.press("Answer")
    assert "Choose one of the two" in cy.text
    cy.press("Answer", answer="release")
    assert "Write why" in cy.text
    cy.press("Answer", answer="release", words="an order of the court")
    assert "can read the name now" in cy.text
    assert "Ana Green" not in olu.get(page).text
    assert read_in_ledger(app) == 0
    olu.press("Show the name")
    assert "Ana Green" in olu.text
    assert "after six" in olu.text
    assert read_in_ledger(app) == 1
    assert "Show the name" not in desk["oda"].get(page).text


def test_a_no_says_why(app, desk):
    report = files(app, Identity(name="Ana Green"))
    desk["olu"].get(f"/desk/names/{report}").press("Ask a custodian", reason="I am curious")
    desk["cy"].get("/custody/requests").follow("Olu asked").press("Answer", answer="refuse", words="no need")
    assert "stays closed" in desk["cy"].text
    assert "no need" in desk["olu"].get(f"/desk/names/{report}").text


def test_a_report_without_a_name_has_no_such_page(app, desk):
    assert desk["olu"].get(f"/desk/names/{files(app, None)}").status == HTTPStatus.NOT_FOUND


def test_with_a_locked_vault_one_is_sent_to_unlock_it_and_back(app, desk):
    report = files(app, Identity(name="Ana Green"))
    olu = desk["olu"]
    olu.get("/desk/vault").press("Lock it now")
    assert "Unlock your vault" in olu.get(f"/desk/names/{report}").text
    olu.press("Unlock", passphrase=PASSPHRASE)
    assert olu.path == f"/desk/names/{report}"
    assert "Ask a custodian" in olu.text


def test_roles_do_not_mix(app, desk):
    report = files(app, Identity(name="Ana Green"))
    assert desk["cy"].get(f"/desk/names/{report}").status == HTTPStatus.FORBIDDEN
    assert desk["olu"].get("/custody/requests").status == HTTPStatus.FORBIDDEN
