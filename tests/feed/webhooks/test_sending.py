"""One POST: whatever the receiver does, it ends in time, leads nowhere else, and only a 2xx counts."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from governance.feed.webhooks import sending
from governance.feed.webhooks.sending import Outcome, Sender
from tests.feed.webhooks.receivers import receiving

QUICK = 0.3


@pytest.fixture
def elsewhere():
    """A program of this machine that nobody may reach from outside."""
    with receiving() as (port, log):
        log.url = f"http://127.0.0.1:{port}/"
        yield log


def send(door, sender=None):
    return (sender or Sender(loopback=True, seconds=QUICK)).send(door.url, b"{}", {"webhook-id": "evt_1"})


@pytest.mark.parametrize("way", ["ok", "200", "201", "299", "body"])
def test_a_2xx_is_delivered_whatever_comes_behind_it(door, way):
    door.answer = lambda *_: way
    assert send(door) == Outcome(delivered=True)


WAYS = {
    "300": "redirected",
    "304": "redirected",
    "redirect": "redirected",
    "400": "status_400",
    "404": "status_404",
    "500": "status_500",
    "reset": "unreachable",
    "slow": "timed_out",
    "drip": "timed_out",
    "garbage": "not_understood",
    "endless": "not_understood",
}


@pytest.mark.parametrize(("way", "trouble"), WAYS.items())
def test_everything_else_is_not_and_is_over_in_time(door, elsewhere, way, trouble):
    door.answer, door.elsewhere = lambda *_: way, elsewhere.url
    began = time.monotonic()
    outcome = send(door)
    assert (outcome.delivered, outcome.trouble) == (False, trouble)
    assert time.monotonic() - began < QUICK + 1
    assert elsewhere.seen == {}


def test_a_receiver_may_ask_for_a_pause_and_may_say_that_it_is_gone(door):
    door.answer = lambda *_: "later"
    assert send(door).retry_after == 1800
    door.answer = lambda *_: "410"
    assert send(door) == Outcome(delivered=False, trouble="status_410", gone=True)


def test_nobody_there_is_unreachable(door):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        door.url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    assert send(door) == Outcome(delivered=False, trouble="unreachable", away=True)


def asked(*answers):
    """Return a look-up that says one thing after the other, and the list of what it was asked."""
    questions = []

    def resolve(host, _port):
        questions.append(host)
        found = answers[min(len(questions), len(answers)) - 1]
        if isinstance(found, Exception):
            raise found
        return found

    return resolve, questions


@pytest.fixture
def connected(monkeypatch):
    """Where connections went; none of them is made."""
    places = []

    def connect(place, _timeout):
        places.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(sending.socket, "create_connection", connect)
    return places


@pytest.mark.parametrize("found", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fe80::1%1"])
@pytest.mark.parametrize("beside", [[], ["8.8.8.8"]])
@pytest.mark.parametrize("loopback", [False, True])
def test_a_name_that_leads_to_a_private_address_is_connected_to_nowhere(connected, found, beside, loopback):
    resolve, _ = asked([*beside, found])
    outcome = Sender(resolve=resolve, loopback=loopback).send("https://evil.example/", b"", {})
    assert outcome.trouble == "refused_address"
    assert connected == []


def test_a_name_is_looked_up_once_and_connected_to_what_was_looked_at(connected):
    resolve, questions = asked(["8.8.8.8"], ["127.0.0.1"])
    assert Sender(resolve=resolve).send("https://evil.example/", b"", {}).trouble == "unreachable"
    assert (questions, connected) == (["evil.example"], [("8.8.8.8", 443)])


def test_control_a_sender_that_connects_by_name_would_reach_this_machine(monkeypatch, elsewhere):
    """The same name that changes its mind, and a guard that looks and then lets the system look again."""
    port = int(elsewhere.url.rpartition(":")[2].strip("/"))
    plain = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: plain("127.0.0.1", port, type=socket.SOCK_STREAM))

    class ByName(Sender):
        def _sent(self, target, _addresses, parcel, deadline):
            return super()._sent(target._replace(secure=False, port=port), [target.host], parcel, deadline)

    ByName(resolve=lambda *_: ["8.8.8.8"], seconds=QUICK).send("https://evil.example/", b"", {})
    assert sum(elsewhere.seen.values()) == 1


def test_names_that_nobody_knows_and_look_ups_that_hang_are_over_in_time(connected, monkeypatch):
    resolve, _ = asked(socket.gaierror())
    assert Sender(resolve=resolve).send("https://a.example/", b"", {}).trouble == "unresolved"
    assert Sender(resolve=lambda *_: []).send("https://a.example/", b"", {}).trouble == "unresolved"
    monkeypatch.setattr(sending, "_LOOKUP_SECONDS", 0.05)
    assert Sender(resolve=lambda *_: time.sleep(1)).send("https://a.example/", b"", {}).trouble == "timed_out"
    assert connected == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine's address, and the file that has it with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    day, names = timedelta(days=1), x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - day)
        .not_valid_after(datetime.now(UTC) + day)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    ).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(private + made)
    return file


def test_over_tls_only_whom_our_machine_trusts_is_spoken_to(certificate):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=certificate)
    with receiving(server) as (port, log):
        log.url = f"https://127.0.0.1:{port}/"
        assert send(log, Sender(loopback=True, tls=trusting, seconds=2)).delivered
        assert send(log, Sender(loopback=True, seconds=2)).trouble == "bad_certificate"
        log.url = f"https://localhost:{port}/"
        assert send(log, Sender(loopback=True, tls=trusting, seconds=2)).trouble == "bad_certificate"
    assert sum(log.seen.values()) == 1
