"""The server that `governance serve` starts, as a process of its own."""

import json
import logging
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import granian.server.mp
import pytest
import requests
from click.testing import CliRunner

from governance.cli import main, serve
from governance.db.errors import InUseError
from governance.db.in_use import alone
from governance.demo.household import free_port
from tests.begun import begin
from tests.forum import asked
from tests.processes import children

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


class Served:
    """A service in a directory of its own, with a forum let in."""

    def __init__(self, directory):
        self.directory, self.port = directory, free_port()
        begin(directory)
        said = ("--issuer", "https://forum.example", "--oidc-client-id", "us", "--oidc-client-secret", "s", "--json")
        self.forum = json.loads(self.run("platform", "add", "forum", *said))
        self.run("staff", "hcp", "declare", "--platform", "forum", "--account", "dan")

    def run(self, *words):
        result = CliRunner().invoke(main, ["--dir", str(self.directory), *words])
        assert result.exit_code == 0, result.output
        return result.output

    def call(self, *words, stdout=None):
        call = [sys.executable, "-c", "from governance.cli import main; main()", "--dir", str(self.directory), *words]
        return subprocess.Popen(call, start_new_session=True, stdout=stdout, stderr=subprocess.PIPE, text=True)

    def asks(self):
        here, pair = f"http://127.0.0.1:{self.port}", (self.forum["client_id"], self.forum["client_secret"])
        token = requests.post(f"{here}/oauth/token", {"grant_type": "client_credentials"}, auth=pair, timeout=9).json()
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        return requests.post(f"{here}/access/v1/evaluation", json=asked("dan", "ana"), headers=headers, timeout=9)

    def database(self):
        return sqlite3.connect(self.directory / "governance.db")

    def logged(self):
        with closing(self.database()) as connection:
            return connection.execute("SELECT count(*) FROM decision_log").fetchone()[0]


@pytest.fixture
def served(tmp_path):
    return Served(tmp_path / "here")


@pytest.fixture
def server(served):
    server = served.call("serve", "--port", str(served.port))
    try:
        wait_for(served.port)
        yield server
    finally:
        # With its worker, which a server that is stuck would leave behind.
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.communicate(timeout=10)


@pytest.fixture
def port(served, server):  # noqa: ARG001 - it serves
    return served.port


def wait_for(port):
    ends = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < ends:
        with suppress(requests.RequestException):
            return alive(port)
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def wait_for_its_worker(server):
    ends = time.monotonic() + SECONDS_TO_START
    while not children(server.pid):
        assert time.monotonic() < ends, "the server started no worker"
        time.sleep(0.01)


def alive(port):
    return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=3).status_code


@contextmanager
def slow_phones(port, many):
    """So many clients of whom half lose the net within a form, and half within the lines before it."""
    with ExitStack() as phones:
        for number in range(many):
            sent = HALF_A_FORM[: None if number % 2 else 30]
            phones.enter_context(socket.create_connection(("127.0.0.1", port))).sendall(sent)
        time.sleep(0.5)
        yield


@pytest.mark.slow
def test_who_starts_it_is_warned_of_nothing_that_they_cannot_mend(served, tmp_path):
    told = tmp_path / "told"
    with told.open("w") as file:
        server = served.call("serve", "--port", str(served.port), stdout=file)
        try:
            wait_for(served.port)
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.communicate(timeout=10)
    assert "[INFO] Listening at" in told.read_text()
    assert "[WARNING]" not in told.read_text()


def test_of_all_that_the_server_warns_of_that_is_the_only_thing_left_out():
    source = Path(granian.server.mp.__file__).read_text()
    (line,) = re.findall(r"f'(Configuration allows spawning up to {self.blocking_threads} Python threads), '", source)
    for many, shown in ((64, False), (640, True)):
        text = line.replace("{self.blocking_threads}", str(many))
        assert serve.is_news(logging.LogRecord("_granian", logging.WARNING, "", 0, text, None, None)) is shown


@pytest.mark.usefixtures("server")
def test_forty_forms_that_never_arrive_stop_nobody_else(served):
    with slow_phones(served.port, 80):
        assert served.asks().json()["decision"] is False


@pytest.mark.slow
@pytest.mark.usefixtures("server")
def test_more_than_it_has_threads_would(served):
    """The control, and why a proxy that buffers stands in front of a service on the open net."""
    with slow_phones(served.port, 200), pytest.raises(requests.Timeout):
        alive(served.port)


def test_who_is_told_to_stop_writes_down_what_it_answered_last(served, server):
    """The answer is a moment old; the log would have been written half a second later."""
    answer = served.asks()
    os.killpg(server.pid, signal.SIGTERM)
    assert (answer.status_code, answer.json()["decision"]) == (200, False)
    server.wait(20)
    assert served.logged() == 1


@pytest.mark.slow
def test_a_worker_told_to_stop_alone_writes_it_down_too(served, server):
    """As a container does that knows the first process alone."""
    served.asks()
    server.terminate()
    server.wait(20)
    assert served.logged() == 1


@pytest.mark.slow
def test_who_is_killed_loses_it(served, server):
    """The control."""
    served.asks()
    os.killpg(server.pid, signal.SIGKILL)
    server.wait(20)
    assert served.logged() == 0


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0, 0.2, 0.5, 1.0])
def test_who_is_told_to_stop_while_its_worker_starts_stops(served, seconds):
    server = served.call("serve", "--port", str(served.port))
    try:
        wait_for_its_worker(server)
        time.sleep(seconds)
        server.terminate()
        assert server.wait(20) is not None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.communicate(timeout=10)


def refused(served, *words):
    second = served.call("serve", "--port", str(served.port), *words)
    try:
        _, said = second.communicate(timeout=SECONDS_TO_START)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(second.pid, signal.SIGKILL)
        second.communicate(timeout=10)
    assert second.returncode == 1
    return said


@pytest.mark.slow
@pytest.mark.usefixtures("server")
def test_an_idle_server_keeps_a_restore_away(served):
    with pytest.raises(InUseError), alone(f"sqlite:///{served.directory / 'governance.db'}"):
        pytest.fail("it is served")


@pytest.mark.slow
@pytest.mark.usefixtures("server")
def test_a_port_is_not_shared_with_another_server(served):
    said = refused(served)
    assert f"port {served.port} (Address already in use)" in said
    assert "--port" in said
    assert alive(served.port) == 200


def test_a_port_is_not_shared_with_another_program(served):
    with socket.create_server(("127.0.0.1", served.port)):
        assert "Address already in use" in refused(served)


def test_a_database_put_back_is_not_served(served):
    with closing(served.database()) as live, closing(sqlite3.connect(":memory:")) as older:
        live.backup(older)
        served.run("staff", "hcp", "declare", "--platform", "forum", "--account", "ed")
        older.backup(live)
    assert "governance restore" in refused(served)


def test_a_ledger_that_was_cut_is_not_served(served):
    with closing(served.database()) as connection, connection:
        connection.execute("DELETE FROM ledger_entry WHERE number = 0")
    (served.directory / "outside" / "checkpoint").unlink()
    assert "governance ledger verify" in refused(served)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_server_is_given_the_number_of_a_name(host):
    assert serve._free_address(host, free_port()) in ("127.0.0.1", "::1")
