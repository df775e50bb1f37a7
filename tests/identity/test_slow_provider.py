"""A forum's provider that takes for ever or never stops: neither may keep a thread or fill the memory.

As with the lies, every attack gets in once its one guard is taken away.
"""

import gzip
import socket
import time
from contextlib import closing
from functools import partial
from itertools import repeat
from time import monotonic

import pytest
import requests
from bs4 import BeautifulSoup
from werkzeug.serving import make_ssl_devcert

from governance.identity.oidc import exchange, signing_in
from governance.identity.oidc.exchange import Exchange
from governance.identity.oidc.provider import Providers
from governance.identity.oidc.signing_in import PROVIDERS
from tests.identity import hostile

pytestmark = pytest.mark.slow

PLACES = {
    "/.well-known/openid-configuration": "discovery_unreachable",
    "/jwks": "keys",
    "/token": "token_endpoint",
}
TAKES = 1.5
"""Seconds for a whole answer by drips, so small and quick that none alone is ever late."""
PATIENCE = 0.6
DRIPS = 15


def in_drips(content):
    size = -(-len(content) // DRIPS)
    for start in range(0, len(content), size):
        time.sleep(TAKES / DRIPS)
        yield content[start : start + size]


def drip_body(honest, request):
    return hostile.Response(in_drips(honest(request).data), content_type="application/json")


def drip_head(honest, request):
    """Write to the socket itself, for the test server sends a head at once."""
    line = request.environ["werkzeug.socket"]
    for piece in in_drips(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"):
        line.sendall(piece)
    line.sendall(honest(request).data)
    line.shutdown(socket.SHUT_RDWR)
    return hostile.Response(status=204)


def pad(honest, request):
    return hostile.as_json({**honest(request).json, "padding": "x" * 256 * 1024})


def pack(honest, request):
    content = gzip.compress(honest(request).data)
    return hostile.Response(content, headers={"Content-Encoding": "gzip"}, content_type="application/json")


def never_stop(_honest, _request):
    return hostile.Response(repeat(b'{"a": "' + b"x" * 65536), content_type="application/json")


def any_time(monkeypatch):
    """A clock that stands still: what is left is a limit for every single read, as sockets have it."""
    monkeypatch.setattr(exchange, "monotonic", lambda: 0.0)


def any_size(monkeypatch):
    monkeypatch.setattr(exchange, "LARGEST_ANSWER", exchange.LARGEST_ANSWER * 100)


def any_packing(monkeypatch):
    monkeypatch.setattr(exchange, "_refuse_packed", lambda _response: None)


ATTACKS = {
    "a body in drips": (drip_body, any_time),
    "a head in drips": (drip_head, any_time),
    "an answer that is too large": (pad, any_size),
    "an answer that unfolds": (pack, any_packing),
}


@pytest.fixture
def do(provider):
    def misbehave(mischief, *places):
        for place in places:
            provider.routes[place] = partial(mischief, provider.routes[place])

    return misbehave


@pytest.fixture
def hasty(monkeypatch):
    """Wait less long than in earnest, by the same clock."""
    monkeypatch.setattr(signing_in, "Exchange", partial(Exchange, PATIENCE))


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("attack", ATTACKS)
def test_the_attack_is_refused_in_time(attack, place, browser, do):
    do(ATTACKS[attack][0], place)
    before = monotonic()
    answer = browser.sign_in()
    assert monotonic() - before < TAKES
    assert (answer.status_code, browser.guard) == (400, PLACES[place])
    assert browser.account is None


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("attack", ATTACKS)
def test_without_its_guard_the_attack_gets_in(attack, place, browser, do, monkeypatch):
    mischief, take_away = ATTACKS[attack]
    do(mischief, place)
    take_away(monkeypatch)
    assert browser.sign_in().status_code == 303
    assert browser.account


@pytest.mark.parametrize("place", PLACES)
def test_an_answer_without_end_is_refused(place, browser, do):
    do(never_stop, place)
    assert (browser.sign_in().status_code, browser.guard) == (400, PLACES[place])


@pytest.mark.parametrize("place", PLACES)
def test_an_answer_of_a_generous_size_is_read(place, browser, do):
    def generous(honest, request):
        return hostile.as_json({**honest(request).json, "padding": "x" * 250_000})

    do(generous, place)
    assert browser.sign_in().status_code == 303


@pytest.mark.parametrize(("patience", "status"), [(1.0, 400), (9.0, 303)])
def test_answers_that_are_slow_together_are_too_slow(browser, do, monkeypatch, patience, status):
    def tardy(honest, request):
        time.sleep(0.45)
        return honest(request)

    address = browser.leave()
    browser.client.application.extensions[PROVIDERS] = Providers()
    do(tardy, *PLACES)
    monkeypatch.setattr(signing_in, "Exchange", partial(Exchange, patience))
    assert browser.come_back(address).status_code == status


@pytest.mark.usefixtures("hasty")
def test_who_waited_in_vain_reads_what_to_do(browser, do):
    do(drip_body, "/token")
    page = BeautifulSoup(browser.sign_in().text, "html.parser")
    assert "You are not signed in" in page.h1.text
    assert page.find("a", href="/sign-in")


def test_a_step_may_take_ten_seconds():
    assert exchange.LONGEST_STEP == 10
    assert Exchange()._ends - monotonic() == pytest.approx(exchange.LONGEST_STEP, abs=0.1)


@pytest.mark.hunt
def test_a_byte_a_second_is_given_up_after_ten_seconds(browser, do):
    def trickle(honest, request):
        return hostile.Response(time.sleep(1) or bytes([byte]) for byte in honest(request).data)

    do(trickle, "/jwks")
    before = monotonic()
    assert browser.sign_in().status_code == 400
    assert 9 < monotonic() - before < 11


@pytest.fixture
def over_tls(tmp_path):
    """An address that answers by drips over TLS, and its certificate."""
    certificate, key = make_ssl_devcert(str(tmp_path / "forum"), host="localhost")
    answer = hostile.Request.application(partial(drip_body, lambda _: hostile.as_json("x" * 100)))
    served = hostile.Served(answer, ssl_context=(certificate, key))
    yield served.url.replace("http://127.0.0.1", "https://localhost"), certificate
    served.stop()


def test_over_tls_time_is_limited_as_well(over_tls):
    address, certificate = over_tls
    assert seconds_for(address, PATIENCE, verify=certificate) < TAKES - 0.3
    assert seconds_for(address, 9, verify=certificate) > TAKES - 0.3


def seconds_for(address, patience, **said):
    before = monotonic()
    with requests.Session() as session:
        Exchange(patience).bind(session)
        try:
            session.get(address, **said)
        except requests.RequestException:
            assert monotonic() - before < patience + 0.3
    return monotonic() - before


@pytest.fixture
def deaf():
    """An address where nobody ever answers: its queue is full."""
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        callers = [socket.socket() for _ in range(3)]
        for caller in callers:
            caller.settimeout(0)
            caller.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]
        for caller in callers:
            caller.close()


def test_a_host_with_many_deaf_addresses_is_given_up_as_one(deaf, monkeypatch):
    def many(host, port, *_args, **_said):
        address = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
        return [address] * (8 if host == "forum.example" else 1)

    monkeypatch.setattr(socket, "getaddrinfo", many)
    monkeypatch.setattr(exchange, "_CONNECT", 0.25)
    assert seconds_for(f"http://forum.example:{deaf}", 9) < 0.5
    monkeypatch.delattr(exchange._Connecting, "_new_conn")
    assert seconds_for(f"http://forum.example:{deaf}", 9) > 8 * 0.25
