"""Keys come from one place that is set; a file that others can read, or a command that hangs, is refused."""

import os
import shlex
import subprocess
import sys
import time

import pytest

from governance.config import KeysError, load_settings
from governance.config.providers import KeysFromCommand, KeysInFile, provider_in
from tests.crypto.fixed import FIXED


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "keys.json"
    path.write_text(FIXED.dump())
    path.chmod(0o400)
    return path


def command(source):
    return shlex.join([sys.executable, "-c", source])


def test_a_file_of_its_owner_alone_is_read(file):
    assert KeysInFile(file).read() == FIXED
    file.chmod(0o600)
    assert KeysInFile(file).read() == FIXED


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o444, 0o644, 0o410, 0o402, 0o777])
def test_a_file_that_others_can_reach_is_refused_with_the_command_that_mends_it(file, mode):
    file.chmod(mode)
    with pytest.raises(KeysError, match="others can read") as raised:
        KeysInFile(file).read()
    mend = str(raised.value).split("`")[1]
    subprocess.run(shlex.split(mend), check=True)
    assert KeysInFile(file).read() == FIXED


def test_a_link_is_judged_by_what_it_leads_to(file, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(file)
    assert KeysInFile(link).read() == FIXED
    file.chmod(0o444)
    with pytest.raises(KeysError, match="others can read"):
        KeysInFile(link).read()


def test_what_is_no_plain_file_is_refused(tmp_path):
    with pytest.raises(KeysError, match="key file"):
        KeysInFile(tmp_path).read()
    with pytest.raises(KeysError, match="plain file"):
        KeysInFile(type(tmp_path)(os.devnull)).read()


def test_a_file_that_is_gone_is_put_back_from_the_backup(tmp_path):
    with pytest.raises(KeysError, match="backup"):
        KeysInFile(tmp_path / "gone").read()


def test_a_command_prints_the_keys(file):
    assert KeysFromCommand(shlex.join(["cat", str(file)])).read() == FIXED


def test_a_command_is_run_without_a_shell(tmp_path):
    with pytest.raises(KeysError):
        KeysFromCommand(f"echo x; touch {tmp_path}/made").read()
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("words", ["", "/nowhere/at-all", "'unclosed", command("raise SystemExit(3)")])
def test_a_command_that_fails_is_named_by_its_setting(words):
    with pytest.raises(KeysError, match="GOVERNANCE_KEYS_COMMAND"):
        KeysFromCommand(words).read()


def test_what_a_failed_command_printed_is_not_taken(file):
    said = command(f"print(open({str(file)!r}).read()); raise SystemExit(1)")
    with pytest.raises(KeysError, match="status 1"):
        KeysFromCommand(said).read()


def test_a_command_that_prints_without_end_is_refused():
    with pytest.raises(KeysError, match="GOVERNANCE_KEYS_COMMAND"):
        KeysFromCommand(command("print('x' * 100_000)")).read()


@pytest.mark.slow
def test_a_command_has_a_time_limit_for_itself_and_what_it_started(tmp_path):
    started = tmp_path / "pid"
    child = f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    before = time.monotonic()
    with pytest.raises(KeysError, match="within 2 seconds"):
        KeysFromCommand(command(f"import os\nos.fork()\n{child}"), 2).read()
    assert time.monotonic() - before < 10
    number = int(started.read_text())
    with pytest.raises(ProcessLookupError):
        _until_gone(number)


def _until_gone(number):
    for _ in range(100):
        os.kill(number, 0)
        time.sleep(0.02)


def test_one_place_is_used_and_the_variables_win():
    settings = {"GOVERNANCE_KEYS_FILE": "/kept"}
    assert provider_in({}, settings).name == "file"
    assert provider_in({"GOVERNANCE_KEYS": "x"}, settings).name == "text"
    assert provider_in({"GOVERNANCE_KEYS_COMMAND": "x", "GOVERNANCE_KEYS": ""}, settings).name == "command"


def test_two_places_at_once_are_no_guess():
    with pytest.raises(KeysError, match=r"`GOVERNANCE_KEYS_FILE` and `GOVERNANCE_KEYS`.*one of them"):
        provider_in({"GOVERNANCE_KEYS": "x", "GOVERNANCE_KEYS_FILE": "y"}, {})


def test_no_place_at_all_names_the_command_that_makes_keys():
    with pytest.raises(KeysError, match="governance init"):
        provider_in({}, {})


def test_settings_take_their_keys_from_a_command(file):
    values = {
        "GOVERNANCE_PUBLIC_URL": "https://governance.example",
        "GOVERNANCE_DATABASE_URL": "sqlite://",
        "GOVERNANCE_OUTSIDE_DIR": "/srv/outside",
        "GOVERNANCE_KEYS_COMMAND": shlex.join(["cat", str(file)]),
    }
    assert load_settings(None, values).keys == FIXED
