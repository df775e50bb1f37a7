"""The sidecar as a program of its own: set up, started, asked, ended."""

import json
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pytest

from tests.pep.replica.conftest import here, service  # noqa: F401 - a real service, for this file too
from tests.pep.sidecar.running import TOKEN, Caller
from tests.pep.sidecar.test_http import item

PROGRAM = [sys.executable, "-m", "governance", "sidecar"]


@pytest.fixture
def files(here, tmp_path):  # noqa: F811
    """What an operator writes before the first start."""
    for name in ("secret", "token"):
        (tmp_path / name).touch(0o600)
    (tmp_path / "secret").write_text(here.forum.credentials.client_secret + "\n")
    (tmp_path / "token").write_text(TOKEN + "\n")
    return tmp_path


def set_up(here, files):  # noqa: F811
    words = ["setup", "--service", here.url, "--client-id", here.forum.credentials.client_id]
    words += ["--client-secret-file", str(files / "secret"), "--out", str(files / "setup.json")]
    return subprocess.run([*PROGRAM, *words], capture_output=True, text=True, check=False)


@contextmanager
def started(files, *more):
    words = ["run", "--setup", str(files / "setup.json"), "--token-file", str(files / "token"), *more]
    with subprocess.Popen(
        [*PROGRAM, *words, "--socket", str(files / "socket")], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ready(caller):
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        with suppress(OSError):
            if caller.get("/readyz")[0] == 200:
                return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
def test_it_is_set_up_started_asked_and_ended(here, files):  # noqa: F811
    told = set_up(here, files)
    assert told.returncode == 0, told.stderr
    assert stat.S_IMODE((files / "setup.json").stat().st_mode) == 0o600
    assert here.forum.credentials.client_secret not in told.stdout + told.stderr
    with started(files) as process:
        caller = Caller(files / "socket")
        assert ready(caller)
        page = {"viewer": "nurse", "items": [item("1", "ana"), item("2", "bea")]}
        assert caller.post("/visible", page)[1]["visible"] == ["1"]
        here.forum.hides("ana")
        here.commit()
        ends = time.monotonic() + 30
        while caller.post("/visible", page)[1]["visible"] and time.monotonic() < ends:
            time.sleep(0.1)
        assert caller.post("/visible", page)[1]["visible"] == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        said = process.stderr.read()
    assert not (files / "socket").exists()
    # What it writes names nobody, and none of its secrets.
    for secret in ("nurse", "ana", TOKEN, here.forum.credentials.client_secret):
        assert secret not in said
    told = [json.loads(body)["exposures"] for path, body in here.liar.bodies if path == "/v1/exposures"]
    assert {(one["viewer"], one["author"]) for batch in told for one in batch} == {("nurse", "ana")}


@pytest.mark.slow
def test_what_is_wrong_is_one_line_that_says_what_to_do(here, files):  # noqa: F811
    set_up(here, files)
    again = set_up(here, files)
    assert (again.returncode, again.stderr.count("\n")) == (1, 1), again.stderr
    (files / "setup.json").chmod(0o644)
    words = ["run", "--setup", str(files / "setup.json"), "--token-file", str(files / "token"), "--port", "1"]
    told = subprocess.run([*PROGRAM, *words], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr.count("\n")) == (1, 1), told.stderr
    assert "chmod 600" in told.stderr
