"""Files with secrets: what others can read or change is refused by everybody who reads one, with what mends it."""

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from governance.config import SettingsError, init_directory, keys_provider, load_settings
from governance.config.errors import KeysError
from governance.config.mail import mail_settings
from governance.pep import secret_files
from governance.pep.probe.failures import ProbeError
from governance.pep.probe.signing import public_key
from governance.pep.replica import SetUp
from governance.pep.replica.setup import SetUpError
from governance.pep.secret_files import ExposedFileError, read_secret
from governance.pep.sidecar.command import main

SECRET = "hush-hush"
URL = "http://127.0.0.1:8080"
A_KEY = "A" * 43


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a secret"
    path.touch(0o600)
    path.write_text(SECRET)
    return path


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o440, 0o640])
def test_what_its_owner_and_its_group_read_is_read(file, mode):
    file.chmod(mode)
    assert read_secret(file) == SECRET


@pytest.mark.parametrize("mode", [0o444, 0o604, 0o602, 0o601, 0o620, 0o660, 0o644, 0o666, 0o777])
def test_what_others_reach_or_the_group_changes_is_refused_and_the_command_mends_it(file, mode):
    file.chmod(mode)
    with pytest.raises(ExposedFileError, match="others can read or change") as raised:
        read_secret(file)
    assert SECRET not in str(raised.value)
    mend = shlex.split(str(raised.value).split("`")[1])
    assert mend == ["chmod", "600", str(file)]
    subprocess.run(mend, check=True)
    assert read_secret(file) == SECRET


@pytest.mark.parametrize("mode", [0o440, 0o640, 0o444])
def test_what_is_one_programs_alone_no_group_reads(file, mode):
    file.chmod(mode)
    with pytest.raises(ExposedFileError):
        read_secret(file, alone=True)
    file.chmod(0o400)
    assert read_secret(file, alone=True) == SECRET


def test_a_link_is_judged_by_what_it_leads_to(file, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(file)
    assert read_secret(link) == SECRET
    file.chmod(0o644)
    with pytest.raises(ExposedFileError):
        read_secret(link)


@pytest.fixture(params=["credentials", "mounted"])
def handed(request, tmp_path, monkeypatch):
    """A folder that what started us mounted for us alone."""
    folder = tmp_path / "handed"
    folder.mkdir()
    if request.param == "credentials":
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    else:
        monkeypatch.setattr(secret_files, "_MOUNTED", folder)
    return folder


@pytest.mark.parametrize("mode", [0o444, 0o440, 0o400])
@pytest.mark.parametrize("alone", [False, True])
def test_what_was_handed_to_us_is_read_as_it_was_mounted(handed, mode, alone):
    file = handed / "token"
    file.write_text(SECRET)
    file.chmod(mode)
    assert read_secret(file, alone=alone) == SECRET


def test_handed_or_not_nobody_else_may_change_it(handed, monkeypatch):
    file = handed / "token"
    file.write_text(SECRET)
    file.chmod(0o446)
    with pytest.raises(ExposedFileError):
        read_secret(file)
    file.chmod(0o444)
    assert read_secret(file) == SECRET
    # A third account's: by giving it away, or, as only root can, by being somebody else.
    if os.getuid() == 0:
        os.chown(file, 4_712, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 4_711)
    with pytest.raises(ExposedFileError):
        read_secret(file)


def test_a_link_out_of_there_and_one_into_it_are_judged_by_where_they_lead(handed, file, tmp_path):
    file.chmod(0o444)
    (handed / "out").symlink_to(file)
    with pytest.raises(ExposedFileError):
        read_secret(handed / "out")
    there = handed / "token"
    there.write_text(SECRET)
    (tmp_path / "into").symlink_to(there)
    assert read_secret(tmp_path / "into") == SECRET


def test_an_empty_variable_hands_us_nothing(file, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "")
    monkeypatch.chdir(file.parent)
    file.chmod(0o444)
    with pytest.raises(ExposedFileError):
        read_secret(Path(file.name))


def settings_in(folder, **said):
    directory = folder / "service"
    if not directory.exists():
        init_directory(directory, URL)
    return load_settings(directory, {f"GOVERNANCE_{name}": str(value) for name, value in said.items()})


def keys(file):
    made = file.parent / "made"
    init_directory(made, URL)
    file.write_text((made / "keys.json").read_text())
    return lambda: keys_provider(None, {"GOVERNANCE_KEYS_FILE": str(file)}).read()


def database(file):
    file.write_text("sqlite:////srv/other.db")
    return lambda: settings_in(file.parent, DATABASE_URL_FILE=file)


def metrics(file):
    file.write_text("m" * 32)
    return lambda: settings_in(file.parent, METRICS_TOKEN_FILE=file)


def mail(file):
    said = {"HOST": "m.example", "FROM": "a@m.example", "USER": "us", "PASSWORD_FILE": str(file)}
    return lambda: mail_settings({f"GOVERNANCE_SMTP_{name}": value for name, value in said.items()})


def set_up(file):
    made = {"service": URL, "client_id": "id", "client_secret": "s", "platform": "p", "public_keys": [A_KEY]}
    file.write_text(json.dumps({**made, "keys": {"accounts": A_KEY, "places": A_KEY, "tokens": A_KEY}}))
    return lambda: SetUp.read(file)


def probe(file):
    file.unlink()
    public_key(file)
    return lambda: public_key(file)


@pytest.mark.parametrize(
    ("reader", "error"),
    [
        (keys, KeysError),
        (database, SettingsError),
        (metrics, SettingsError),
        (mail, SettingsError),
        (set_up, SetUpError),
        (probe, ProbeError),
    ],
)
def test_each_who_reads_one_refuses_it(file, reader, error):
    read = reader(file)
    assert read()
    file.chmod(0o644)
    with pytest.raises(error, match=r"others can read or change .*chmod [46]00 "):
        read()


def test_so_does_the_sidecar_of_its_token_and_its_clients_secret(file, capsys):
    file.chmod(0o644)
    ready = file.parent / "setup.json"
    ready.touch(0o600)
    set_up(ready)
    known = ["--service", URL, "--client-id", "id", "--client-secret-file", str(file)]
    for words in (
        ["setup", *known, "--out", str(file.parent / "new")],
        ["run", "--setup", str(ready), "--token-file", str(file), "--socket", str(file.parent / "s")],
    ):
        assert main(words) == 1
        said = capsys.readouterr().err
        assert said.startswith("error: others can read or change ")
        assert (said.count("\n"), SECRET in said, "chmod 600" in said) == (1, False, True)


@pytest.mark.parametrize(
    ("line", "is_secret"),
    [
        ("GOVERNANCE_DATABASE_URL=postgresql://us:hush@db/g", True),
        ("GOVERNANCE_SMTP_PASSWORD=hush", True),
        (f"GOVERNANCE_METRICS_TOKEN={'m' * 32}", True),
        ("GOVERNANCE_DATABASE_URL=postgresql://us@db/g", False),
        ("GOVERNANCE_CONTROLLER_NAME=A clinic: us@clinic.example", False),
    ],
)
def test_settings_that_others_read_hold_no_secret(tmp_path, line, is_secret):
    settings_in(tmp_path)
    file = tmp_path / "service" / "settings.env"
    with file.open("a") as opened:
        opened.write(line + "\n")
    settings_in(tmp_path)
    file.chmod(0o644)
    if not is_secret:
        assert settings_in(tmp_path)
        return
    with pytest.raises(SettingsError, match=r"chmod 600 .*settings\.env"):
        settings_in(tmp_path)
