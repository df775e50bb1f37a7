"""The service, its worker and the forum as processes on loopback, in one folder, set up and known to each other."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import requests
from sqlalchemy import Connection, create_engine, select

from governance.decision.vocabulary import Action
from governance.demo.commanding import Command, own_environment, run_commands
from governance.demo.errors import DemoError
from governance.demo.forum.models import FORUM, Member, Post
from governance.demo.forum.seed import talk
from governance.demo.forum.settings import ForumSettings
from governance.pep.questions import Resource, Words, one
from governance.pep.sqlalchemy.candidates import CandidateReader

PLATFORM: Final = "even-keel"
STAFF_DOOR: Final = "even-keel-staff"
TRAINING: Final = "otters learn to read here"
"""The passphrase of the officers' vaults: it keeps training cases, and nothing real."""
_OIDC_CLIENT: Final = "governance"
_STAFF_CLIENT: Final = "governance-staff"
_LEASHED: Final = "from governance.demo.leash import end_with_parent; end_with_parent(); from {} import main; main()"
_FIRST_DAY: Final = "2020-01-01T00:00:00Z"
_START_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 10.0
_TELL: Final = 10.0
_FORUM: Final = "governance.demo.forum.__main__"
_PROFESSIONALS: Final = (
    ("nia", "Nia Okafor", "nurse"),
    ("dan", "Dan Weiss", "doctor"),
    ("mo", "Mo Haddad", "pharmacist"),
)
"""Registered and checked before the demo begins; who else has a badge is declared by the forum, and not checked."""


def free_port() -> int:
    """Return a loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def check_ports(port: int, forum_port: int) -> None:
    """Raise `DemoError` that names the option to change unless both ports are two, free, and ours to listen on."""
    if port == forum_port:
        raise DemoError(f"the service and the forum need a port each: choose another one than {port} by --forum-port")
    _check_port(port, "--port")
    _check_port(forum_port, "--forum-port")


def _check_port(port: int, option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise DemoError(f"you may not listen on port {port}: choose one from 1024 on with {option}") from None
        except OSError:
            raise DemoError(f"port {port} is taken: choose another one with {option}") from None


@dataclass
class Household:
    """All processes and what they need to know; `folder` holds everything they write."""

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
        """Set up what is not set up yet, and start all; returns when service and forum answer. Raises `DemoError`."""
        is_new = not self._settings_file.exists()
        self.settings = self._set_up() if is_new else self._known_settings()
        self._run("service", "governance.cli", "--dir", str(self._service_folder), "serve", "--port", str(self.port))
        self._run("forum", _FORUM, str(self._settings_file))
        self._wait_for(f"{self.forum_url}/healthz", "forum")
        if is_new:
            # While the service starts: these commands only write to its database.
            run_commands(self._introductions())
        self._wait_for(f"{self.service_url}/readyz", "service")
        if is_new:
            self._tell_service()
            self._done_file.touch()
        # Last: it writes to the database by itself, and what waits may wait until everything is set up.
        self._run("worker", "governance.cli", "--dir", str(self._service_folder), "worker", "--threads", "1")

    def stop(self) -> None:
        """End all; whoever does not leave when asked is made to."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                # With its workers: a server that is told to stop while one of them starts waits for it for ever.
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            if process.stdin is not None:
                process.stdin.close()

    def wait(self) -> None:
        """Return when one of them has ended."""
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

    def question(self, viewer: str, words: str, action: Action = Action.VIEW) -> dict[str, object]:
        """Return what the forum asks before it lets `viewer` do something to the oldest post with these words."""
        post = self.post_id(words)
        with self._forum_database() as connection:
            found = CandidateReader(connection, FORUM).read([post])
        return one(viewer, action, found.resource(post, FORUM.content.type))

    def question_of(self, viewer: str, author: str, community: str | None) -> dict[str, object]:
        """Return what the forum asks before `author` turns up in a search of `viewer`."""
        return one(viewer, Action.FIND, Resource("user", author, (Words(author, community),)))

    def post_id(self, words: str) -> str:
        """Return the id of the oldest post with these words."""
        saying = select(Post.id).where(Post.body.contains(words)).order_by(Post.created).limit(1)
        with self._forum_database() as connection:
            return connection.scalars(saying).one()

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
        """Make the service's folder, and have both sides know each other."""
        secret, staff_secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        told, opened = self._introduce_forum(secret, staff_secret)
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
            staff_door=STAFF_DOOR,
            staff_client_id=_STAFF_CLIENT,
            staff_client_secret=staff_secret,
            staff_redirect_uri=opened["redirect_uri"],
            kit_client_id=told["client_id"],
            kit_client_secret=told["client_secret"],
            cookie_secret=secrets.token_urlsafe(32),
        )
        settings.write(self._settings_file)
        return settings

    def _introduce_forum(self, secret: str, staff_secret: str) -> list[dict[str, Any]]:
        """Return what the service says to a forum that is added, and to the provider of its staff."""
        forum = ("--issuer", self.forum_url, "--oidc-client-id", _OIDC_CLIENT, "--account-claim", "preferred_username")
        called = ("--display-name", "Even Keel")
        door = ("--issuer", self.forum_url, "--oidc-client-id", _STAFF_CLIENT)
        return run_commands(
            [
                Command(["init", str(self._service_folder), "--url", self.service_url]),
                self._in_service("platform", "add", PLATFORM, *forum, *called, "--json", secret=secret),
                self._in_service("staff", "provider", "add", STAFF_DOOR, *door, "--json", secret=staff_secret),
            ]
        )

    def _known_settings(self) -> ForumSettings:
        if not self._done_file.exists():
            raise DemoError("this folder was left half made: remove it, or choose another one with --keep")
        try:
            known = ForumSettings.read(self._settings_file)
        except TypeError:
            raise DemoError("this folder was made by another version: choose another one with --keep") from None
        port = int(known.service_url.rpartition(":")[2])
        if (port, known.port) != (self.port, self.forum_port):
            raise DemoError(f"this folder was made for --port {port} --forum-port {known.port}: use these again")
        return known

    def _introductions(self) -> Iterator[Command]:
        """Yield the commands by which an administrator enters professionals and staff."""
        for account, name, profession in _PROFESSIONALS:
            known = ("--platform", PLATFORM, "--account", account, "--name", name, "--profession", profession)
            yield self._in_service("staff", "hcp", "add", *known, "--assurance", "4", "--attested", "--json")
        with self._forum_database() as connection:
            staff = connection.execute(select(Member.sub, Member.name, Member.duty).where(Member.duty.is_not(None)))
            for sub, name, duty in staff.all():
                roles = [word for role in str(duty).split() for word in ("--role", role)]
                who = ("--provider", STAFF_DOOR, "--subject", sub, "--name", name)
                yield self._in_service("staff", "add", *who, *roles, "--json")
        yield self._in_service("staff", "training-desk", "--passphrase", TRAINING)

    def _tell_service(self) -> None:
        """Say as the forum what its communities are, and which accounts have one of its badges."""
        written, headers = talk(), {"Authorization": f"Bearer {self.token('communities:write hcps:declare')}"}
        badged = [member["account"] for member in written["member"] if "badge" in member]
        declared = {"accounts": badged}
        self._tell(requests.post(f"{self.service_url}/v1/hcps/declare", json=declared, headers=headers, timeout=_TELL))
        for community in written["community"]:
            address = f"{self.service_url}/v1/communities/{community['id']}"
            # Its members have been told so from its first day: this forum was born with the service beside it.
            said = {name: community[name] for name in ("posture", "ages", "moderators")} | {"told_since": _FIRST_DAY}
            self._tell(requests.put(address, json=said, headers=headers, timeout=_TELL))

    @staticmethod
    def _tell(answer: requests.Response) -> None:
        if not answer.ok:
            raise DemoError(f"the service did not take `{answer.request.path_url}`: {answer.text[:300]}")

    @contextlib.contextmanager
    def _forum_database(self) -> Iterator[Connection]:
        engine = create_engine(f"sqlite:///{self.settings.directory / 'forum.db'}")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def _in_service(self, *arguments: str, secret: str = "") -> Command:
        environ = {"GOVERNANCE_OIDC_CLIENT_SECRET": secret} if secret else {}
        return Command(["--dir", str(self._service_folder), *arguments], environ)

    def _run(self, name: str, module: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - this interpreter, and arguments of our own
                [sys.executable, "-c", _LEASHED.format(module), *arguments],
                # Held open and never written to: its end tells them that we are gone.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=own_environment(),
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
    """Start the service and the forum, and end all afterwards, whatever happens in between."""
    household = Household(folder, port, forum_port)
    try:
        household.start()
        yield household
    finally:
        household.stop()
