"""Members of staff: who comes in where, how fresh, and that they are no patients."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from governance.cli.staff import staff as staff_group
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.errors import GovernanceError
from governance.identity import current
from governance.identity.current import current_sign_in, staff_member, staff_required
from governance.identity.models import WebSession
from governance.identity.permissions import DUTIES, Role
from governance.identity.sessions import service as sessions
from governance.identity.staff import service as staff
from governance.ui.clock import now
from governance.ui.house import house
from tests.identity.conftest import build_app
from tests.identity.staff import add_staff, client_of, sign_in_staff

MINUTE = 60_000_000


@pytest.fixture(scope="session")
def built_app(tmp_path_factory):
    """The app of this room with two desks."""
    app = build_app(tmp_path_factory.mktemp("staff"))
    app.add_url_rule("/desk", "desk", staff_required(Role.VERIFIER)(desk), methods=["GET", "POST"])
    fresh = staff_required(Role.VERIFIER, fresh=timedelta(minutes=15))(desk)
    app.add_url_rule("/fresh-desk", "fresh_desk", fresh)
    app.extensions["csrf"].exempt(fresh)
    return app


def desk():
    return {"staff": str(staff_member().staff_id), "patient": current_sign_in() is not None}


@pytest.fixture
def run(app):
    def run(*arguments, **said):
        with app.app_context():
            return CliRunner().invoke(staff_group, arguments, **said)

    return run


def test_a_role_opens_its_desk(app):
    assert client_of(app, Role.VERIFIER).get("/desk").json["patient"] is False


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.VERIFIER}))
def test_another_role_opens_nothing(app, role):
    answer = client_of(app, role).get("/desk")
    assert (answer.status_code, "not_allowed" in answer.text) == (403, True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_signed_out_is_sent_to_sign_in_as_staff(app, method, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=False)
    answer = getattr(app.test_client(), method)("/desk")
    assert answer.status_code == 303
    assert answer.location.startswith("/staff/sign-in")


def test_a_patient_is_no_staff_and_staff_are_no_patient(app, browser):
    browser.sign_in()
    assert browser.client.get("/desk").status_code == 303
    assert client_of(app, Role.VERIFIER).get("/inside").json == {"account": None}


def test_a_session_of_both_cannot_be_stored(app, browser):
    browser.sign_in()
    staff_id = add_staff(app, Role.OFFICER)
    with app.app_context(), pytest.raises(IntegrityError), transaction() as session:
        session.query(WebSession).one().staff_id = staff_id


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 303), (-1, 303)])
def test_a_desk_that_asks_for_a_fresh_sign_in_looks_at_the_proof(app, minutes, status):
    client = client_of(app, Role.VERIFIER, auth_time=Instant(now() - minutes * MINUTE))
    assert client.get("/fresh-desk").status_code == status
    assert client.get("/desk").status_code == 200


def test_a_provider_that_does_not_say_when_is_never_fresh(app):
    client = client_of(app, Role.VERIFIER)
    with app.app_context(), transaction() as session:
        session.execute(text("UPDATE web_session SET auth_time = NULL"))
    assert client.get("/fresh-desk").status_code == 303


def test_without_its_guard_an_old_sign_in_opens_the_fresh_desk(app, monkeypatch):
    monkeypatch.setattr(current, "is_fresh", lambda *_: True)
    client = client_of(app, Role.VERIFIER, auth_time=Instant(now() - 60 * MINUTE))
    assert client.get("/fresh-desk").status_code == 200


def test_who_ends_is_signed_out_at_once(app):
    staff_id = add_staff(app, Role.VERIFIER)
    client = app.test_client()
    client.set_cookie("governance", sign_in_staff(app, staff_id))
    assert client.get("/desk").status_code == 200
    with app.app_context(), transaction() as session:
        staff.end_staff(session, house().keyring, staff_id, now=now())
    assert client.get("/desk").status_code == 303


def test_a_session_that_began_while_they_ended_is_nobodys(app):
    staff_id = add_staff(app, Role.VERIFIER)
    with app.app_context(), transaction() as session:
        staff.end_staff(session, house().keyring, staff_id, now=now())
    client = app.test_client()
    client.set_cookie("governance", sign_in_staff(app, staff_id))
    assert client.get("/desk").status_code == 303


def test_a_session_of_staff_ends_after_eight_hours_of_work(app):
    staff_id = add_staff(app, Role.VERIFIER)
    cookie = sign_in_staff(app, staff_id)
    with app.app_context(), transaction() as session:
        begun = session.query(WebSession).one().created
        browser, at = sessions.Secret(cookie, house().keyring), Instant(begun)
        while sessions.keep(session, browser, {}, frozenset(), now=at):
            at = Instant(at + 20 * MINUTE)
    assert at - begun == 8 * 60 * MINUTE


def test_every_role_says_what_it_is_for():
    assert set(DUTIES) == set(Role)


def add(run, *more):
    run("provider", "add", "our-staff", "--issuer", "https://s.example", "--oidc-client-id", "us",
        "--oidc-client-secret", "x")  # fmt: skip
    return run("add", "--provider", "our-staff", "--subject", "1", "--name", "Vera", "--role", "verifier", *more)


def test_the_command_line_adds_lists_and_ends_staff(run):
    staff_id = json.loads(add(run, "--json").output)["staff"]
    assert "Vera  verifier" in run("list").output
    assert run("end", staff_id).exit_code == 0
    assert json.loads(run("list", "--json").output)["staff"][0]["ended"]


def test_who_works_here_is_added_once_and_may_come_back(run):
    first = json.loads(add(run, "--json").output)["staff"]
    assert isinstance(add(run).exception, GovernanceError)
    run("end", first)
    assert json.loads(add(run, "--json").output)["staff"] != first


def test_ending_somebody_who_is_not_here_says_so(run):
    error = run("end", "018f0000-0000-7000-8000-000000000000").exception
    assert "governance staff list" in str(error)


def test_a_provider_of_staff_has_an_address_of_its_own(run):
    told = run("provider", "add", "our-staff", "--issuer", "https://s.example", "--oidc-client-id", "us",
               "--oidc-client-secret", "secret", "--json")  # fmt: skip
    assert json.loads(told.output)["redirect_uri"].endswith("/staff/auth/our-staff/callback")
    assert "secret" not in run("provider", "list").output


@pytest.mark.parametrize("issuer", ["http://s.example", "https://s.example?x=1", "ftp://s.example"])
def test_a_provider_that_could_be_overheard_is_refused(run, issuer):
    error = run("provider", "add", "our-staff", "--issuer", issuer, "--oidc-client-id", "us",
                "--oidc-client-secret", "x").exception  # fmt: skip
    assert error.code == "bad_staff"


def test_names_and_subjects_of_staff_are_not_in_the_clear(app):
    add_staff(app, Role.OFFICER, subject="subject-7421", name="Name Seventyfour")
    with app.app_context(), reading() as session:
        rows = str([tuple(row) for row in session.execute(text("SELECT * FROM staff_member"))])
    assert "7421" not in rows
    assert "Seventyfour" not in rows
