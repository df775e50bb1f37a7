"""The server that `governance serve` starts, as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress

import pytest
import requests
from click.testing import CliRunner

from governance.cli import main
from governance.demo.household import free_port

SECONDS_TO_START = 30
HALF_A_FORM = b"\r\n".join(
    [
        b"POST /sign-out HTTP/1.1",
        b"Host: here",
        b"Content-Type: application/x-www-form-urlencoded",
        b"Content-Length: 9",
        b"",
        b"half",
    ]
)


@pytest.fixture
def port(tmp_path):
    assert CliRunner().invoke(main, ["init", str(tmp_path / "here")]).exit_code == 0
    port = free_port()
    words = ["--dir", str(tmp_path / "here"), "serve", "--port", str(port)]
    call = [sys.executable, "-c", "from governance.cli import main; main()", *words]
    server = subprocess.Popen(call, start_new_session=True)
    try:
        wait_for(port)
        yield port
    finally:
        # With its worker, which a server that is stuck would leave behind.
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(10)


def wait_for(port):
    ends = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < ends:
        with suppress(requests.RequestException):
            return alive(port)
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def alive(port):
    return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=3).status_code


def test_a_form_that_never_arrives_stops_nobody_else(port):
    with ExitStack() as phones:
        for _ in range(3):
            phones.enter_context(socket.create_connection(("127.0.0.1", port))).sendall(HALF_A_FORM)
        time.sleep(0.3)
        assert alive(port) == 200
