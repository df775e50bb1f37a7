"""The receiver's side: known vectors, every forgery, the window, and programs in other languages."""

import hmac
import os
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64encode
from contextlib import suppress
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.demo.household import free_port
from governance.pep import webhooks
from governance.pep.webhooks import Receiver, WebhookRefusedError

NOW = 1_795_166_100
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = f"whpk_{b64encode(KEY.public_key().public_bytes_raw()).decode()}"
SECRET = f"whsec_{b64encode(bytes(32)).decode()}"
BODY = b'{"id":"evt_1","type":"governance.changes","data":{"revision":7}}'
EXAMPLES = Path(webhooks.__file__).parent / "examples"


def signed(body=BODY, name="evt_1", at=NOW, kind="v1a"):
    text = b".".join((name.encode(), str(at).encode(), body))
    value = KEY.sign(text) if kind == "v1a" else hmac.digest(bytes(32), text, "sha256")
    return {
        "Webhook-Id": name,
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": f"{kind},{b64encode(value).decode()}",
    }


@pytest.fixture
def receiver():
    return Receiver([PUBLIC, SECRET], clock=lambda: NOW)


def code_of(receiver, headers, body=BODY):
    with pytest.raises(WebhookRefusedError) as refused:
        receiver.check(headers, body)
    return refused.value.code


@pytest.mark.parametrize("kind", ["v1a", "v1"])
def test_what_was_signed_by_a_known_key_is_a_hint(receiver, kind):
    hint = receiver.check(signed(kind=kind), BODY)
    assert (hint.id, hint.type, hint.data) == ("evt_1", "governance.changes", {"revision": 7})


def test_the_vector_of_standard_webhooks_is_taken():
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    receiver = Receiver(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], clock=lambda: 1614265330)
    # Its signature fits; its body is no event.
    assert code_of(receiver, headers, b'{"test": 2432232314}') == "body"
    assert code_of(receiver, headers, b'{"test": 2432232315}') == "signature"


FORGED = {
    "nothing": lambda _: {},
    "no signature": lambda h: {**h, "Webhook-Signature": ""},
    "no id": lambda h: {**h, "Webhook-Id": ""},
    "another id": lambda h: {**h, "Webhook-Id": "evt_2"},
    "a dot in the id": lambda h: {**h, "Webhook-Id": "evt.1"},
    "another time": lambda h: {**h, "Webhook-Timestamp": str(NOW + 1)},
    "a time with a sign": lambda h: {**h, "Webhook-Timestamp": f"+{NOW}"},
    "a time with spaces": lambda h: {**h, "Webhook-Timestamp": f" {NOW}"},
    "a time of other digits": lambda h: {**h, "Webhook-Timestamp": "١٧٩٥"},
    "a time without an end": lambda h: {**h, "Webhook-Timestamp": "9" * 5_000},
    "the other kind's name": lambda h: {**h, "Webhook-Signature": h["Webhook-Signature"].replace("v1a", "v1")},
    "a kind nobody knows": lambda h: {**h, "Webhook-Signature": h["Webhook-Signature"].replace("v1a", "v2")},
    "no base64": lambda h: {**h, "Webhook-Signature": "v1a,%%%"},
    "a short one": lambda h: {**h, "Webhook-Signature": "v1a,AAAA"},
    "an empty one": lambda h: {**h, "Webhook-Signature": "v1a, v1,"},
    "one behind too many": lambda h: {**h, "Webhook-Signature": "v1a,AA " * 20 + h["Webhook-Signature"]},
    "two times": lambda h: {**h, "webhook-timestamp": "1"},
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_no_forgery_is_taken(receiver, forge):
    assert code_of(receiver, forge(signed())) in {"headers", "signature", "too_old", "too_new"}


@pytest.mark.parametrize("body", [b"", BODY + b" ", BODY.replace(b"7", b"8"), b"x" * 70_000])
def test_another_body_is_not_what_was_signed(receiver, body):
    assert code_of(receiver, signed(), body) in {"signature", "body"}


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{}", b"\xff", BODY.replace(b"evt_1", b"evt_2"), b'{"id":"evt_1","id":"evt_1","type":"t","data":{}}'],
)
def test_what_was_signed_and_is_no_event_is_not_taken(receiver, body):
    assert code_of(receiver, signed(body), body) == "body"


@pytest.mark.parametrize(("off", "code"), [(-301, "too_old"), (301, "too_new"), (-86_400, "too_old")])
def test_what_was_caught_on_the_way_is_of_no_use_later(receiver, off, code):
    assert code_of(receiver, signed(at=NOW + off)) == code
    assert receiver.check(signed(at=NOW + off // 2 if abs(off) < 600 else NOW), BODY)


def test_any_of_several_signatures_counts_while_keys_change():
    old, new = signed()["Webhook-Signature"], "v1a,AAAA"
    assert Receiver([PUBLIC], clock=lambda: NOW).check({**signed(), "Webhook-Signature": f"{new} {old}"}, BODY)


def test_what_comes_twice_is_new_once(receiver):
    hint = receiver.check(signed(), BODY)
    assert [receiver.is_new(hint), receiver.is_new(hint)] == [True, False]


@pytest.mark.parametrize(
    "keys", [[], ["whpk_"], ["whsec_AAAA"], ["secret"], ["whpk_AAAA"], [SECRET.replace("whsec", "whsk")]]
)
def test_without_a_good_key_there_is_no_receiver(keys):
    with pytest.raises(ValueError, match="key"):
        Receiver(keys)


def test_a_shared_secret_needs_no_package_but_pythons_own():
    told = f"""
import sys
sys.modules["cryptography"] = None
from governance.pep.webhooks import Receiver
assert Receiver([{SECRET!r}], clock=lambda: {NOW}).check({signed(kind="v1")!r}, {BODY!r}).id == "evt_1"
print(sorted({{"flask", "requests", "sqlalchemy", "governance.config"}} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def answers(port, headers, body=BODY):
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    line.request("POST", "/hints", body, headers)
    try:
        return line.getresponse().status
    finally:
        line.close()


def until_it_listens(port):
    for _ in range(600):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError("it does not listen")


def real_time_cases():
    at = int(time.time())
    good = signed(at=at)
    return [
        (good, BODY, 204),
        (good, BODY.replace(b"7", b"8"), 400),
        ({**good, "Webhook-Id": "evt_2"}, BODY, 400),
        (signed(at=at - 400), BODY, 400),
        (signed(BODY.replace(b"evt_1", b"evt_9"), at=at), BODY.replace(b"evt_1", b"evt_9"), 400),
        (signed(b"{", at=at), b"{", 400),
        ({}, BODY, 400),
        ({**good, "Webhook-Signature": f"v1a,AAAA {good['Webhook-Signature']}"}, BODY, 204),
    ]


def test_the_example_in_python_takes_what_is_ours_and_nothing_else(monkeypatch):
    monkeypatch.setenv("KEYS", PUBLIC)
    receive = import_module("governance.pep.webhooks.examples.receive")

    client = receive.app.test_client()
    for headers, body, status in real_time_cases():
        assert client.post("/hints", data=body, headers=headers).status_code == status


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed here")
def test_the_example_in_node_takes_what_is_ours_and_nothing_else():
    node = subprocess.Popen(
        [shutil.which("node"), EXAMPLES / "receive.mjs"],
        env={**os.environ, "KEYS": PUBLIC, "PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        port = int(node.stdout.readline())
        for headers, body, status in real_time_cases():
            assert answers(port, headers, body) == status
    finally:
        node.kill()
        node.wait()
        node.stdout.close()


@pytest.mark.skipif(shutil.which("php") is None, reason="PHP is not installed here")
def test_the_example_in_php_takes_what_is_ours_and_nothing_else():
    port = free_port()
    php = subprocess.Popen(
        [shutil.which("php"), "-S", f"127.0.0.1:{port}", EXAMPLES / "receive.php"],
        env={**os.environ, "KEYS": PUBLIC},
        stderr=subprocess.DEVNULL,
    )
    try:
        until_it_listens(port)
        for headers, body, status in real_time_cases():
            assert answers(port, headers, body) == status
    finally:
        php.kill()
        php.wait()


def test_what_the_example_in_php_signs_is_what_we_sign():
    """All that can be said of it without PHP."""
    text = (EXAMPLES / "receive.php").read_text()
    assert '$signed = "$id.$timestamp.$body";' in text
    assert all(text.count(one) == text.count(other) for one, other in ("{}", "()", "[]"))
