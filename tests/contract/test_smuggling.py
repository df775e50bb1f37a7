"""Requests of which two programs could read different ones, sent to the server itself: each is one request or none.

A proxy in front and a server behind that disagree where a request ends would let one caller's words be the beginning
of another caller's request. What is behind the first request here would be such a second one.
"""

import socket

import pytest

from tests.test_serving import Served, wait_for

pytestmark = pytest.mark.slow
SECOND = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
BODY = b'{"accounts":["ana"]}'
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
HEAD = b"POST /v1/opt-outs/query HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
ONE_OR_NONE = {
    "length and chunks": (b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", CHUNKED),
    "chunks and length": (b"Transfer-Encoding: chunked\r\n" + LENGTH, CHUNKED),
    "two lengths": (LENGTH + b"Content-Length: 3\r\n", BODY),
    "a list of lengths": (b"Content-Length: %d, %d\r\n" % (len(BODY), len(BODY)), BODY),
    "a length with a sign": (b"Content-Length: +%d\r\n" % len(BODY), BODY),
    "a length below nothing": (b"Content-Length: -1\r\n", BODY),
    "a coding of no name": (b"Transfer-Encoding: xchunked\r\n", CHUNKED),
    "a space before the colon": (b"Transfer-Encoding : chunked\r\n", CHUNKED),
    "chunks that are not last": (b"Transfer-Encoding: chunked, identity\r\n", CHUNKED),
    "a chunk of endless size": (b"Transfer-Encoding: chunked\r\n", b"FFFFFFFFFFFFFFFFF\r\n" + BODY),
    "a chunk below nothing": (b"Transfer-Encoding: chunked\r\n", b"-1\r\n" + BODY),
    "a chunk with half a line end": (b"Transfer-Encoding: chunked\r\n", CHUNKED.replace(b"\r\n", b"\n", 1)),
    "a long extension": (b"Transfer-Encoding: chunked\r\n", b"%x;%s" % (len(BODY), b"a" * 100_000) + CHUNKED[2:]),
    "a folded line": (b"X-A: b\r\n c\r\n" + LENGTH, BODY),
    "half a line end in a header": (b"X-Request-ID: b\rInjected: 1\r\n" + LENGTH, BODY),
    "NUL in a header": (b"X-A: b\0c\r\n" + LENGTH, BODY),
}


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    served = Served(tmp_path_factory.mktemp("smuggled") / "here")
    process = served.call("serve", "--port", str(served.port))
    try:
        wait_for(served.port)
        yield served.port
    finally:
        process.terminate()
        process.communicate(timeout=20)


def answers(port, sent):
    """Return what comes back until the server ends the connection, or says nothing more."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(sent)
        heard = b""
        try:
            while more := connection.recv(65536):
                heard += more
        except (TimeoutError, ConnectionResetError):
            pass
    return heard


@pytest.mark.parametrize("shape", ONE_OR_NONE)
def test_what_could_be_read_in_two_ways_ends_the_connection(port, shape):
    said, body = ONE_OR_NONE[shape]
    heard = answers(port, HEAD + said + b"\r\n" + body + SECOND)
    assert heard.count(b"HTTP/1.1 ") == 1
    assert heard.startswith(b"HTTP/1.1 4")
    assert b"alive" not in heard
    assert b"njected" not in heard


def test_a_body_that_nobody_read_is_no_request(port):
    head = HEAD + b"Content-Length: %d\r\n\r\n" % len(SECOND)
    heard = answers(port, head + SECOND)
    assert (heard.count(b"HTTP/1.1 "), heard.startswith(b"HTTP/1.1 401"), b"alive" in heard) == (1, True, False)


def test_two_plain_requests_are_two(port):
    """The control: what stands behind a request is answered if it is one."""
    heard = answers(port, HEAD + LENGTH + b"\r\n" + BODY + SECOND)
    assert (heard.count(b"HTTP/1.1 "), b"alive" in heard) == (2, True)
