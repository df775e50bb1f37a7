"""Staff at their own provider: only who works here, only through its own door, and fresh when it is asked for."""

import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
import time_machine
from structlog.testing import capture_logs

from governance.db.extension import transaction
from governance.identity.current import staff_member, staff_required
from governance.identity.models import WebSession
from governance.identity.permissions import Role
from governance.identity.staff import service as staff
from governance.identity.staff import web as staff_web
from governance.ui.clock import now
from governance.ui.house import house
from tests.identity import hostile
from tests.identity.conftest import build_app
from tests.identity.staff import STAFF_PROVIDER, add_staff


def desk():
    """Registrations to check."""
    return {"staff": str(staff_member().staff_id)}


@pytest.fixture(scope="session")
def built_app(tmp_path_factory):
    """The app of this room with a desk that wants a fresh sign-in."""
    app = build_app(tmp_path_factory.mktemp("staff"))
    app.add_url_rule("/desk", "desk", staff_required(Role.VERIFIER, fresh=timedelta(minutes=15))(desk))
    return app


@pytest.fixture
def vera(app, provider):
    """Somebody who works here and whom the provider calls `ana`."""
    return add_staff(app, Role.VERIFIER, subject="ana", issuer=provider.issuer)


class StaffBrowser:
    def __init__(self, app):
        self.client = app.test_client()
        self.guard = None

    def leave(self, **query):
        self.left = self.client.get(f"/staff/sign-in/{STAFF_PROVIDER}", query_string=query).location
        return requests.get(self.left, allow_redirects=False, timeout=5).headers["Location"]

    def come_back(self, address):
        parts = urlsplit(address)
        with capture_logs() as logs:
            answer = self.client.get(f"{parts.path}?{parts.query}")
        self.guard = next((entry["guard"] for entry in logs if entry["event"] == "sign_in_failed"), None)
        return answer


@pytest.fixture
def at_work(app, vera):
    assert vera
    return StaffBrowser(app)


def test_a_member_of_staff_gets_to_the_desk_they_wanted(at_work, vera):
    asked = at_work.client.get("/desk")
    assert asked.location == "/staff/sign-in?next=desk"
    assert f"/staff/sign-in/{STAFF_PROVIDER}?next=desk" in at_work.client.get(asked.location).text
    assert at_work.come_back(at_work.leave(next="desk")).location == "/desk"
    assert at_work.client.get("/desk").json == {"staff": str(vera)}


def test_their_own_page_says_who_they_are_and_shows_their_desks(at_work):
    assert at_work.come_back(at_work.leave()).location == "/staff"
    page = at_work.client.get("/staff").text
    assert "Vera Check" in page
    assert '<a class="tall-link" href="/desk">Registrations to check</a>' in page


def test_somebody_whom_the_provider_knows_and_who_does_not_work_here_stays_out(at_work, provider):
    provider.sub = "ben"
    answer = at_work.come_back(at_work.leave())
    assert (answer.status_code, at_work.guard) == (400, "not_staff")
    assert at_work.client.get("/staff").status_code == 303


def test_without_its_guard_anybody_whom_the_provider_knows_is_staff(at_work, provider, vera, monkeypatch):
    provider.sub = "ben"
    monkeypatch.setattr(staff_web.staff, "staff_of", lambda session, *_: session.get(staff.StaffMember, vera))
    at_work.come_back(at_work.leave())
    assert at_work.client.get("/staff").status_code == 200


def test_who_ended_does_not_come_back_in(app, at_work, vera):
    with app.app_context(), transaction() as session:
        staff.end_staff(session, house().keyring, vera, now=now())
    at_work.come_back(at_work.leave())
    assert at_work.guard == "not_staff"


def test_a_code_for_staff_lets_no_patient_in_and_the_other_way_round(app, at_work, add_platform, provider):
    add_platform(provider)
    swapped = at_work.leave().replace(f"/staff/auth/{STAFF_PROVIDER}/", "/auth/forum/")
    at_work.come_back(swapped)
    assert at_work.guard == "state"
    left = at_work.client.get("/sign-in/forum").location
    back = requests.get(left, allow_redirects=False, timeout=5).headers["Location"]
    at_work.come_back(back.replace("/auth/forum/", f"/staff/auth/{STAFF_PROVIDER}/"))
    assert at_work.guard == "state"
    with app.app_context(), transaction() as session:
        assert session.query(WebSession).count() == 0


LIES = {
    "a token for nobody": ({"aud": []}, "id_token"),
    "a token for others as well": ({"aud": [hostile.CLIENT_ID, "other"], "azp": hostile.CLIENT_ID}, "audience"),
    "a token of another issuer": ({"iss": "https://evil.example"}, "id_token"),
    "a token for another sign-in": ({"nonce": "another"}, "id_token"),
}


@pytest.mark.parametrize("lie", LIES)
def test_staff_are_guarded_like_patients(at_work, provider, lie):
    provider.claims, guard = LIES[lie]
    answer = at_work.come_back(at_work.leave())
    assert (answer.status_code, at_work.guard) == (400, guard)


def test_after_a_while_a_desk_asks_again_and_the_provider_is_asked_to(at_work):
    with time_machine.travel(int(time.time()), tick=False) as clock:
        at_work.come_back(at_work.leave())
        assert at_work.client.get("/desk").status_code == 200
        clock.shift(timedelta(minutes=16))
        asked = at_work.client.get("/desk").location
        assert asked == "/staff/sign-in?next=desk&again=1"
        assert "again=1" in at_work.client.get(asked).text
        at_work.come_back(at_work.leave(again=1))
        assert hostile.query_of(at_work.left)["prompt"] == "login"
        assert at_work.client.get("/desk").status_code == 200


def test_a_provider_that_does_not_ask_again_opens_no_fresh_desk(at_work, provider):
    provider.claims = {"auth_time": int(time.time()) - 20 * 60}
    at_work.come_back(at_work.leave(again=1))
    assert at_work.client.get("/staff").status_code == 200
    assert at_work.client.get("/desk").status_code == 303


@pytest.mark.parametrize("wanted", ["https://evil.example", "inside", "portal.choices", "identity.sign_out"])
def test_staff_are_sent_to_their_desks_alone(at_work, wanted):
    assert at_work.come_back(at_work.leave(next=wanted)).location == "/staff"


def test_signing_in_gives_staff_a_new_session_id_and_ends_the_patients(app, at_work):
    at_work.client.get("/form")
    before = at_work.client.get_cookie("governance").value
    at_work.come_back(at_work.leave())
    assert at_work.client.get_cookie("governance").value != before
    with app.app_context(), transaction() as session:
        assert session.query(WebSession).count() == 1


def test_staff_sign_out(at_work):
    at_work.come_back(at_work.leave())
    form = at_work.client.get("/form").text
    assert at_work.client.post("/sign-out", data={"csrf_token": form}).status_code == 303
    assert at_work.client.get("/desk").status_code == 303


def test_a_provider_that_we_do_not_know_is_not_found(app):
    assert app.test_client().get("/staff/sign-in/unknown").status_code == 404
    assert app.test_client().get("/staff/auth/unknown/callback").status_code == 404
