"""A service and a FlaskBB beside it, as processes on loopback: FlaskBB from its package, the kit as a forum gets it."""

import contextlib
import json
import re
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import requests

from governance.demo.commanding import Command, run_commands
from governance.demo.household import free_port
from tests.pep.flaskbb.interpreter import ROOT, clean_environ, environment, kit_in
from tests.pep.sidecar.running import TOKEN, Caller

PASSWORD = "a password for tests"
PLUGIN = "hcp_governance"
PROFESSIONALS = (("dan", "Dan Weiss", "doctor"), ("nia", "Nia Okafor", "nurse"), ("mo", "Mo Haddad", "pharmacist"))
FIRST_DAY = "2020-01-01T00:00:00Z"
KINDS = (
    *("title", "text", "text_bait", "reply", "reply_bait", "quote", "quote_bait", "edited", "attachment", "attached"),
    *("quiet", "quiet_title", "notes", "signature"),
)
CONFIG = """
from flaskbb.configs.default import DefaultConfig
SECRET_KEY = {secret!r}
WTF_CSRF_SECRET_KEY = {secret!r}
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/flaskbb.db"
LOG_PATH = "{folder}"
USE_DEFAULT_LOGGING = False
SERVER_NAME = "127.0.0.1:{port}"
ATTACHMENT_UPLOAD_PATH = "{folder}/attachments"
AVATAR_UPLOAD_PATH = "{folder}/avatars"
RATELIMIT_ENABLED = False
SESSION_COOKIE_NAME = "forum"
HCP_GOVERNANCE_URL = {service!r}
HCP_GOVERNANCE_CLIENT_ID = {client!r}
HCP_GOVERNANCE_CLIENT_SECRET = {client_secret!r}
HCP_GOVERNANCE_SECONDS = 10.0
HCP_GOVERNANCE_EMERGENCY = "In danger? Call 112."
"""
ASK_SIDECAR = """
HCP_GOVERNANCE_SIDECAR = "{folder}/sidecar"
HCP_GOVERNANCE_SIDECAR_TOKEN = "{token}"
"""


def words():
    """Random words, one for each thing that can leak; letters alone, which no page writes differently."""
    return {kind: "zq" + "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(12)) for kind in KINDS}


@dataclass
class Board:
    """Both programs; `plugin` is the plugin that FlaskBB is given, which may ask a sidecar."""

    folder: Path
    plugin: str = PLUGIN
    plugins_in: Path | None = None
    sidecar: bool = False
    marks: dict = field(default_factory=words)
    accounts: dict = field(default_factory=dict)
    running: list = field(default_factory=list)

    def start(self):
        self.python, self.port, self.forum_port = environment(), free_port(), free_port()
        self.kit = kit_in(self.folder, self.python)
        told = self._set_up_service()
        self._write_config(told)
        self._flaskbb("install", "--force", "-u", "admin", "-e", "admin@example.org", "-p", PASSWORD)
        self.accounts = json.loads(self._seed())
        self._flaskbb("plugins", "install", "--all")
        run_commands(self._professionals())
        self._run("service", [sys.executable, "-m", "governance", *self._in, "serve", "--port", str(self.port)], ROOT)
        self._wait(f"{self.service_url}/readyz")
        self._tell(told)
        if self.sidecar:
            self._start_sidecar(told)
        serve = ["-m", "flaskbb", "--config", str(self.config), "run", "--port", str(self.forum_port)]
        self._run("flaskbb", [str(self.python), *serve], self.folder, self._forum_environ())
        self._wait(f"{self.forum_url}/")

    def end_service(self):
        """Be without the service from now on."""
        service = self.running.pop(0)
        service.terminate()
        service.wait(30)

    def until(self, what, seconds=30):
        """Wait for something to become so; return how long that took."""
        began = time.monotonic()
        while not what():
            assert time.monotonic() < began + seconds, "it did not become so"
            time.sleep(0.2)
        return time.monotonic() - began

    def stop(self):
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def service_url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def forum_url(self):
        return f"http://127.0.0.1:{self.forum_port}"

    @property
    def config(self):
        return self.folder / "flaskbb.cfg"

    @property
    def _in(self):
        return ["--dir", str(self.folder / "service")]

    def token(self, told, scope):
        pair = (told["client_id"], told["client_secret"])
        asked = {"grant_type": "client_credentials", "scope": scope}
        answer = requests.post(f"{self.service_url}/oauth/token", data=asked, auth=pair, timeout=10)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def link(self, account):
        headers = {"Authorization": f"Bearer {self.token(self.told, 'links:write')}"}
        wanted = {"account": account}
        answer = requests.post(f"{self.service_url}/v1/link-tokens", json=wanted, headers=headers, timeout=10)
        return answer.json()["link"]

    def plan(self):
        """What the probe is told of this forum: the words, and a count in a list of topics."""
        fields = {"password": PASSWORD, "submit": "Login"}
        sign_in = {
            viewer: {"page": "/auth/login", "fields": {"login": name, **fields}}
            for viewer, name in (("professional", "dan"), ("peer", "cal"))
        }
        baits = {kind.removesuffix("_bait"): word for kind, word in self.marks.items() if kind.endswith("_bait")}
        marks = [
            {"surface": kind, "word": word, "bait": baits.get(kind, "")}
            for kind, word in self.marks.items()
            if not kind.endswith("_bait")
        ]
        counts = [{"page": "/forum/2", "pattern": r"What Ben asks by ben (\d+)"}]
        # FlaskBB's pages link to no raw post: a script fetches it to quote from it.
        also = [f"/post/{number}/raw" for number in range(2, 10)]
        return {"forum": self.forum_url, "sign_in": sign_in, "marks": marks, "counts": counts, "also": also}

    def _set_up_service(self):
        folder = str(self.folder / "service")
        made = [Command(["init", folder, "--url", self.service_url])]
        made.append(Command([*self._in, "platform", "add", "board", "--display-name", "The Board", "--json"]))
        return run_commands(made)[0]

    def _professionals(self):
        for name, called, profession in PROFESSIONALS:
            known = ("--platform", "board", "--account", self.accounts[name], "--name", called)
            more = ("--profession", profession, "--assurance", "4", "--attested", "--json")
            yield Command([*self._in, "staff", "hcp", "add", *known, *more])

    def _tell(self, told):
        self.told = told
        headers = {"Authorization": f"Bearer {self.token(told, 'communities:write')}"}
        for forum, posture in (("2", "hcp_present"), ("3", "informed")):
            said = {"posture": posture, "ages": "adults", "moderators": [self.accounts["mo"]], "told_since": FIRST_DAY}
            address = f"{self.service_url}/v1/communities/{forum}"
            requests.put(address, json=said, headers=headers, timeout=10).raise_for_status()

    def _start_sidecar(self, told):
        program = [sys.executable, "-m", "governance", "sidecar"]
        for name, secret in (("client.secret", told["client_secret"]), ("sidecar.token", TOKEN)):
            (self.folder / name).touch(0o600)
            (self.folder / name).write_text(secret)
        setup, token = self.folder / "sidecar.json", self.folder / "sidecar.token"
        secret = ["--client-secret-file", str(self.folder / "client.secret"), "--out", str(setup)]
        known = ["--service", self.service_url, "--client-id", told["client_id"], *secret]
        environ = {**clean_environ(), "PYTHONPATH": str(ROOT)}
        subprocess.run([*program, "setup", *known], check=True, capture_output=True, env=environ)
        given = ["--setup", str(setup), "--token-file", str(token), "--socket", str(self.folder / "sidecar")]
        self._run("sidecar", [*program, "run", *given], ROOT)
        self.until((self.folder / "sidecar").exists)
        self.until(lambda: Caller(self.folder / "sidecar").call("GET", "/readyz")[0] == HTTPStatus.OK)

    def _write_config(self, told):
        (self.folder / "attachments").mkdir()
        named = {"service": self.service_url, "client": told["client_id"], "client_secret": told["client_secret"]}
        text = CONFIG.format(folder=self.folder, port=self.forum_port, secret=secrets.token_hex(32), **named)
        text += ASK_SIDECAR.format(folder=self.folder, token=TOKEN) if self.sidecar else ""
        self.config.write_text(text)

    def _forum_environ(self):
        path = ":".join(str(one) for one in (self.kit, self.plugins_in) if one is not None)
        return {**clean_environ(), "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}

    def _flaskbb(self, *arguments):
        command = [str(self.python), "-m", "flaskbb", "--config", str(self.config), *arguments]
        return self._done(command)

    def _seed(self):
        script = Path(__file__).with_name("seed.py")
        told = [str(self.config), json.dumps(self.marks), "conversations", "portal", self.plugin]
        return self._done([str(self.python), str(script), *told]).splitlines()[-1]

    def _done(self, command):
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=self.folder, env=self._forum_environ()
        )
        assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-1000:]
        return done.stdout

    def _run(self, name, command, folder, environ=None):
        with (self.folder / f"{name}.log").open("ab") as log:
            environ = environ or {**clean_environ(), "PYTHONPATH": str(ROOT)}
            self.running.append(
                subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environ, cwd=folder)
            )

    def _wait(self, address):
        ends = time.monotonic() + 60
        while time.monotonic() < ends and all(process.poll() is None for process in self.running):
            with contextlib.suppress(requests.RequestException):
                if requests.get(address, timeout=5).status_code < 500:
                    return
            time.sleep(0.1)
        raise AssertionError("\n".join(log.read_text()[-3000:] for log in self.folder.glob("*.log")))


class Member:
    """A browser at the forum."""

    def __init__(self, board, name=None):
        self.board = board
        self.http = requests.Session()
        self.http.trust_env = False
        if name is not None:
            self.post("/auth/login", page="/auth/login", login=name, password=PASSWORD, submit="Login")

    def get(self, path, **more):
        return self.http.get(self.board.forum_url + path, timeout=30, **more)

    def text(self, path):
        return self.get(path).text

    def post(self, path, page=None, **fields):
        shown = self.get(page or path).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)
        data = {**fields, "csrf_token": token.group(1) if token else ""}
        return self.http.post(self.board.forum_url + path, data=data, timeout=30)


@contextlib.contextmanager
def running(folder, **more):
    board = Board(folder, **more)
    try:
        board.start()
        yield board
    finally:
        board.stop()
