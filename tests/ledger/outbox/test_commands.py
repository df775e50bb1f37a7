"""`governance worker` as an operator meets it: real processes, signals, statuses."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from governance.app import create_app
from governance.cli import main
from governance.config import load_settings
from governance.db.extension import db, reading, transaction
from governance.ledger.outbox import service
from governance.ledger.outbox.errors import HopelessJobError
from governance.ledger.outbox.handlers import Recurring, nothing
from governance.ledger.outbox.wiring import init_outbox, tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.ui.clock import now
from governance.ui.house import house
from tests.begun import begin
from tests.ledger.outbox.conftest import HOUR


@pytest.fixture
def directory(tmp_path):
    return begin(tmp_path / "here")


@pytest.fixture
def app(directory):
    """The app over the directory's database, with a kind that is hopeless."""
    app = create_app(load_settings(directory, {}))
    init_outbox(app, {"hopeless": fail, "quick": lambda _work: nothing})
    with app.app_context():
        yield app
        db.engine.dispose()


def fail(_work):
    raise HopelessJobError


def run(*words, status=0):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == status, result.output
    return result.output


def wants(kind):
    with transaction() as session:
        return service.enqueue(session, house().keyring, kind, {}, now())


@pytest.fixture
def letter(app):
    """The id of a dead letter."""
    job = wants("hopeless")
    Worker(tools_of(app), Hands()).step()
    return job


def test_an_idle_outbox_is_well(directory):
    said = json.loads(run("--dir", directory, "worker", "status", "--json"))
    assert said == {"well": True, "waiting": {}, "in_hand": 0, "dead": {}, "failing_since": {}, "overdue": []}
    assert "0 waiting" in run("--dir", directory, "worker", "status")
    assert "no dead letters" in run("--dir", directory, "worker", "dead")


def test_a_dead_letter_is_seen_tried_again_and_dropped(directory, letter):
    said = json.loads(run("--dir", directory, "worker", "status", "--json", status=1))
    assert (said["well"], said["dead"]) == (False, {"hopeless": 1})
    assert "worker dead" in run("--dir", directory, "worker", "status", status=1)
    (listed,) = json.loads(run("--dir", directory, "worker", "dead", "--json"))["dead"]
    assert (listed["id"], listed["kind"], listed["last_error"]) == (str(letter), "hopeless", "hopeless")
    run("--dir", directory, "worker", "retry", letter)
    assert json.loads(run("--dir", directory, "worker", "status", "--json"))["waiting"] == {"hopeless": 1}


def test_a_dropped_dead_letter_leaves_the_outbox_well(directory, letter):
    run("--dir", directory, "worker", "drop", letter, "--yes")
    assert json.loads(run("--dir", directory, "worker", "status", "--json"))["well"]


def test_what_is_no_dead_letter_is_said_with_what_to_do(directory):
    nobody = "01a1fcb4-e83b-7138-9429-af10e50c5190"
    assert "governance worker dead" in run("--dir", directory, "worker", "retry", nobody, status=1)
    assert "governance worker dead" in run("--dir", directory, "worker", "drop", nobody, "--yes", status=1)


def test_a_recurring_kind_that_nobody_does_is_refused(app):
    with pytest.raises(ValueError, match="nobody does"):
        init_outbox(app, {}, [Recurring("k", HOUR)])


@pytest.mark.parametrize("how", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_a_worker_ends_when_told_to_and_says_so(directory, how):
    command = [sys.executable, "-m", "governance", "--dir", str(directory), "worker"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert "working" in process.stdout.readline()
            time.sleep(0.2)
            process.send_signal(how)
            said, _ = process.communicate(timeout=30)
        finally:
            process.kill()
    *logged, last = said.splitlines()
    assert (last, process.returncode) == ("stopped", 0)
    # What is due at the start may have been done by then; nobody is on duty here.
    assert all("reports_cannot_be_taken" in line for line in logged)


def test_a_worker_does_not_begin_on_an_older_schema(directory, app):
    with transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert app
    assert "governance --dir DIR db upgrade" in run("--dir", directory, "worker", status=1)


def test_workers_of_the_app_do_what_the_app_was_told(app):
    wants("quick")
    worker = Worker(tools_of(app), Hands())
    assert worker.step()
    assert not worker.step()
    with reading() as session:
        assert not service.is_any_due(session, ["quick"], now())
