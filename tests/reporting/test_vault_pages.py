"""A vault at its pages: made, printed, locked, unlocked, changed, recovered, shared; and never in the database."""

from datetime import timedelta
from http import HTTPStatus

import pytest

from governance.crypto import passphrases
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.identity.models import WebSession
from governance.identity.permissions import Role
from governance.reporting.vaults import current
from governance.reporting.vaults.models import Vault
from governance.ui.clock import now
from tests.identity.staff import client_of
from tests.ui.visits import Visitor

VAULT = "/desk/vault"
PASSPHRASE, OTHER = "four otters sing in march", "nine herons wait by the weir"


@pytest.fixture
def olu(app):
    return Visitor(client_of(app, Role.OFFICER, subject="olu"))


def makes(visitor, passphrase=PASSPHRASE, path=VAULT):
    visitor.get(path).press("Make my vault", new=passphrase, again=passphrase)
    printed = visitor.page.find(class_="code").text
    visitor.follow("I have it on paper")
    return printed


def test_a_vault_is_made_and_its_key_printed_once(olu):
    printed = makes(olu)
    assert "Your vault is open" in olu.text
    assert printed not in olu.get(VAULT).text
    assert "no-store" in olu.client.get(VAULT).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("new", "again", "wrong"),
    [("short", "short", "at least 15"), (PASSPHRASE, OTHER, "not the same"), ("", "", "at least 15")],
)
def test_a_weak_or_mistyped_passphrase_makes_none(olu, app, new, again, wrong):
    olu.get(VAULT).press("Make my vault", new=new, again=again)
    assert olu.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert wrong in olu.text
    with app.app_context(), reading() as session:
        assert session.query(Vault).count() == 0


def test_it_is_locked_and_unlocked(olu):
    makes(olu)
    olu.press("Lock it now")
    assert "Your vault is locked" in olu.text
    olu.press("Unlock", passphrase=OTHER)
    assert "This is not your passphrase" in olu.text
    olu.press("Unlock", passphrase=PASSPHRASE)
    assert "Your vault is open" in olu.text


def test_after_15_minutes_without_a_page_it_is_locked(olu, monkeypatch):
    makes(olu)
    at = now()
    for minutes, title in ((14, "Your vault is open"), (28, "Your vault is open"), (44, "Unlock your vault")):
        monkeypatch.setattr(current, "now", lambda minutes=minutes: Instant(at + minutes * 60_000_000))
        assert title in olu.get(VAULT).text


def test_wrong_ones_are_counted_and_the_right_one_waits_then(olu):
    makes(olu)
    olu.press("Lock it now")
    for _ in range(5):
        olu.press("Unlock", passphrase=OTHER)
    olu.get(VAULT).press("Unlock", passphrase=PASSPHRASE)
    assert olu.status == HTTPStatus.TOO_MANY_REQUESTS
    assert "quarter of an hour" in olu.text


def test_a_crowd_is_sent_away_with_a_code(olu, monkeypatch):
    makes(olu)
    olu.press("Lock it now")
    monkeypatch.setattr(passphrases, "_turns", passphrases.Turns(0, 0))
    olu.press("Unlock", passphrase=PASSPHRASE)
    assert olu.status == HTTPStatus.TOO_MANY_REQUESTS
    assert "in a few seconds" in olu.text


def test_another_passphrase_needs_the_one_of_now(olu):
    makes(olu)
    olu.follow("Change my passphrase").press("Change it", passphrase=OTHER, new=OTHER, again=OTHER)
    assert "not your passphrase of now" in olu.text
    olu.press("Change it", passphrase=PASSPHRASE, new=OTHER, again=OTHER)
    assert "Your passphrase is changed" in olu.text
    olu.press("Lock it now").press("Unlock", passphrase=OTHER)
    assert "Your vault is open" in olu.text


def test_the_printed_key_opens_it_and_is_printed_anew(olu):
    printed = makes(olu)
    olu.press("Lock it now").follow("I forgot it")
    olu.press("Go on", printed=printed[:-1] + "!", new=OTHER, again=OTHER)
    assert "This is not the printed key" in olu.text
    olu.press("Go on", printed=printed.lower(), new=OTHER, again=OTHER)
    assert olu.page.find(class_="code").text != printed
    olu.follow("I have it on paper").press("Lock it now").press("Unlock", passphrase=OTHER)
    assert "Your vault is open" in olu.text


def test_making_and_recovering_need_a_sign_in_of_just_now(app):
    old = Visitor(client_of(app, Role.OFFICER, auth_time=Instant(now() - 3600 * 1_000_000)))
    old.get(VAULT).press("Make my vault", new=PASSPHRASE, again=PASSPHRASE)
    assert "/staff/sign-in" in old.path
    with app.app_context(), reading() as session:
        assert session.query(Vault).count() == 0


def test_custodians_have_doors_of_their_own_and_nobody_else_any(app):
    cy = Visitor(client_of(app, Role.CUSTODIAN, subject="cy"))
    makes(cy, path="/custody/vault")
    assert "Share with all custodians" in cy.text
    assert cy.get(VAULT).status == HTTPStatus.FORBIDDEN
    vera = Visitor(client_of(app, Role.VERIFIER, subject="vera"))
    assert vera.get(VAULT).status == vera.get("/custody/vault").status == HTTPStatus.FORBIDDEN


def test_the_key_in_a_session_opens_by_the_cookie_alone(olu, app):
    """The database and our keys, without the cookie: the state of the session does not open."""
    makes(olu)
    cookie = olu.client.get_cookie("governance").value
    with app.app_context(), reading() as session:
        stored = session.query(WebSession).all()
        (state,) = [row.sealed_state for row in stored if row.staff_id is not None]
        assert cookie.encode() not in state
    with olu.client.session_transaction() as kept:
        key = kept["vault"]["key"]
    assert bytes.fromhex(key) not in state
    assert key.encode() not in state


def test_ending_the_session_ends_it(olu, app):
    makes(olu)
    with app.app_context(), transaction() as session:
        WebSession.forget_all(session)
    assert olu.get(VAULT).status != HTTPStatus.INTERNAL_SERVER_ERROR
    assert "/staff/sign-in" in olu.path


def test_two_officers_open_the_form_and_hand_over(app, olu):
    makes(olu)
    assert "it takes two" in olu.get(VAULT).text
    oda = Visitor(client_of(app, Role.OFFICER, subject="oda", name="Oda Bee"))
    makes(oda)
    assert "2 people read" in olu.get(VAULT).text
    olu.follow("Hand everything over").press("Hand over")
    assert "Choose a colleague" in olu.text
    (choice,) = olu.page.find_all("input", type="radio")
    olu.press("Hand over", to=choice["value"])
    assert "It is handed over" in olu.text


def test_its_15_minutes_are_what_the_page_says():
    assert timedelta(minutes=15) == timedelta(microseconds=current.IDLE)
