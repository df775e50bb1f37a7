"""Passkeys: who may set one up, from when it counts, and what is left when it is removed. They let nobody in."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.db.extension import reading, transaction
from governance.identity.models import Account
from governance.identity.proofs import challenges, new_proofs, passkeys, pins
from governance.ui.clock import now
from governance.ui.house import house
from tests.identity.authenticator import Device, bytes_of, text_of
from tests.identity.passkeys import NEW, USE, ana, built_app, built_app_on_postgres, clock, mint, people, quiet_forum

__all__ = ["ana", "built_app", "built_app_on_postgres", "clock", "mint", "people", "quiet_forum"]
pytestmark = pytest.mark.usefixtures("both")
PIN = "284917"
DAY, HOUR = timedelta(hours=24), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(pins, "_KIBIBYTES", 64)


@pytest.fixture
def old(ana, clock):
    """Somebody who has been here for an hour."""
    clock.shift(HOUR)
    return ana.comes()


@pytest.fixture
def thief(people):
    """Somebody who borrowed Ana's phone, with a device of their own."""
    return lambda: people("ana", device=Device(counts=False))


def test_who_is_new_sets_one_up_and_proves_by_it(ana):
    assert ana.makes().location == "/my/passkeys"
    assert not ana.is_proved
    assert ana.proves().location == "/proved"
    assert ana.is_proved


def test_who_came_to_prove_goes_on_with_that(ana):
    answer = ana.send(f"{NEW}?next=proved", credential=ana.device.makes(ana.asked(NEW)))
    assert answer.location == "/prove?next=proved"


def test_a_proof_gives_the_session_a_new_id(ana):
    ana.makes()
    before = ana.browser.cookie().value
    ana.proves()
    assert ana.browser.cookie().value != before


def test_a_passkey_lets_nobody_in(app, ana):
    ana.makes()
    answer = ana.device.uses(ana.asked("/prove"))
    stranger = app.test_client()
    sent = {"csrf_token": stranger.get("/form").text, "credential": answer}
    assert stranger.post("/prove/passkey", data=sent).location == "/sign-in"


def test_set_up_later_it_counts_after_a_day(old, clock):
    assert "counts after 24 hours" in old.page(NEW).text
    old.makes()
    assert old.page("/prove").find("form", {"data-passkey": True}) is None
    clock.shift(DAY - timedelta(seconds=1))
    assert old.comes().page("/prove").find("form", {"data-passkey": True}) is None
    clock.shift(timedelta(seconds=1))
    assert old.comes().proves().location == "/proved"


def test_before_its_day_it_does_not_answer_for_an_older_one(old, clock):
    old.makes()
    clock.shift(6 * HOUR)
    first, old.device = old.device, Device(counts=False)
    old.comes().makes()
    clock.shift(DAY - 6 * HOUR)
    assert old.comes().proves(old.device).status_code == 400
    assert old.proves(first).location == "/proved"
    clock.shift(6 * HOUR)
    assert old.comes().proves(old.device).location == "/proved"


def account_of(person):
    with person.app.app_context(), reading() as session:
        return session.query(Account).one().id


def test_without_the_day_who_took_a_phone_proves_to_be_its_owner(old, monkeypatch):
    monkeypatch.setattr(new_proofs, "WAIT", 0)
    old.makes()
    assert old.proves().location == "/proved"


@pytest.mark.parametrize("has", ["a PIN", "a passkey"])
def test_who_has_a_proof_gives_it_before_adding_a_passkey(ana, thief, has):
    ana.sets_pin(PIN) if has == "a PIN" else ana.makes()
    taken = thief()
    assert taken.client.get(NEW).location == "/prove?next=passkeys.new"
    assert taken.send(NEW, credential="{}").location == "/prove?next=passkeys.new"
    assert taken.many == (has == "a passkey")
    ana.guesses(PIN) if has == "a PIN" else ana.proves()
    ana.device = Device(counts=False)
    assert ana.makes().location == "/my/passkeys"
    assert ana.proves().location == "/proved"


def test_a_page_that_was_open_before_the_owner_set_a_proof_adds_nothing(ana, thief):
    taken = thief()
    asked = taken.asked(NEW)
    ana.makes()
    assert taken.send(NEW, credential=taken.device.makes(asked)).location == "/prove?next=passkeys.new"
    assert ana.many == 1


def test_without_its_guard_a_thief_adds_a_passkey_and_opens_at_once(ana, thief, monkeypatch):
    ana.makes()
    taken = thief()
    monkeypatch.setattr(passkeys, "has_proof", lambda *_: False)
    monkeypatch.setattr(new_proofs, "_ever_had_one", lambda *_: False)
    taken.makes()
    assert taken.proves(taken.device).location == "/proved"


def sets_pin_and_proves(person):
    person.sets_pin(PIN)
    return person.guesses(PIN).location == "/proved"


def test_beside_a_passkey_a_thiefs_pin_counts_after_a_day(ana, thief):
    ana.makes()
    assert not sets_pin_and_proves(thief())


@pytest.mark.parametrize("then", ["a PIN", "a passkey"])
def test_removing_the_last_one_makes_nothing_count_at_once(ana, thief, clock, then):
    ana.makes()
    taken = thief()
    taken.removes()
    assert taken.many == 0
    if then == "a PIN":
        assert not sets_pin_and_proves(taken)
        return
    taken.makes()
    assert taken.page("/prove").find("form", {"data-passkey": True}) is None
    clock.shift(DAY)
    assert taken.comes().proves().location == "/proved"


@pytest.mark.parametrize("number", [0, 1])
def test_nor_does_removing_one_after_the_other(ana, thief, number):
    ana.makes()
    ana.proves()
    first, ana.device = ana.device, Device(counts=False)
    ana.makes()
    taken = thief()
    taken.removes(number)
    taken.removes()
    assert not sets_pin_and_proves(taken)
    assert first is not ana.device


@pytest.mark.parametrize("removes", [False, True])
def test_without_its_guard_a_thiefs_pin_counts_at_once(ana, thief, removes, monkeypatch):
    monkeypatch.setattr(new_proofs, "_ever_had_one", lambda *_: False)
    ana.makes()
    taken = thief()
    if removes:
        taken.removes()
    assert sets_pin_and_proves(taken)


def test_a_removed_passkey_proves_nothing_and_is_not_taken_again(ana):
    ana.makes()
    answer = ana.device.uses(ana.asked("/prove?next=proved"))
    ana.removes()
    assert ana.send(USE, credential=answer).status_code == 400
    assert ana.makes().status_code == 400


def test_one_that_does_not_count_yet_is_shown_and_removed(old, clock):
    old.makes()
    assert "Was that not you?" in old.page("/my/passkeys").text
    page = old.page("/prove")
    assert "A new passkey was set up" in page.text
    old.send("/my/passkeys/remove", passkey=page.find("input", {"name": "passkey"})["value"])
    clock.shift(DAY)
    assert old.comes().many == 0
    assert old.page("/prove").find("form", {"data-passkey": True}) is None


def test_nobody_removes_another_persons(ana, people):
    ana.makes()
    whose = ana.page("/my/passkeys").find("input", {"name": "passkey"})["value"]
    ben = people("ben")
    for named in (whose, "", "x", "0" * 32):
        assert ben.send("/my/passkeys/remove", passkey=named).status_code == 404
    assert ana.many == 1


def test_nobody_has_more_than_ten(ana, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST", 2)
    ana.makes()
    ana.proves()
    for _ in range(2):
        ana.device = Device()
        answer = ana.client.get(NEW) if ana.many == 2 else ana.makes()
    assert (answer.status_code, ana.many) == (409, 2)


def test_the_device_is_told_no_name_and_no_forum(ana):
    first, second = (json.loads(ana.asked(NEW)) for _ in range(2))
    assert first["user"]["id"] != second["user"]["id"]
    assert len(bytes_of(first["user"]["id"])) >= 32
    told = json.dumps({**first, "user": {**first["user"], "id": ""}, "challenge": ""})
    assert "ana" not in told
    assert "quiet" not in told
    assert (first["rp"]["id"], first["attestation"]) == ("localhost", "none")
    assert first["authenticatorSelection"]["userVerification"] == "required"


def test_a_device_is_asked_for_its_owners_passkeys_alone_and_to_be_unlocked(ana, people):
    ana.makes()
    people("ben").makes()
    asked = json.loads(ana.asked("/prove"))
    assert asked["userVerification"] == "required"
    assert [one["id"] for one in asked["allowCredentials"]] == [text_of(ana.device.id)]


def rows_of(app):
    with app.app_context(), reading() as session:
        return b"".join(
            value if isinstance(value, bytes) else str(value).encode()
            for row in session.execute(text("SELECT * FROM passkey"))
            for value in row
        )


def test_nothing_of_it_is_in_the_database_in_the_clear(app, ana):
    ana.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux) Firefox/140.0"
    ana.makes()
    assert "Firefox on a Linux computer" in ana.page("/my/passkeys").text
    point = ana.device.key.public_key().public_numbers().x.to_bytes(32, "big")
    rows = rows_of(app)
    for secret in (ana.device.id, point, ana.device.user_handle):
        assert secret not in rows
        assert text_of(secret).encode() not in rows
    assert b"Firefox" not in rows


def test_once_its_owner_is_erased_it_opens_no_more(app, ana):
    ana.makes()
    account_id = account_of(ana)
    with app.app_context(), transaction() as session:
        keyring = house().keyring
        assert passkeys.own_passkeys(session, keyring, account_id, now())
        DataKeys(session, keyring).destroy(owner_of("account", account_id))
        with pytest.raises(KeyGoneError):
            passkeys.own_passkeys(session, keyring, account_id, now())


def test_a_member_of_a_forum_that_is_a_provider_proves_there(ana, browser):
    browser.sign_in()
    ana.client = browser.client
    assert "passkey" not in browser.client.get("/prove").text
    assert "passkey" not in browser.client.get("/my/sessions").text
    assert all("is your proof." in browser.client.get(path).text for path in (NEW, "/my/passkeys"))
    for path in (NEW, USE, "/my/passkeys/remove"):
        assert ana.send(path, credential="{}").status_code == 404


def test_at_a_bare_number_for_an_address_pins_alone_are_offered(ana, monkeypatch):
    monkeypatch.setattr("governance.identity.proofs.passkey_web.party", lambda: None)
    monkeypatch.setattr("governance.identity.proofs.web.party", lambda: None)
    monkeypatch.setattr(challenges, "party", lambda: None)
    assert ana.page("/prove").h1.text == "Set a PIN"
    assert "cannot set up a passkey here" in ana.page(NEW).text
    assert ana.page(NEW).find("script", src=lambda src: "passkey" in src) is None
    for path in (NEW, USE):
        assert ana.send(path, credential="{}").status_code == 400


def test_a_form_from_elsewhere_does_nothing(ana):
    ana.makes()
    for path in (NEW, USE, "/my/passkeys/remove"):
        assert ana.client.post(path).status_code == 400
    assert ana.many == 1


def test_the_own_page_leads_there(ana):
    assert ana.page("/my/sessions").find("a", {"href": "/my/proof"})
    assert ana.page("/my/proof").find("a", {"href": "/my/passkeys"})
