"""`python -m tests.benchmarks.serving`: what a decision costs as a forum gets it, over what Flask alone costs.

Both are called as a server calls them, by WSGI, and timed in CPU of the thread that serves; log, limits, metrics and
the access log are on. An empty Flask route, called in turn with them, is the unit.
"""

import io
import json
import random
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

import click
from flask import Flask
from sqlalchemy.orm import Session

from governance.app import create_app
from governance.config.limits import LimitSettings
from governance.decision.vocabulary import Level
from governance.ledger.commits import OUTSIDE
from governance.pdp.log import decisions_of
from tests.benchmarks.crowd import Crowd, drawn
from tests.benchmarks.report import Goal, environment, say_environment, say_row
from tests.benchmarks.timing import Task, Timed, race, ratios
from tests.forum import Forum, asked
from tests.reliability.house import House

PAGE = 100
DIFFERENT = 400
"""Patients asked about in turn: more than a process keeps in its caches of statements, fewer than it keeps of facts."""
STRANGERS_MOST = 20_000
"""More than a process keeps: when the last was asked about, the first was forgotten."""
UNLIMITED = "100000000/second"
EMPTY, ONE, MANY, STRANGERS = (
    "an empty route",
    "one evaluation",
    f"a page of {PAGE}",
    "one evaluation, never asked before",
)


def empty_app() -> Flask:
    """Make an app with nothing but a route."""
    app = Flask("empty")
    app.add_url_rule("/", "empty", lambda: "")
    return app


class Calls:
    """Requests prepared as a server hands them over."""

    def __init__(self, app: WSGIApplication, path: str, bodies: list[bytes], headers: dict[str, str]) -> None:
        self._app, self._bodies, self.status = app, bodies, ""
        self._environ = {
            "REQUEST_METHOD": "POST" if bodies[0] else "GET",
            "PATH_INFO": path,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8080",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "CONTENT_TYPE": "application/json",
            **headers,
        }

    def __call__(self, number: int) -> bytes:
        body = self._bodies[number]
        environ = {**self._environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        answer = b"".join(self._app(environ, self._start))
        if self.status != "200 OK":
            raise RuntimeError(f"{self.status}: {answer[:200]!r}")
        return answer

    def _start(self, status: str, *_: object) -> Callable[[bytes], object]:
        self.status = status
        return lambda _: None


class Serving:
    """A service whose forum has so many patients."""

    def __init__(self, folder: Path, patients: int, seed: int) -> None:
        self._rng, self.patients = random.Random(seed), patients
        self.house = House(folder / "here", f"sqlite:///{folder / 'governance.db'}")
        with Session(self.house.engine, expire_on_commit=False, info={OUTSIDE: self.house.outside}) as session:
            self._forum = Forum(session, self.house.keyring)
            self._forum.registers("nurse")
            self._forum.opens("c")
            for number, level in enumerate([Level.IN_TOUCH, Level.ANSWERED, Level.SEEN, Level.CLOSED] * 4):
                self._forum.acknowledges(f"by hand {number}")
                self._forum.chooses(f"by hand {number}", level, level, ["nurse"] if number % 2 else [])
            session.commit()
        with self.house.engine.begin() as connection:
            Crowd(self.house.keyring, self._forum.id, seed).joins(connection, patients)
        limits = LimitSettings(platform=UNLIMITED, anonymous=UNLIMITED, tokens=UNLIMITED, access_log=True)
        self.app = create_app(replace(self.house.settings, limits=limits))

    def tasks(self) -> dict[str, Task]:
        """Return what is timed, with bodies that were written before."""
        token = self._token()
        headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
        ones = [self._body(asked("nurse", who)) for who in drawn(self._rng, self.patients, DIFFERENT)]
        strangers = [
            self._body(asked("nurse", who))
            for who in drawn(self._rng, self.patients, min(STRANGERS_MOST, self.patients // 2))
        ]
        pages = [self._page() for _ in range(4)]
        path = "/access/v1/evaluation"
        return {
            EMPTY: Task(Calls(empty_app(), "/", [b""], {}), 1),
            ONE: Task(Calls(self.app, path, ones, headers), len(ones)),
            STRANGERS: Task(Calls(self.app, path, strangers, headers), len(strangers)),
            MANY: Task(Calls(self.app, f"{path}s", pages, headers), len(pages)),
        }

    def ends(self) -> None:
        """Close what is open."""
        decisions_of(self.app).close()
        self.house.close()

    def _token(self) -> str:
        credentials = self._forum.credentials
        sent = {"grant_type": "client_credentials", "client_id": credentials.client_id}
        pair = (credentials.client_id, credentials.client_secret)
        answer = self.app.test_client().post("/oauth/token", data=sent, auth=pair)
        return str(answer.json["access_token"])

    def _page(self) -> bytes:
        questions = [asked("nurse", who) for who in drawn(self._rng, self.patients, PAGE)]
        return self._body({"evaluations": questions})

    def _body(self, said: Any) -> bytes:
        return json.dumps(said).encode()


def timed(patients: int, rounds: int, seed: int) -> dict[str, Timed]:
    """Time a forum with so many patients."""
    with tempfile.TemporaryDirectory() as folder:
        serving = Serving(Path(folder), patients, seed)
        with redirect_stdout(io.StringIO()):
            # The access log goes to standard output.
            seen = race(serving.tasks(), rounds, block=0.05, seed=seed)
        serving.ends()
    return seen


def goals(seen: dict[int, dict[str, Timed]]) -> list[Goal]:
    """Hold what was seen against what the project aims at."""
    found = []
    for patients, figures in seen.items():
        for what, most in ((ONE, 4), (MANY, 25)):
            median = ratios(figures[what], figures[EMPTY]).median
            found.append(Goal(f"{what} / {EMPTY}, {patients:,} patients", median, most=most))
    fewest, most = min(seen), max(seen)
    if fewest != most:
        large, small = (ratios(seen[size][ONE], seen[size][EMPTY]).median for size in (most, fewest))
        found.append(Goal(f"{ONE}, {most:,} patients / {fewest:,}", large / small, most=1.25))
    return found


@click.command()
@click.option("--patients", type=click.IntRange(1_000), multiple=True, default=(10_000, 100_000, 1_000_000))
@click.option("--rounds", type=click.IntRange(2), default=21, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write everything to this file.")
def main(patients: tuple[int, ...], rounds: int, seed: int, json_file: Path | None) -> None:
    """Time decisions over WSGI, beside an empty Flask route; microseconds of CPU, median and quartiles."""
    found = environment()
    say_environment(found)
    seen = {}
    for many in patients:
        seen[many] = timed(many, rounds, seed)
        for name, figures in seen[many].items():
            say_row(name, figures.quartiles)
    aims = goals(seen)
    for goal in aims:
        click.echo(goal)
    if json_file is not None:
        said = {many: {name: figures.quartiles for name, figures in one.items()} for many, one in seen.items()}
        json_file.write_text(json.dumps({"environment": found, "microseconds": said}, indent=2) + "\n")


if __name__ == "__main__":
    main()
