"""What a device answers: every guard refuses its lie, and without that guard the lie would do."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from inspect import signature
from types import SimpleNamespace

import pytest
import webauthn
from webauthn.authentication import verify_authentication_response as using
from webauthn.helpers import structs

from governance.identity.proofs import ceremonies, challenges, passkeys
from governance.identity.proofs.ceremonies import Party, party_of
from tests.identity.authenticator import PRESENT, VERIFIED, Device, text_of
from tests.identity.passkeys import NEW, USE, ana, built_app, built_app_on_postgres, clock, mint, people, quiet_forum

__all__ = ["ana", "built_app", "built_app_on_postgres", "clock", "mint", "people", "quiet_forum"]
pytestmark = pytest.mark.usefixtures("both")
EVIL = "https://evil.example"
OTHER = os.urandom(64)


def told(**changed):
    """Let the library expect something else than we do."""

    def weaken(monkeypatch):
        for name in ("verify_registration_response", "verify_authentication_response"):
            real = getattr(webauthn, name)
            fits = {key: value for key, value in changed.items() if key in signature(real).parameters}
            monkeypatch.setattr(webauthn, name, partial(weaker, real, fits))

    return weaken


def weaker(real, changed, **said):
    return real(**{**said, **changed})


def unseen(monkeypatch):
    monkeypatch.setattr(ceremonies, "_check_not_framed", lambda _data: None)


def any_format(monkeypatch):
    monkeypatch.setattr(structs, "AttestationFormat", SimpleNamespace(NONE=structs.AttestationFormat.PACKED))


def any_signature(monkeypatch):
    monkeypatch.setattr(using, "verify_signature", lambda **_: None)


BOTH = {
    "another origin": ({"origin": EVIL}, told(expected_origin=EVIL)),
    "another party": ({"rp_id": "evil.example"}, told(expected_rp_id="evil.example")),
    "another challenge": ({"challenge": text_of(OTHER)}, told(expected_challenge=OTHER)),
    "nobody unlocked the device": ({"flags": PRESENT}, told(require_user_verification=False)),
    "our page in another's frame": ({"framed": True}, unseen),
}
MAKING = {**BOTH, "a maker's word": ({"fmt": "packed"}, any_format)}
USING = {
    **BOTH,
    "a counter that went back": ({"counter": 3}, told(credential_current_sign_count=0)),
    "a counter that stood still": ({"counter": 7}, told(credential_current_sign_count=0)),
    "another signature": ({"signature": b"0" * 70}, any_signature),
}


@pytest.fixture
def owner(ana):
    """Somebody whose passkey was used seven times."""
    ana.makes()
    ana.device.counts, ana.device.counter = True, 6
    assert ana.proves().location == "/proved"
    return ana.comes()


@pytest.mark.parametrize("lie", MAKING)
def test_no_passkey_is_made_by_a_lie(ana, lie):
    assert ana.makes(**MAKING[lie][0]).status_code == 400
    assert ana.many == 0
    assert ana.makes().location == "/my/passkeys"


@pytest.mark.parametrize("lie", MAKING)
def test_without_its_guard_a_passkey_is_made_by_a_lie(ana, lie, monkeypatch):
    MAKING[lie][1](monkeypatch)
    assert ana.makes(**MAKING[lie][0]).location == "/my/passkeys"


@pytest.mark.parametrize("lie", USING)
def test_a_lie_proves_nothing(owner, lie):
    answer = owner.proves(**USING[lie][0])
    assert (answer.status_code, "This passkey did not work" in answer.text) == (400, True)
    assert not owner.is_proved
    assert owner.proves().location == "/proved"


@pytest.mark.parametrize("lie", USING)
def test_without_its_guard_a_lie_proves(owner, lie, monkeypatch):
    USING[lie][1](monkeypatch)
    assert owner.proves(**USING[lie][0]).location == "/proved"


MORE = {
    "nobody touched the device": {"flags": VERIFIED},
    "an answer to another question": {"kind": "webauthn.create"},
    "another person's handle": {"handle": b"x" * 64},
}


@pytest.mark.parametrize("lie", MORE)
def test_nor_does_any_other_lie(owner, lie):
    assert owner.proves(**MORE[lie]).status_code == 400


def test_another_persons_passkey_proves_nothing(ana, people):
    ben = people("ben")
    assert {ana.makes().status_code, ben.makes().status_code} == {303}
    assert ana.proves(ben.device).status_code == 400
    assert not ana.is_proved


def test_without_its_guard_another_persons_passkey_proves(ana, people, monkeypatch):
    ben = people("ben")
    ana.makes()
    ben.makes()
    real = passkeys._opened

    def everybodys(session, keyring, _account_id):
        rows = session.query(passkeys.Passkey).all()
        return [one for row in rows for one in real(session, keyring, row.account_id)]

    monkeypatch.setattr(passkeys, "_opened", everybodys)
    assert ana.proves(ben.device).location == "/proved"


def test_one_passkey_is_nobody_elses(ana, people, monkeypatch):
    ben = people("ben", device=ana.device)
    assert ana.makes().status_code == 303
    assert ben.makes().status_code == 400
    monkeypatch.setattr(passkeys.Passkey, "is_taken", lambda *_: False)
    assert ben.makes().status_code == 500  # the database itself says no
    assert ben.many == 0


def replayed(person):
    """Send one and the same answer twice, the second time into the same session under its new id."""
    answer = person.device.uses(person.asked("/prove?next=proved"))
    return [person.send(USE, credential=answer).status_code for _ in range(2)]


def test_a_challenge_is_answered_once(ana):
    ana.makes()
    assert replayed(ana) == [303, 400]


def test_without_its_guard_a_challenge_is_answered_again(ana, monkeypatch):
    ana.makes()
    kept = []
    real = challenges.take

    def give_again(purpose):
        kept.append(kept[0] if kept else real(purpose))
        return kept[0]

    monkeypatch.setattr(challenges, "take", give_again)
    assert replayed(ana) == [303, 303]


def test_a_wrong_answer_uses_the_challenge_up(ana):
    ana.makes()
    asked = ana.asked("/prove?next=proved")
    wrong, right = ana.device.uses(asked, origin=EVIL), ana.device.uses(asked)
    assert [ana.send(USE, credential=one).status_code for one in (wrong, right)] == [400, 400]


def test_of_many_answers_at_the_same_moment_one_counts(app, ana):
    ana.makes()
    answer = ana.device.uses(ana.asked("/prove?next=proved"))
    form, cookie = ana.client.get("/form").text, ana.browser.cookie().value

    def send(_number):
        client = app.test_client()
        client.set_cookie("governance", cookie)
        return client.post(USE, data={"csrf_token": form, "credential": answer}).location

    with ThreadPoolExecutor(max_workers=8) as threads:
        assert list(threads.map(send, range(8))).count("/proved") == 1


@pytest.mark.parametrize("path", [NEW, USE])
def test_a_challenge_lasts_five_minutes(ana, clock, path, monkeypatch):
    def answered_late(seconds):
        page = NEW if path == NEW else "/prove?next=proved"
        asked = ana.asked(page)
        device = Device() if path == NEW else ana.device
        answer = device.makes(asked) if path == NEW else device.uses(asked)
        clock.shift(timedelta(seconds=seconds))
        return ana.send(path, credential=answer).status_code

    if path == USE:
        ana.makes()
    assert answered_late(300) == 400
    monkeypatch.setattr(challenges, "LASTS", 3600 * 1_000_000)
    assert answered_late(300) == 303
    monkeypatch.undo()
    ana.comes()
    if path == USE:
        assert answered_late(299) == 303


def test_an_answer_counts_in_the_session_that_was_asked(ana, people):
    ana.makes()
    answer = ana.device.uses(ana.asked("/prove?next=proved"))
    again = people("ana")
    again.asked("/prove")
    assert again.send(USE, credential=answer).status_code == 400


def test_a_challenge_belongs_to_the_account_that_was_asked(ana, people):
    ana.makes()
    other = people("ben")
    other.makes()
    other.asked("/prove")
    with other.client.session_transaction() as session:
        bens = session["passkey_to_use"]["account_id"]
    asked = ana.asked("/prove?next=proved")
    with ana.client.session_transaction() as session:
        session["passkey_to_use"] = {**session["passkey_to_use"], "account_id": bens}
    assert ana.send(USE, credential=ana.device.uses(asked)).status_code == 400


JUNK = [
    "",
    "{}",
    "[]",
    "null",
    "é",
    "{" * 5000,
    "9" * 20_000,
    '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
]


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_junk_is_refused_and_nothing_else_happens(ana, junk):
    ana.asked(NEW)
    assert ana.send(NEW, credential=junk).status_code == 400
    ana.makes()
    ana.asked("/prove")
    assert ana.send(USE, credential=junk).status_code == 400


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
@pytest.mark.parametrize("junk", ["", "AA", "_w", text_of(b"\x9f" * 900), text_of(b"\xa1" * 900), text_of(b"[" * 9000)])
def test_junk_inside_an_answer_is_refused_too(ana, part, junk):
    whole = webauthn.helpers.parse_registration_credential_json
    answer = ana.device.makes(ana.asked(NEW))
    assert whole(answer)
    start = answer.index(f'"{part}": "') + len(part) + 5
    broken = answer[:start] + junk + answer[answer.index('"', start) :]
    assert ana.send(NEW, credential=broken).status_code == 400


ADDRESSES = {
    "https://say.example": Party("say.example", "https://say.example"),
    "https://Say.Example:443/gov": Party("say.example", "https://say.example"),
    "https://say.example:8443": Party("say.example", "https://say.example:8443"),
    "http://localhost:8080": Party("localhost", "http://localhost:8080"),
    "http://127.0.0.1:8080": None,
    "http://[::1]:8080": None,
    "https://192.0.2.7": None,
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_we_are_known_by_the_address_in_the_settings(address):
    assert party_of(address) == ADDRESSES[address]
