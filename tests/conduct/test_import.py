"""`governance conduct import`: a whole file or nothing of it, however it ends."""

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from governance.conduct.feeds import commands
from governance.conduct.models import HeldRegistration, RegisterCheck
from governance.db.extension import reading, transaction
from governance.effective.models import Fragment
from governance.ledger.models import LedgerEntry
from governance.ui.clock import in_iso, now
from tests.conduct.people import checks, says, seen
from tests.conduct.register_files import csv_of, line
from tests.forum import DAY, Forum

ROOT = Path(__file__).resolve().parents[2]
LINES = 10_000


def number(at):
    return f"12A{at:04}B"


@pytest.fixture
def people(app, keyring):
    """Some of those in the file are professionals here, looked at yesterday."""
    with app.app_context(), transaction() as session:
        forum = Forum(session, keyring, at=now() - DAY)
        for at in range(6):
            hcp = says(forum, f"n{at}", number=number(at * 1600))
            checks(forum, hcp, seen(number=number(at * 1600)))
    return app


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "nmc.csv"
    path.write_bytes(csv_of(*(line(number(at), status="good" if at else "lapsed") for at in range(LINES))))
    return path


def run(app, *words):
    with app.app_context():
        return CliRunner().invoke(commands.conduct, words)


def imports(app, file, as_of=None, *more):
    as_of = as_of or in_iso(now())
    return run(app, "import", str(file), "--register", "gb-nmc", "--as-of", as_of, *more)


def stored(app):
    """How many rows there are that an import would add to, and what every registration says."""
    with app.app_context(), reading() as session:
        counts = [
            session.scalar(select(func.count()).select_from(one)) for one in (LedgerEntry, Fragment, RegisterCheck)
        ]
        rows = session.execute(select(HeldRegistration.status, HeldRegistration.checked_until, HeldRegistration.seen))
        return counts, sorted(map(tuple, rows))


def test_ten_thousand_lines_are_taken_in_seconds(people, file):
    begun = time.monotonic()
    said = json.loads(imports(people, file, None, "--json").stdout)
    assert time.monotonic() - begun < 20
    assert said == {"lines": LINES, "ours": 6, "kept": 5, "worse": 1}


@pytest.mark.slow
def test_a_bar_is_shown_on_the_error_stream(people, file):
    done = imports(people, file)
    assert "10006/10006" in done.stderr
    assert done.stdout == "10000 lines, 6 of people here: 5 kept, 1 worse\n"


def test_one_wrong_line_and_nothing_is_taken(people, file):
    before = stored(people)
    file.write_bytes(csv_of(line(number(0), status="lapsed"), line(number(1600)), line("1203456B")))
    done = imports(people, file)
    assert (done.exit_code, stored(people)) == (1, before)
    assert "line 4: the number is none of this register" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--register", "gb-nnn", "--as-of", "2026-01-01T00:00Z"], "no such register"),
        (["--register", "gb-nmc", "--as-of", "2126-01-01T00:00Z"], "lies ahead"),
        (["--register", "gb-nmc", "--as-of", "today"], "is no time"),
    ],
)
@pytest.mark.slow
def test_what_cannot_be_is_told(app, file, words, says):
    done = run(app, "import", str(file), *words)
    assert says in str(done.exception)


@pytest.mark.slow
@pytest.mark.parametrize("steps", [1, LINES // 2, LINES + 1, LINES + 3, LINES + 6])
def test_killed_half_way_nothing_is_half_imported(people, settings, file, tmp_path, steps):
    (tmp_path / "settings").write_bytes(pickle.dumps(settings))
    before, as_of = stored(people), in_iso(now())
    words = [sys.executable, "-m", "tests.conduct.killed_import", str(tmp_path), str(file), as_of, str(steps)]
    assert subprocess.run(words, cwd=ROOT, env=os.environ, check=False, timeout=100).returncode == -signal.SIGKILL
    assert stored(people) == before
    assert imports(people, file, as_of).exit_code == 0
    assert stored(people) != before


@pytest.mark.slow
def test_the_same_import_that_commits_line_by_line_is_caught(people, settings, file, tmp_path, monkeypatch):
    """The control: a variant that commits as it goes does leave half of a file behind."""
    (tmp_path / "settings").write_bytes(pickle.dumps(settings))
    before = stored(people)
    monkeypatch.setenv("COMMIT_EACH", "1")
    words = [sys.executable, "-m", "tests.conduct.killed_import", str(tmp_path), str(file), in_iso(now())]
    subprocess.run([*words, str(LINES + 3)], cwd=ROOT, env=os.environ, check=False, timeout=100)
    assert stored(people) != before
