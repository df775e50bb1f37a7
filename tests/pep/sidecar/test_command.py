"""What the sidecar's program says to an operator who gave it something wrong: what it is about, and what to do."""

import json
import socket

import pytest

from governance.pep.sidecar.command import main
from tests.pep.sidecar.running import TOKEN

HERE = "http://127.0.0.1:1"
KEY = "A" * 43


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keys = {"accounts": KEY, "places": KEY, "tokens": KEY}
    made = {"service": HERE, "client_id": "id", "client_secret": "s", "platform": "p", "keys": keys}
    setup = tmp_path / "setup.json"
    setup.touch(0o600)
    setup.write_text(json.dumps({**made, "public_keys": [KEY]}))
    for name in ("secret", "token"):
        (tmp_path / name).touch(0o600)
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "secret").write_text("secret")
    return tmp_path


def setting_up(capsys, file="secret", service=HERE, out="new.json"):
    words = ["--service", service, "--client-id", "id", "--client-secret-file", file, "--out", out]
    return main(["setup", *words]), capsys.readouterr().err


def running(capsys, file="token", where=("--socket", "s.sock")):
    return main(["run", "--setup", "setup.json", "--token-file", file, *where]), capsys.readouterr().err


def test_a_service_that_does_not_answer_is_named(files, capsys):
    assert files
    status, said = setting_up(capsys)
    assert (status, HERE in said, "does not answer" in said) == (1, True, True)


def test_a_file_that_is_not_there_is_named(files, capsys):
    assert files
    for status, said in (setting_up(capsys, file="no-secret"), running(capsys, file="no-token")):
        assert (status, "see that the path is right" in said) == (1, True)
        assert said.startswith("error: no-")


def test_a_socket_in_a_folder_that_is_not_there_is_named(files, capsys):
    assert files
    status, said = running(capsys, where=("--socket", "nowhere/s.sock"))
    assert (status, said.startswith("error: nowhere: "), "folder" in said) == (1, True, True)


def test_a_port_that_is_taken_is_named_with_the_option(files, capsys):
    assert files
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        status, said = running(capsys, where=("--port", port))
    assert (status, port in said, "--port" in said, "path" in said) == (1, True, True, False)


def test_a_second_sidecar_is_told_of_the_first_and_of_nothing_else(files, capsys):
    with socket.socket(socket.AF_UNIX) as first:
        first.bind(str(files / "s.sock"))
        first.listen()
        status, said = running(capsys)
    assert (status, said) == (1, "error: somebody listens on that socket; stop the other sidecar first\n")
