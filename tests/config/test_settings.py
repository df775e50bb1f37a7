"""Settings are complete and safe, or the service does not start and says which command mends it."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from governance.config import Settings, SettingsError, init_directory, load_settings
from governance.config.limits import LimitSettings
from tests.crypto.fixed import FIXED, ROOT

GOOD = {
    "GOVERNANCE_PUBLIC_URL": "https://governance.example",
    "GOVERNANCE_DATABASE_URL": "sqlite:////srv/governance.db",
    "GOVERNANCE_KEYS": FIXED.dump(),
    "GOVERNANCE_OUTSIDE_DIR": "/srv/outside",
}


def load(**changed):
    return load_settings(None, {name: value for name, value in {**GOOD, **changed}.items() if value is not None})


def test_variables_alone_are_enough():
    settings = load()
    outside = Path("/srv/outside")
    assert settings == Settings(
        "https://governance.example", "sqlite:////srv/governance.db", FIXED, outside, limits=settings.limits
    )
    assert settings.limits == LimitSettings(access_log=True)
    assert settings.cookie_secure


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_setting_is_named_with_the_command_that_mends_it(name, value):
    with pytest.raises(SettingsError, match="governance init") as raised:
        load(**{name: value})
    assert name in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://governance.example",
        "http://10.0.0.1",
        "ftp://governance.example",
        "governance.example",
        "https://",
        "https://[::1",
        "https://governance.example?x=1",
        "https://governance.example#x",
        "https://user:pass@governance.example",
        "https://governance.example:port",
        "http://127.0.0.1.evil.example",
        "javascript:alert(1)",
        "https://governance.example/a b",
    ],
)
def test_an_address_that_is_not_safe_is_refused(url):
    with pytest.raises(SettingsError, match="https address"):
        load(GOVERNANCE_PUBLIC_URL=url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080"])
def test_plain_http_is_for_this_machine_alone(url):
    assert not load(GOVERNANCE_PUBLIC_URL=url).cookie_secure


def test_a_closing_slash_is_dropped():
    assert load(GOVERNANCE_PUBLIC_URL="https://governance.example/").public_url == "https://governance.example"


def test_a_password_in_the_address_of_the_database_may_come_from_a_file(tmp_path):
    file = tmp_path / "url"
    file.touch(0o600)
    file.write_text("postgresql+psycopg://governance:hush@db/governance\n")
    named = {"GOVERNANCE_DATABASE_URL_FILE": str(file)}
    assert load(GOVERNANCE_DATABASE_URL=None, **named).database_url.endswith("hush@db/governance")
    file.unlink()
    with pytest.raises(SettingsError, match="GOVERNANCE_DATABASE_URL_FILE"):
        load(GOVERNANCE_DATABASE_URL=None, **named)


def test_a_secrets_file_in_the_variables_wins_over_the_directory(tmp_path):
    init_directory(tmp_path / "new", URL)
    (tmp_path / "url").touch(0o600)
    (tmp_path / "url").write_text("sqlite:////srv/other.db")
    settings = load_settings(tmp_path / "new", {"GOVERNANCE_DATABASE_URL_FILE": str(tmp_path / "url")})
    assert settings.database_url == "sqlite:////srv/other.db"


def test_settings_print_no_key_and_no_password():
    printed = repr(load(GOVERNANCE_DATABASE_URL="postgresql+psycopg://governance:hush@db/governance"))
    assert str(ROOT) not in printed
    assert str(FIXED.newest.key) not in printed
    assert "hush" not in printed


URL = "http://127.0.0.1:8080"


def test_a_new_directory_holds_all_that_is_needed(tmp_path):
    init_directory(tmp_path / "new", URL)
    settings = load_settings(tmp_path / "new", {})
    assert settings.public_url == URL
    assert settings.database_url == f"sqlite:///{tmp_path}/new/governance.db"
    assert [epoch.id for epoch in settings.keys.epochs] == ["e1"]
    assert settings.reread_keys is not None
    assert settings.reread_keys() == settings.keys


def test_two_directories_have_two_keys(tmp_path):
    for name in ("one", "two"):
        init_directory(tmp_path / name, URL)
    one, two = (load_settings(tmp_path / name, {}).keys for name in ("one", "two"))
    assert one.root != two.root
    assert one.newest.key != two.newest.key


def test_only_the_owner_reads_key_and_database(tmp_path):
    """Also where the directory was there before and everybody may look into it."""
    tmp_path.chmod(0o755)
    init_directory(tmp_path, URL)
    for name in ("keys.json", "governance.db", "settings.env"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o400


def test_a_directory_in_use_is_never_overwritten(tmp_path):
    init_directory(tmp_path, URL)
    key = (tmp_path / "keys.json").read_text()
    with pytest.raises(SettingsError, match="already"):
        init_directory(tmp_path, URL)
    (tmp_path / "settings.env").unlink()
    with pytest.raises(SettingsError, match="already"):
        init_directory(tmp_path, URL)
    assert (tmp_path / "keys.json").read_text() == key


def test_a_bad_address_leaves_no_half_made_directory(tmp_path):
    with pytest.raises(SettingsError):
        init_directory(tmp_path / "new", "http://governance.example")
    assert not (tmp_path / "new").exists()


def test_a_variable_wins_over_the_file(tmp_path):
    init_directory(tmp_path, URL)
    changed = load_settings(tmp_path, {"GOVERNANCE_PUBLIC_URL": "https://other.example", "PATH": "/bin"})
    assert changed.public_url == "https://other.example"


def test_a_directory_without_settings_says_how_to_make_them(tmp_path):
    with pytest.raises(SettingsError, match="governance init"):
        load_settings(tmp_path, {})


def test_remarks_and_empty_lines_in_the_file_are_passed_over(tmp_path):
    init_directory(tmp_path, URL)
    file = tmp_path / "settings.env"
    file.write_text("# a=b\n\n  \n" + file.read_text().replace("=", " = "))
    assert load_settings(tmp_path, {}).public_url == URL


@pytest.mark.parametrize("line", ["hush", "export GOVERNANCE_PROXIES=1", "=hush", "GOVERNANCE_PROXIES: 1", "a-b=hush"])
def test_a_line_that_says_nothing_is_an_error_with_its_number_and_no_more(tmp_path, line):
    init_directory(tmp_path, URL)
    file = tmp_path / "settings.env"
    file.write_text(f"# remark\n{line}\n{file.read_text()}{line}\n")
    with pytest.raises(SettingsError, match="line 2, 7") as raised:
        load_settings(tmp_path, {})
    assert "hush" not in str(raised.value)


def test_a_file_of_settings_that_is_no_text_is_an_error(tmp_path):
    init_directory(tmp_path, URL)
    (tmp_path / "settings.env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("name", ["with space", "with?mark", "with#mark", "with%20", "ünï", "with=sign"])
def test_a_database_is_found_wherever_its_directory_lies(tmp_path, name):
    init_directory(tmp_path / name, URL)
    engine = create_engine(load_settings(tmp_path / name, {}).database_url)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
    engine.dispose()
    assert (tmp_path / name / "governance.db").stat().st_size > 0


def test_a_directory_can_be_moved(tmp_path):
    init_directory(tmp_path / "old", URL)
    keys = load_settings(tmp_path / "old", {}).keys
    (tmp_path / "old").rename(tmp_path / "new % place")
    settings = load_settings(tmp_path / "new % place", {})
    assert settings.keys == keys
    assert settings.outside == tmp_path / "new % place" / "outside"
    assert make_url(settings.database_url).database == str(tmp_path / "new % place" / "governance.db")


@pytest.mark.parametrize(
    "url",
    ["sqlite:////srv/governance.db", "sqlite://", "sqlite:///:memory:", "postgresql://governance:hush@db/governance"],
)
def test_an_address_that_is_whole_stays_as_it_is(tmp_path, url):
    init_directory(tmp_path, URL)
    with (tmp_path / "settings.env").open("a") as file:
        file.write(f"GOVERNANCE_DATABASE_URL={url}\n")
    assert load_settings(tmp_path, {}).database_url == url


def test_paths_in_variables_are_those_of_whoever_set_them(tmp_path):
    init_directory(tmp_path, URL)
    assert load_settings(tmp_path, {"GOVERNANCE_OUTSIDE_DIR": "here"}).outside == Path("here")


def test_the_mail_server_belongs_to_the_settings(tmp_path):
    password = tmp_path / "password"
    password.touch(0o600)
    password.write_text("hush\n")
    said = {"HOST": "mail.example", "FROM": "news@example.org", "USER": "us", "PASSWORD_FILE": str(password)}
    settings = load(**{f"GOVERNANCE_SMTP_{name}": value for name, value in said.items()})
    assert settings.mail is not None
    assert settings.mail.password == "hush"
    assert "hush" not in repr(settings)
    assert load().mail is None


def test_no_register_is_asked_unless_somebody_names_it():
    assert load().look_ups == {}
    assert load(GOVERNANCE_LOOK_UPS="us-npi").look_ups == {"us-npi": ""}
    told = load(GOVERNANCE_LOOK_UPS=" us-npi=https://npi.example/api/ , gb-nmc,").look_ups
    assert told == {"us-npi": "https://npi.example/api/", "gb-nmc": ""}
    assert load(GOVERNANCE_LOOK_UPS="us-npi=http://127.0.0.1:9/api/").look_ups


@pytest.mark.parametrize(
    "said", ["npi", "us-npi=", "us-npi=http://npi.example", "us-npi,us-npi", "us-npi=https://a?key=1", "us npi"]
)
def test_a_register_to_ask_that_is_mistyped_stops_the_start(said):
    with pytest.raises(SettingsError, match="GOVERNANCE_LOOK_UPS"):
        load(GOVERNANCE_LOOK_UPS=said)


def test_hints_go_to_this_machine_only_where_a_demo_or_a_test_says_so():
    here = {"GOVERNANCE_PUBLIC_URL": "http://127.0.0.1:8080"}
    assert not load(**here).webhooks_to_loopback
    assert load(**here, GOVERNANCE_WEBHOOKS_TO_LOOPBACK="on").webhooks_to_loopback
    for said in ("yes", "1"):
        with pytest.raises(SettingsError, match="GOVERNANCE_WEBHOOKS_TO_LOOPBACK"):
            load(**here, GOVERNANCE_WEBHOOKS_TO_LOOPBACK=said)
    with pytest.raises(SettingsError, match="leave it out"):
        load(GOVERNANCE_PUBLIC_URL="https://service.example", GOVERNANCE_WEBHOOKS_TO_LOOPBACK="on")
