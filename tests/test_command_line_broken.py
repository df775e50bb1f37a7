"""A disk or a database that fails is one line that says what to do; a fault of the program keeps its trace."""

import errno

import pytest
from click.testing import CliRunner
from sqlalchemy import exc

from governance.cli import main
from governance.cli.broken import in_words
from tests.begun import begin


def failed(said, kind=exc.OperationalError):
    return kind("SELECT secret", {}, Exception(said))


@pytest.mark.parametrize("words", [("platform", "list"), ("keys", "status"), ("ledger", "verify"), ("serve",)])
def test_a_database_that_is_none_is_one_clear_line(tmp_path, words):
    here = str(begin(tmp_path / "here"))
    for file in (tmp_path / "here").glob("governance.db*"):
        file.unlink()
    (tmp_path / "here" / "governance.db").write_bytes(b"x" * 4096)
    result = CliRunner().invoke(main, ["--dir", here, *words])
    assert isinstance(result.exception, SystemExit)
    assert (result.exit_code, result.stderr.strip().count("\n")) == (1, 0)
    assert "Error: the database is damaged, or is none" in result.stderr


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("database or disk is full", "make room"),
        ("disk I/O error", "make room"),
        ("attempt to write a readonly database", "run as its owner"),
        ("unable to open database file", "see that its folder is there"),
        ("database is locked", "in a moment"),
        ("no such table: platform", "governance --dir DIR db upgrade"),
        ("connection to hush@db failed", "governance config check"),
    ],
)
def test_what_a_database_says_is_told_in_our_words(said, told):
    words = in_words(failed(said))
    assert told in words
    assert "hush" not in words


def test_a_disk_is_told_by_the_file():
    assert "make room" in in_words(OSError(errno.ENOSPC, "No space left on device"))
    assert "/there cannot be read" in in_words(PermissionError(errno.EACCES, "Permission denied", "/there"))


@pytest.mark.parametrize(
    "fault",
    [failed("syntax error", exc.ProgrammingError), failed("NOT NULL", exc.IntegrityError), KeyError("x"),
     OSError(errno.EBADF, "Bad file descriptor"), ValueError("is not a database")],
)  # fmt: skip
def test_a_fault_of_the_program_keeps_its_trace(fault):
    assert in_words(fault) is None
