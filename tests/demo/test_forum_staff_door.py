"""The forum's provider keeps its two doors apart: members never come through that of staff, nor staff theirs."""

import pytest

from tests.demo.conftest import STAFF_CALLBACK, press
from tests.demo.test_forum_provider import RelyingParty

SECRET = "staff-secret"
STAFF = {"client_id": "governance-staff", "redirect_uri": STAFF_CALLBACK}


def arrived(response):
    assert response.status_code in {302, 303}
    assert response.headers["Location"].startswith(STAFF_CALLBACK + "?code=")
    return response.headers["Location"].partition("code=")[2].partition("&")[0]


def token(party, code, client="governance-staff", secret=SECRET):
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": "v" * 43, "redirect_uri": STAFF_CALLBACK}
    return party.client.post("/oauth/token", data=form, auth=(client, secret))


def test_a_verifier_signs_in_at_the_desk_and_is_asked_nothing(browser):
    party = RelyingParty(browser("vera"))
    code = arrived(party.client.get(party.address(**STAFF)))
    claims = party.claims(token(party, code).get_json()["id_token"])
    assert (claims["aud"], claims["nonce"]) == (["governance-staff"], party.nonce)
    assert "auth_time" in claims


@pytest.mark.parametrize("who", ["ana", "dan"])
def test_a_member_at_the_door_of_staff_is_asked_to_be_somebody_else(browser, who):
    party = RelyingParty(browser(who))
    address = party.address(**STAFF)
    assert party.client.get(address).headers["Location"] == "/people"
    shown = party.client.get("/people").text
    assert 'value="vera"' in shown
    assert 'value="ana"' not in shown
    assert arrived(press_and_follow(party.client, "vera", address))


def test_staff_at_the_door_of_members_are_asked_to_be_somebody_else(browser):
    party = RelyingParty(browser("vera"))
    assert party.client.get(party.address()).headers["Location"] == "/people"
    shown = party.client.get("/people").text
    assert 'value="ana"' in shown
    assert 'value="vera"' not in shown


def test_a_consent_sent_by_hand_opens_neither_door_to_the_wrong_person(browser):
    ana, vera = RelyingParty(browser("ana")), RelyingParty(browser("vera"))
    for party, address in ((ana, ana.address(**STAFF)), (vera, vera.address())):
        with party.client.session_transaction() as session:
            form = session["form"]
        answer = party.client.post(address, data={"answer": "yes", "form": form})
        assert "code=" not in answer.headers["Location"]


def test_a_code_of_one_door_is_no_use_at_the_other(browser):
    vera, ana = RelyingParty(browser("vera")), RelyingParty(browser("ana"))
    code = arrived(vera.client.get(vera.address(**STAFF)))
    assert token(vera, code, "governance", "oidc-secret").status_code == 400
    assert token(ana, ana.code()).status_code == 400


def test_the_secret_of_one_door_is_no_use_at_the_other(browser):
    vera = RelyingParty(browser("vera"))
    code = arrived(vera.client.get(vera.address(**STAFF)))
    assert token(vera, code, secret="oidc-secret").status_code == 401


def test_one_door_does_not_lead_to_the_address_of_the_other(browser):
    vera = RelyingParty(browser("vera"))
    for changes in (
        {**STAFF, "redirect_uri": STAFF_CALLBACK.replace("staff/auth/keel-staff", "auth/keel")},
        {"redirect_uri": STAFF_CALLBACK},
    ):
        response = vera.client.get(vera.address(**changes))
        assert response.status_code in {303, 400}
        assert response.headers.get("Location", "/people") == "/people"


def press_and_follow(client, who, address):
    assert press(client, "/people", "/sign-in", account=who).headers["Location"] == address
    return client.get(address)
