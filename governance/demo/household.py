"""The service and the forum as two processes on loopback, in one folder, set up and known to each other."""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import requests
from sqlalchemy import create_engine, select

from governance.decision.vocabulary import Action
from governance.demo.forum.models import FORUM, Post
from governance.demo.forum.seed import talk
from governance.demo.forum.settings import ForumSettings
from governance.errors import GovernanceError
from governance.pep.questions import one
from governance.pep.sqlalchemy.candidates import CandidateReader

PLATFORM: Final = "even-keel"
_OIDC_CLIENT: Final = "governance"
_CALL: Final = ("-m", "governance")
_LEASHED: Final = "from governance.demo.leash import end_with_parent; end_with_parent(); from {} import main; main()"
_FIRST_DAY: Final = "2020-01-01T00:00:00Z"
_START_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 10.0
_PROFESSIONALS: Final = (("nia", "Nia Okafor", "nurse"), ("dan", "Dan Weiss", "doctor"))


class DemoError(GovernanceError):
    """The demo cannot start or go on; the message names what to do."""

    code = "demo"


def free_port() -> int:
    """Return a loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def check_port(port: int, option: str) -> None:
    """Raise `DemoError` that names the option to change if somebody listens on `port` already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoError(f"port {port} is taken: choose another one with {option}") from None


@dataclass
class Household:
    """Both processes and what they need to know; `folder` holds everything they write."""

    folder: Path
    port: int
    forum_port: int
    settings: ForumSettings = field(init=False)
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def service_url(self) -> str:
        """Where the service is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def forum_url(self) -> str:
        """Where the forum is."""
        return f"http://127.0.0.1:{self.forum_port}"

    def start(self) -> None:
        """Set up what is not set up yet, and start both; returns when both answer. Raises `DemoError`."""
        is_new = not self._settings_file.exists()
        self.settings = self._set_up() if is_new else self._known_settings()
        self._run("service", "governance.cli", "--dir", str(self._service_folder), "serve", "--port", str(self.port))
        self._run("forum", "governance.demo.forum.__main__", str(self._settings_file))
        if is_new:
            # While the two start: both commands only write to the service's database.
            with ThreadPoolExecutor(len(_PROFESSIONALS)) as pool:
                list(pool.map(self._register, _PROFESSIONALS))
        self._wait_for(f"{self.service_url}/readyz", "service")
        self._wait_for(f"{self.forum_url}/healthz", "forum")
        if is_new:
            self._tell_communities()
            self._done_file.touch()

    def stop(self) -> None:
        """End both; whoever does not leave when asked is made to."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def wait(self) -> None:
        """Return when one of the two has ended."""
        while all(process.poll() is None for process in self._running):
            time.sleep(0.5)

    def token(self, scope: str) -> str:
        """Return an access token of the forum."""
        response = requests.post(
            f"{self.service_url}/oauth/token",
            data={"grant_type": "client_credentials", "scope": scope},
            auth=(self.settings.kit_client_id, self.settings.kit_client_secret),
            timeout=_STOP_SECONDS,
        )
        response.raise_for_status()
        return str(response.json()["access_token"])

    def question(self, viewer: str, words: str) -> dict[str, object]:
        """Return what the forum asks before it shows `viewer` the oldest post with these words."""
        engine = create_engine(f"sqlite:///{self.settings.directory / 'forum.db'}")
        with engine.connect() as connection:
            saying = select(Post.id).where(Post.body.contains(words)).order_by(Post.created).limit(1)
            post = connection.scalars(saying).one()
            found = CandidateReader(connection, FORUM).read([post])
        engine.dispose()
        return one(viewer, Action.VIEW, found.resource(post, FORUM.content.type))

    @property
    def _settings_file(self) -> Path:
        return self.folder / "forum" / "settings.json"

    @property
    def _done_file(self) -> Path:
        """Stands there once everything was set up."""
        return self.folder / "forum" / "set-up-done"

    @property
    def _service_folder(self) -> Path:
        return self.folder / "service"

    def _set_up(self) -> ForumSettings:
        secret = secrets.token_urlsafe(32)
        self._command("init", str(self._service_folder), "--url", self.service_url)
        added = self._command(
            *("--dir", str(self._service_folder), "platform", "add", PLATFORM, "--issuer", self.forum_url),
            *("--oidc-client-id", _OIDC_CLIENT, "--account-claim", "preferred_username", "--json"),
            environ={"GOVERNANCE_OIDC_CLIENT_SECRET": secret},
        )
        told: dict[str, Any] = json.loads(added)
        directory = self._settings_file.parent
        directory.mkdir(mode=0o700)
        settings = ForumSettings(
            port=self.forum_port,
            directory=directory,
            service_url=self.service_url,
            platform=PLATFORM,
            oidc_client_id=_OIDC_CLIENT,
            oidc_client_secret=secret,
            oidc_redirect_uri=told["redirect_uri"],
            kit_client_id=told["client_id"],
            kit_client_secret=told["client_secret"],
            cookie_secret=secrets.token_urlsafe(32),
        )
        settings.write(self._settings_file)
        return settings

    def _known_settings(self) -> ForumSettings:
        if not self._done_file.exists():
            raise DemoError("this folder was left half made: remove it, or choose another one with --keep")
        known = ForumSettings.read(self._settings_file)
        port = int(known.service_url.rpartition(":")[2])
        if (port, known.port) != (self.port, self.forum_port):
            raise DemoError(f"this folder was made for --port {port} --forum-port {known.port}: use these again")
        return known

    def _register(self, professional: Sequence[str]) -> None:
        account, name, profession = professional
        self._command(
            *("--dir", str(self._service_folder), "staff", "hcp", "add", "--platform", PLATFORM, "--account", account),
            *("--name", name, "--profession", profession, "--assurance", "4", "--attested", "--json"),
        )

    def _tell_communities(self) -> None:
        headers = {"Authorization": f"Bearer {self.token('communities:write')}"}
        for community in talk()["community"]:
            address = f"{self.service_url}/v1/communities/{community['id']}"
            # Its members have been told so from its first day: this forum was born with the service beside it.
            said = {"posture": community["posture"], "ages": community["ages"], "told_since": _FIRST_DAY}
            answer = requests.put(address, json=said, headers=headers, timeout=_STOP_SECONDS)
            if not answer.ok:
                raise DemoError(f"the service did not take the community `{community['id']}`: {answer.text[:300]}")

    def _command(self, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
        done = subprocess.run(  # noqa: S603 - this interpreter, and arguments of our own
            [sys.executable, *_CALL, *arguments],
            capture_output=True,
            text=True,
            env=_own_environment() | dict(environ or {}),
            check=False,
        )
        if done.returncode:
            raise DemoError(f"`governance {' '.join(arguments[:4])} ...` failed: {done.stderr.strip()[-500:]}")
        return done.stdout

    def _run(self, name: str, module: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - this interpreter, and arguments of our own
                [sys.executable, "-c", _LEASHED.format(module), *arguments],
                # Held open and never written to: its end tells them that we are gone.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=_own_environment(),
                # In a session of their own, so that Ctrl-C reaches us alone and we end them in order.
                start_new_session=True,
            )
        self._running.append(process)

    def _wait_for(self, address: str, name: str) -> None:
        ends = time.monotonic() + _START_SECONDS
        while time.monotonic() < ends and all(process.poll() is None for process in self._running):
            with contextlib.suppress(requests.RequestException):
                if requests.get(address, timeout=1).ok:
                    return
            time.sleep(0.1)
        told = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        raise DemoError(f"the {name} did not start; it said: {told.strip()[-800:] or 'nothing'}")


@contextlib.contextmanager
def running(folder: Path, port: int, forum_port: int) -> Iterator[Household]:
    """Start the service and the forum, and end both afterwards, whatever happens in between."""
    household = Household(folder, port, forum_port)
    try:
        household.start()
        yield household
    finally:
        household.stop()


def _own_environment() -> dict[str, str]:
    """Return the environment without settings of the service: a demo must never write to a real database."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GOVERNANCE_")}
