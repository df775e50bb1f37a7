"""The decision doors as forums mostly call them, answered before Flask: the same bytes at a fraction of the cost.

INVARIANT: it answers nothing that the doors behind it would not answer in the same way. Whatever is unusual (another
method or type, a cookie, a token not seen before, a limit reached, anything that fails) is handed on to them untouched,
so there is one place that admits, refuses and says what is wrong.
"""

import io
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec
from flask import Flask

from governance.identity.current import PlatformCaller, known_caller
from governance.identity.permissions import Scope
from governance.pdp.answers import answers_for
from governance.pdp.batches import cut
from governance.pdp.doors import answer_many, answer_one
from governance.pdp.limits import COUNTED, Caller, limits_of
from governance.pdp.messages import Question, question_of
from governance.pdp.operations import watch_of
from governance.pdp.quick import read_many, read_one
from governance.ui.api import LONGEST_REQUEST_ID
from governance.ui.budgets import budgets_of
from governance.ui.clock import now
from governance.ui.headers import headers_of_an_answer
from governance.ui.strict_json import load_object

_MOST_DIGITS: Final = 9
_SCOPE: Final = Scope.DECISIONS_EVALUATE
_encode: Final = msgspec.json.Encoder(order="sorted").encode
"""In the order in which Flask writes."""


class _Door(NamedTuple):
    """One of the two doors: what it is called in the log, and how its body is answered."""

    endpoint: str
    answer: Callable[["_PatientsChoices", bytes], dict[str, Any]]


class _PatientsChoices(NamedTuple):
    """What stands behind the doors, for one platform."""

    app: Flask
    platform_id: UUID

    def read(self, members: Mapping[str, Any]) -> Question:
        """Return a typed question. Raises `BadInputError`."""
        return question_of(members)

    def answer(self, questions: Sequence[Question]) -> list[dict[str, Any]]:
        """Return a decision object for each question. Raises `BadInputError`."""
        return answers_for(self.app, self.platform_id, questions, now())


def _one(choices: _PatientsChoices, body: bytes) -> dict[str, Any]:
    question = read_one(body)
    return answer_one(choices, load_object(body)) if question is None else choices.answer([question])[0]


def _many(choices: _PatientsChoices, body: bytes) -> dict[str, Any]:
    read = read_many(body)
    if read is None:
        return answer_many(choices, load_object(body))
    questions, semantic = read
    return {"evaluations": cut(choices.answer(questions), semantic)}


_DOORS: Final = {
    "/access/v1/evaluation": _Door("pdp.evaluation", _one),
    "/access/v1/evaluations": _Door("pdp.evaluations", _many),
}


class FastPath:
    """Stands before an app's own WSGI callable."""

    def __init__(self, app: Flask, beyond: WSGIApplication) -> None:
        """Answer for a whole app; hand on to `beyond`."""
        self._app = app
        self._beyond = beyond
        self._longest: int = app.config["MAX_CONTENT_LENGTH"]
        self._headers = headers_of_an_answer(app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or hand on."""
        began = time.perf_counter()
        door = _DOORS.get(environ.get("PATH_INFO", ""))
        answer = None if door is None or not self._is_plain(environ) else self._answer(door, environ)
        if door is None or answer is None:
            return self._beyond(environ, start_response)
        watch_of(self._app).saw(door.endpoint, "POST", 200, time.perf_counter() - began)
        sent_id = environ.get("HTTP_X_REQUEST_ID")
        start_response(
            "200 OK",
            [
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(answer))),
                *([("X-Request-ID", sent_id)] if sent_id else ()),
                *self._headers,
            ],
        )
        return (answer,)

    def _is_plain(self, environ: WSGIEnvironment) -> bool:
        """Say whether a request is as nearly all are; only then it is read here."""
        length = environ.get("CONTENT_LENGTH", "")
        return (
            environ["REQUEST_METHOD"] == "POST"
            and environ.get("CONTENT_TYPE") == "application/json"
            and length.isdecimal()
            # First how many digits: of thousands Python makes no number.
            and len(length) <= _MOST_DIGITS
            and int(length) <= self._longest
            and "HTTP_COOKIE" not in environ
            and "HTTP_TRANSFER_ENCODING" not in environ
            and _is_plain_id(environ.get("HTTP_X_REQUEST_ID", ""))
        )

    def _answer(self, door: _Door, environ: WSGIEnvironment) -> bytes | None:
        caller = known_caller(self._app, environ.get("HTTP_AUTHORIZATION", ""))
        if caller is None or _SCOPE not in caller.scopes or not self._takes(caller):
            return None
        environ[COUNTED] = True
        body = _read(environ)
        if len(body) < int(environ["CONTENT_LENGTH"]):
            return None
        try:
            answer = door.answer(_PatientsChoices(self._app, caller.platform_id), body)
            return _encode(answer) + b"\n"
        except Exception:  # noqa: BLE001 - the door behind this fails in the same way, and says so
            return None

    def _takes(self, caller: PlatformCaller) -> bool:
        budget = limits_of(self._app).budget(Caller(caller.client_id), None)
        return budgets_of(self._app).takes(budget)


def _read(environ: WSGIEnvironment) -> bytes:
    """Return the body, and put it back for the door behind; cut short if the client went away."""
    try:
        body: bytes = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    except OSError:
        body = b""
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _is_plain_id(sent: str) -> bool:
    return len(sent) <= LONGEST_REQUEST_ID and sent.isascii() and (not sent or sent.isprintable())
