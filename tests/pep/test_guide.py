"""The guide to a forum's first hour: every block of it, in its order, against real processes."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

import governance
from governance.demo.household import free_port
from tests.pep.probe.small_forum import BAIT, FILE, QUOTE, TEXT, TITLE, Forum, serving
from tests.pep.sidecar.running import Caller
from tests.processes import children, kill_all

GUIDE = Path(governance.__file__).parent / "pep" / "GUIDE.md"
BLOCK = re.compile(r"(?:<!-- test: (?P<hook>[^\n]*) -->\n)?```sh\n(?P<commands>.*?)```\n", re.DOTALL)
ITEM = {"author": "ana", "community": "diabetes", "thread": "t1", "created": "2026-05-01T10:00:00Z", "edited": None}
MARKS = {"text": TEXT, "title": TITLE, "quote": QUOTE, "attachment": FILE}
HOOKS = {
    "the plan is filled in, and its words are posted": "$PYTHON -m tests.pep.test_guide plan.json",
    "a moment goes by": "sleep 2",
    "the service is stopped": "kill -9 $SERVICE_PROCESSES; sleep 7",
}


class Guided(Forum):
    """A forum that asks the guide's sidecar before it shows anything."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def shows(self, viewer, place):
        if not viewer:
            return True
        asked = {"viewer": viewer, "action": "view", "items": [{"id": place, **ITEM}]}
        token = (self.folder / "sidecar-token").read_text().strip()
        caller = Caller(self.folder / "sidecar.sock")
        status, _, body = caller.call("POST", "/visible", asked, {"Authorization": f"Bearer {token}"})
        return status == 200 and place in json.loads(body)["visible"]


def fill_in(path):
    """What the guide's reader does by hand: how viewers sign in, and the words that were posted."""
    plan = json.loads(path.read_text())
    for viewer, account in (("professional", "dan"), ("peer", "pia")):
        plan["sign_in"][viewer] = {"page": "/login", "fields": {"name": account}}
    plan["marks"] = [{"surface": surface, "word": word} for surface, word in MARKS.items()]
    plan["marks"][0]["bait"] = BAIT
    path.write_text(json.dumps(plan))


def blocks():
    return [(found["hook"], found["commands"]) for found in BLOCK.finditer(GUIDE.read_text(encoding="utf-8"))]


def printed(told, command, which=0):
    """Return what the block printed that holds these words; of several the one that is meant."""
    return [said for (_, commands), said in zip(blocks(), told, strict=True) if command in commands][which]


def objects(text):
    """Return the JSON objects in what was printed, one behind the other, after whatever lines came first."""
    found, at = [], text.find("{")
    while at != -1:
        one, end = json.JSONDecoder().raw_decode(text, at)
        found.append(one)
        at = text.find("{", end)
    return found


def as_script():
    lines = ["set -euo pipefail", 'governance() { "$PYTHON" -m governance "$@"; }']
    for number, (hook, commands) in enumerate(blocks()):
        lines += [f"exec >{number}.out", HOOKS[hook] if hook else ":", commands]
    return "\n".join(lines)


@pytest.fixture
def folder():
    """A short path: a socket's has at most some hundred letters."""
    made = Path(tempfile.mkdtemp(prefix="guide"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@contextmanager
def service(folder):
    """The service as its own people run it."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    words = [sys.executable, "-m", "governance"]
    subprocess.run([*words, "init", "data", "--url", address], cwd=folder, check=True, capture_output=True)
    # A hint to this machine, where the guide's forum is, is refused unless it is said to be a trial.
    environ = {**os.environ, "GOVERNANCE_WEBHOOKS_TO_LOOPBACK": "on"}
    serving = [*words, "--dir", "data", "serve", "--port", str(port)]
    with subprocess.Popen(serving, cwd=folder, env=environ) as process:
        try:
            ready(address)
            yield address, [*children(process.pid), process.pid]
        finally:
            kill_all([*children(process.pid), process.pid])


def ready(address):
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            if requests.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise AssertionError("the service did not start")


@contextmanager
def guided(folder):
    """Run the guide; yields what each block printed."""
    with service(folder) as (address, processes), serving(Guided(folder)) as forum:
        told = {
            "SERVICE": address,
            "FORUM": forum,
            "PYTHON": sys.executable,
            "SERVICE_PROCESSES": " ".join(map(str, processes)),
        }
        environ = {**os.environ, **told, "PYTHONPATH": str(Path(governance.__file__).parents[1])}
        with subprocess.Popen(
            [shutil.which("bash"), "-c", as_script()],
            cwd=folder,
            env=environ,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as shell:
            try:
                shell.wait(300)
            finally:
                kill_group(shell.pid)
            errors = shell.stderr.read().decode()
        printed = [folder / f"{number}.out" for number in range(len(blocks()))]
        yield shell.returncode, errors, [path.read_text() for path in printed if path.exists()]


def kill_group(leader):
    """End the sidecar, which the guide starts and leaves."""
    try:
        os.killpg(leader, 9)
    except ProcessLookupError:
        return


def test_every_block_has_a_step_and_every_step_of_the_test_a_block():
    assert {hook for hook, _ in blocks() if hook} == HOOKS.keys()
    assert len(blocks()) > 10


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_the_first_hour_goes_as_the_guide_says(folder):
    if shutil.which("jq") is None or shutil.which("curl") is None:
        pytest.skip("curl and jq are not installed")
    with guided(folder) as (status, errors, told):
        assert status == 0, (errors[-3000:], told)
        assert json.loads(printed(told, '"items": [{"id": "p1"')) == {"visible": ["p1"], "hidden": 0, "would_hide": 1}
        assert json.loads(printed(told, '"id": "p2"'))["would_hide"] == 1
        assert json.loads(printed(told, '"id": "m1"'))["visible"] == ["m1"]
        # A person is somebody's in no one group: what is asked about them is never only observed.
        assert json.loads(printed(told, "look_up"))["decision"] is False
        assert {line["number"] for line in json.loads(printed(told, "/emergency"))} >= {"999", "116 123"}
        walked = printed(told, "probe before")
        assert "not read by the professional" not in walked
        assert "0 leaks" in walked
        live = printed(told, "platform live")
        assert objects(live)[0]["result"] == "clean"
        assert "nothing is left to do" in live
        assert objects(printed(told, "canary.jws"))[-1]["state"] == "live"
        assert json.loads(printed(told, "/v1/suspension"))["state"] == "suspended"
        assert "goes on" in printed(told, "platform resume")
        assert json.loads(printed(told, "/v1/webhooks"))["state"] == "waiting"
        peer, professional = objects(printed(told, '"viewer": "pia"'))
        assert (peer["visible"], professional["visible"]) == (["p1"], [])
        left = printed(told, "announce-end")
        assert [one.get("accounts") for one in objects(left)] == [None, 1]
        assert objects(left)[0]["opt_outs"][0]["hold"] is True
        assert "ended: my-forum" in left


if __name__ == "__main__":
    fill_in(Path(sys.argv[1]))
