"""`governance demo`, as somebody on a fresh machine runs it."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from governance.demo import household
from governance.demo.commands import _ended_by_itself, demo
from governance.demo.errors import DemoError
from governance.demo.household import Household, free_port
from governance.demo.report import Report, Step
from tests.demo.leaky_forum import LEAKS
from tests.marks import one_each_time

starts_the_demo = pytest.mark.slow
pytestmark = pytest.mark.timeout(500)  # a busy machine takes its time to start three processes
GOVERNANCE = [sys.executable, "-m", "governance"]


def run(*arguments, seconds=400, **environ):
    return subprocess.run(
        [*GOVERNANCE, "demo", *arguments],
        capture_output=True,
        text=True,
        timeout=seconds,
        env={**os.environ, **environ},
        check=False,
    )


@contextmanager
def started(*arguments, environ=None, preexec_fn=None):
    """Start the demo, yield the process and what it printed up to its last line, and make sure it ends."""
    process = subprocess.Popen(
        [*GOVERNANCE, "demo", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environ or {})},
        preexec_fn=preexec_fn,  # noqa: PLW1509 - one thread, and only a signal is set
    )
    too_late = threading.Timer(300, process.kill)
    too_late.start()
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        yield process, "".join(said)
    finally:
        too_late.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@starts_the_demo
def test_the_demo_walks_through_itself_and_every_step_holds(tmp_path):
    # Settings of a real service in the environment must not reach the demo.
    done = run("--check", TMPDIR=str(tmp_path), GOVERNANCE_DATABASE_URL="sqlite:////nonexistent/real.db")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1].endswith(" steps, 0 not as expected")
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert any(
        "Dan, doctor: thread: Cal's quote of Ana: expected absent, saw absent [refused]" in line for line in lines
    )
    for step in (
        "Nia, nurse: thread: Ana's post: expected shown, saw shown [permitted]",
        "Nia, nurse: feed: Ana's post: expected shown, saw shown [permitted]",
        "Nia, nurse: search: Ana's post: expected shown, saw shown [permitted]",
        "Dan, doctor: feed: Ana's post: expected absent, saw absent [refused]",
        "Dan, doctor: header: 2 news counted: expected shown, saw shown",
        "Mo, moderator: moderators' page: Ana's post: expected shown, saw shown [permitted]",
        "Pia, dietitian: thread: Ben's post: expected absent, saw absent [hcp_not_eligible]",
        "Pia, dietitian: thread: Ben's post: expected shown, saw shown [permitted]",
    ):
        assert any(step in line for line in lines), step
    assert list(tmp_path.iterdir()) == []


LEAKY = (
    "import governance.demo.household as household; household._FORUM = 'tests.demo.leaky_forum'; "
    "from governance.cli import main; main(['demo', '--check'])"
)


@starts_the_demo
@pytest.mark.parametrize("place", one_each_time(LEAKS))
def test_a_forum_without_the_filter_in_one_place_fails_the_walk_there_and_nowhere_else(place):
    done = subprocess.run(
        [sys.executable, "-c", LEAKY],
        capture_output=True,
        text=True,
        timeout=400,
        env={**os.environ, "LEAK": place},
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    wrong = [line for line in done.stdout.splitlines() if line.startswith("NOT")]
    steps = [line.split(": ", 1)[1] for line in wrong]
    assert any(line.startswith("NOT Dan, doctor: ") for line in wrong)
    assert [step for step in steps if not step.startswith(LEAKS[place])] == []


@starts_the_demo
def test_the_links_lead_somewhere_the_curl_gets_a_decision_and_ctrl_c_ends_it_all(tmp_path):
    port, forum_port = free_port(), free_port()
    ports = ("--port", str(port), "--forum-port", str(forum_port))
    with started(*ports, environ={"TMPDIR": str(tmp_path)}) as (process, said):
        links = [
            word for word in said.split() if word.startswith("http") and "/access" not in word and "/oauth" not in word
        ]
        assert len(links) == 8
        assert [requests.get(link, timeout=10).status_code for link in links] == [200] * 8
        curl = said[said.index("curl") : said.index("  Ctrl-C")]
        answer = subprocess.run(["bash", "-c", curl], capture_output=True, check=True, timeout=20)  # noqa: S607
        assert json.loads(answer.stdout)["decision"] is True
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert not listens(port)
    assert not listens(forum_port)
    assert list(tmp_path.iterdir()) == []


def ignore_ctrl_c():
    """Like a script that starts it in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def hear_hang_ups():
    """Whoever runs the tests under `nohup` hands it on."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@starts_the_demo
@pytest.mark.parametrize(
    ("how", "told", "code"),
    [
        pytest.param(ignore_ctrl_c, signal.SIGINT, 0, id="ctrl_c_though_a_script_had_switched_it_off"),
        pytest.param(hear_hang_ups, signal.SIGHUP, 1, id="a_closed_terminal"),
    ],
)
def test_whatever_ends_it_ends_it_all(tmp_path, how, told, code):
    port, forum_port = free_port(), free_port()
    ports = ("--port", str(port), "--forum-port", str(forum_port))
    with started(*ports, environ={"TMPDIR": str(tmp_path)}, preexec_fn=how) as (process, _):
        process.send_signal(told)
        assert process.wait(30) == code
    assert (listens(port), listens(forum_port)) == (False, False)
    assert list(tmp_path.iterdir()) == []


def test_whoever_does_not_leave_when_told_is_ended_with_all_they_started(tmp_path, monkeypatch):
    monkeypatch.setattr(household, "_STOP_SECONDS", 0.2)
    house = Household(tmp_path, 1, 2)
    stays = "trap '' TERM; (trap '' TERM; echo; sleep 600) & wait"
    process = subprocess.Popen(["/bin/sh", "-c", stays], stdout=subprocess.PIPE, start_new_session=True)
    house._running.append(process)
    with process.stdout as said:
        said.readline()
        house.stop()
        # At its end nobody holds it open.
        assert said.read() == b""


def jobs(folder):
    """When each recurring job is due, in microseconds; none while no worker ever ran."""
    with closing(sqlite3.connect(f"file:{folder}/service/governance.db?mode=ro", uri=True)) as database:
        return [due for (due,) in database.execute("SELECT due FROM job WHERE every IS NOT NULL")]


def done_within(seconds, folder):
    """Say whether every recurring job was taken and put off to its next time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = jobs(folder)
        if found and min(found) > time.time_ns() // 1_000:
            return True
        time.sleep(0.3)
    return False


@starts_the_demo
@pytest.mark.parametrize("works", [True, False])
def test_a_worker_does_the_jobs_of_the_demo_and_leaves_with_it(tmp_path, monkeypatch, works):
    """And the control: a household without one does none."""
    run_one = Household._run
    if not works:
        monkeypatch.setattr(
            Household, "_run", lambda house, name, *rest: name == "worker" or run_one(house, name, *rest)
        )
    with household.running(tmp_path, free_port(), free_port()) as house:
        assert done_within(40 if works else 5, tmp_path) is works
        assert house.token("links:write")
        processes = house._running
    assert len(processes) == (3 if works else 2)
    if works:
        assert (tmp_path / "worker.log").read_text().rstrip().endswith("stopped")
        assert processes[-1].returncode == 0


@starts_the_demo
def test_even_kill_9_leaves_nobody_behind(tmp_path):
    port, forum_port = free_port(), free_port()
    ports = ("--port", str(port), "--forum-port", str(forum_port))
    with started(*ports, environ={"TMPDIR": str(tmp_path)}) as (process, _):
        assert listens(port)
        assert listens(forum_port)
        process.kill()
        process.wait()
    ends = time.monotonic() + 30
    while (listens(port) or listens(forum_port)) and time.monotonic() < ends:
        time.sleep(0.2)
    assert (listens(port), listens(forum_port)) == (False, False)


@starts_the_demo
def test_a_kept_folder_goes_on_where_it_stopped(tmp_path):
    port, forum_port = free_port(), free_port()
    arguments = ("--port", str(port), "--forum-port", str(forum_port), "--keep", str(tmp_path / "kept"))
    made = []
    for _ in range(2):
        with started(*arguments) as (process, said):
            made.append(said)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 1
    assert made[0] == made[1] != ""
    secrets = [tmp_path / "kept/forum/settings.json", tmp_path / "kept/forum/forum.key.json"]
    assert [path.stat().st_mode & 0o777 for path in secrets] == [0o600, 0o600]
    moved = run("--port", str(free_port()), "--forum-port", str(forum_port), "--keep", str(tmp_path / "kept"))
    assert f"--port {port} --forum-port {forum_port}" in moved.stderr
    (tmp_path / "kept/forum/set-up-done").unlink()
    assert "half made" in run(*arguments).stderr


@pytest.mark.parametrize("option", ["--port", "--forum-port"])
def test_a_port_that_is_taken_is_an_error_that_names_the_option(option, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        other = "--forum-port" if option == "--port" else "--port"
        done = run(option, str(port), other, str(free_port()), TMPDIR=str(tmp_path))
    assert done.returncode == 1
    assert f"port {port} is taken: choose another one with {option}" in done.stderr
    assert list(Path(tmp_path).iterdir()) == []


def test_two_ports_that_are_one_are_one_clear_line(tmp_path):
    port = str(free_port())
    done = run("--port", port, "--forum-port", port, TMPDIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: the service and the forum need a port each: ")
    assert done.stderr.count("\n") == 1
    assert list(Path(tmp_path).iterdir()) == []


def test_a_port_that_one_may_not_listen_on_is_said_so(monkeypatch):
    def refused(*_):
        raise PermissionError

    monkeypatch.setattr(household.socket.socket, "bind", refused)
    with pytest.raises(DemoError, match="from 1024 on with --port"):
        household.check_ports(80, 8081)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web"])
def test_what_is_no_port_is_said_so(port):
    done = CliRunner().invoke(demo, ["--forum-port", port])
    assert done.exit_code == 2
    assert "'--forum-port'" in done.output


def test_a_step_that_does_not_hold_and_no_step_at_all_fail_the_walk():
    said = []
    report = Report(said.append)
    assert not Report(said.append).end()
    report.add(Step("Dan, doctor", "thread: Ana's post", "absent", "absent", "refused"))
    assert report.end()
    report.add(Step("Dan, doctor", "thread: Cal's quote", "absent", "shown", "refused"))
    assert not report.end()
    assert "NOT Dan, doctor: thread: Cal's quote: expected absent, saw shown [refused]" in said


@pytest.mark.parametrize(("keep", "told"), [(None, "--keep DIRECTORY"), (Path("here"), "the logs in here")])
def test_logs_that_are_gone_are_not_pointed_at(keep, told):
    assert told in _ended_by_itself(keep)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    told = run("--check", "--keep", str(tmp_path / "file" / "kept"))
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "choose another place with --keep" in told.stderr


def test_a_folder_of_another_version_is_named(tmp_path):
    forum = tmp_path / "forum"
    forum.mkdir()
    (forum / "settings.json").write_text('{"port": 1, "directory": "."}')
    (forum / "set-up-done").touch()
    told = run("--check", "--keep", str(tmp_path))
    assert (told.returncode, "made by another version" in told.stderr) == (1, True)
    assert "Traceback" not in told.stderr


def test_help_tells_what_it_does():
    assert "forum that obeys it" in CliRunner().invoke(demo, ["--help"]).output
