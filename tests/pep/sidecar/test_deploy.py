"""The examples of deployment hold together as far as they can be read: words, paths, names of settings, secrets."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import governance
from governance.config.names import KNOWN
from governance.pep.sidecar import command

yaml = pytest.importorskip("yaml")

ROOT = Path(governance.__file__).parent.parent
DEPLOY = ROOT / "governance/pep/sidecar/deploy"
UNIT = DEPLOY / "hcp-governance-sidecar.service"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]


def understood(words):
    """Return what the sidecar's own program reads in these words; it ends the test if it cannot."""
    return command._parser("sidecar").parse_args(words)


def test_the_unit_starts_the_sidecar_with_words_that_it_understands():
    (line,) = re.findall(r"^ExecStart=(.*)$", UNIT.read_text(), re.MULTILINE)
    program, *words = shlex.split(line)
    assert words[:2] == ["-m", "governance.pep.sidecar"]
    assert program.startswith("/")
    asked = understood(words[2:])
    assert str(asked.socket) == "${RUNTIME_DIRECTORY}/sidecar.sock"


def faults(folder, text):
    """Return what systemd itself says of a unit."""
    # The program that it starts is on the forum's machine and not on this one.
    (folder / UNIT.name).write_text(text.replace("/opt/hcp-governance/bin/python", "/bin/true"))
    words = ["systemd-analyze", "verify", str(folder / UNIT.name)]
    found = subprocess.run(words, capture_output=True, text=True, check=False)
    return [line for line in (found.stdout + found.stderr).splitlines() if UNIT.name in line]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_no_fault_in_the_unit(tmp_path):
    assert faults(tmp_path, UNIT.read_text()) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_would_find_one(tmp_path):
    """The control."""
    assert faults(tmp_path, UNIT.read_text().replace("ProtectHome=yes", "ProtectHome=perhaps"))


@pytest.mark.parametrize("file", ["Containerfile", "Containerfile.service"])
def test_an_image_copies_what_there_is_and_does_not_run_as_root(file):
    text = (DEPLOY / file).read_text()
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY") and "--from" not in line]
    for source in [one for many in copied for one in many]:
        assert (ROOT / source).exists(), source
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", text, re.MULTILINE)


def test_the_sidecars_image_starts_it_with_words_that_it_understands():
    text = (DEPLOY / "Containerfile").read_text()
    (words,) = (yaml.safe_load(line) for line in re.findall(r"^CMD (.*)$", text, re.MULTILINE))
    assert str(understood(words).setup) == "/run/secrets/setup"


def test_the_kit_runs_from_what_its_image_copies(tmp_path):
    """And from nothing else of ours."""
    text = (DEPLOY / "Containerfile").read_text()
    copied = [line.split() for line in text.splitlines() if line.startswith("COPY governance")]
    for _, *sources, target in copied:
        for source in map(Path, sources):
            to = tmp_path / target.removeprefix("/opt/sidecar/app/")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, to, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                to.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, to)
    code = (
        "import sys; import governance.pep.sidecar.command as c; "
        "print(sorted({m.partition('.')[0] for m in sys.modules} & "
        "{'flask', 'sqlalchemy', 'marshmallow', 'msgspec', 'structlog', 'click', 'requests', 'authlib'}), c.__file__)"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert told.startswith(f"[] {tmp_path}")


def test_compose_sets_only_settings_that_there_are():
    for name, service in SERVICES.items():
        settings = {key for key in service.get("environment", {}) if key.startswith("GOVERNANCE_")}
        assert settings <= KNOWN, name


def test_compose_names_nothing_that_it_does_not_define():
    for name, service in SERVICES.items():
        secrets = {one if isinstance(one, str) else one["source"] for one in service.get("secrets", [])}
        assert secrets <= COMPOSE["secrets"].keys(), name
        assert set(service["networks"]) <= COMPOSE["networks"].keys(), name
        volumes = {one.partition(":")[0] for one in service.get("volumes", [])}
        assert {one for one in volumes if not one.startswith(".")} <= COMPOSE["volumes"].keys(), name
        assert service.get("depends_on", {}).keys() <= SERVICES.keys(), name
        build = service.get("build")
        assert build is None or (DEPLOY / build["context"] / build["dockerfile"]).exists(), name


def test_only_the_proxy_can_be_reached_from_outside_and_the_database_by_nobody():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert SERVICES["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert {"service", "worker", "database", "proxy", "sidecar"} == SERVICES.keys()


def test_the_proxy_lets_nobody_say_from_where_they_call():
    """All that becomes the same variable as `X-Forwarded-For` in a WSGI server is taken out."""
    told = (DEPLOY / "Caddyfile").read_text()
    assert "header_up X-Forwarded-For {remote_host}" in told
    for name in ("X_Forwarded_For", "X_Forwarded-For", "X-Forwarded_For"):
        assert f"header_up -{name}\n" in told
