"""Is the service alive, may it answer, and how is it doing? For load balancers and people on call."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

import msgspec
import structlog
from flask import Flask, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from governance.config.limits import LimitSettings
from governance.db.extension import reading
from governance.db.migrate import at_head
from governance.identity.access import anyone, declared
from governance.identity.clients.oauth_server import proven_client
from governance.identity.current import known_client, known_session
from governance.ledger.errors import LedgerError
from governance.pdp.limits import COUNTED, Caller, Limits, keep_limits
from governance.pdp.metrics import CONTENT_TYPE, Metrics, count_in, metrics_of
from governance.pdp.schemas import State
from governance.ui.api import Blueprint
from governance.ui.budgets import keep_budgets
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.problems import problem

OPERATORS: Final = "operators"
"""Whoever runs the service: on its own machine, or with its token."""
_UNLIMITED: Final = frozenset({"static", "operations.healthz", "operations.readyz", "operations.metrics"})
"""Asked for by load balancers, and by every page for its own looks."""
_TOKENS: Final = "oauth.token"
_TOO_MUCH: Final = "that was too much at once; wait as long as `Retry-After` says"
_NO_ROUTE: Final = "none"
_WATCH: Final = "governance.watch"
_THOUSAND: Final = 1_000
_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")

blueprint = Blueprint("operations", __name__, description="Operations")


def operators_alone(view: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """Let through whoever asks from this machine, or sends the operators' token."""

    @wraps(view)
    def guarded() -> ResponseReturnValue:
        if _is_operator():
            return view()
        answer = problem(HTTPStatus.UNAUTHORIZED, "no_token", "ask from this machine, or send the token of metrics")
        answer.headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return answer

    return declared(guarded, OPERATORS)


@blueprint.get("/healthz")
@blueprint.response(HTTPStatus.OK, State)
@anyone
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@blueprint.response(HTTPStatus.OK, State)
@blueprint.alt_response(HTTPStatus.SERVICE_UNAVAILABLE, schema=State)
@anyone
def readyz() -> ResponseReturnValue:
    """Say whether the service may decide: the database is there, of the newest schema, and the one signed last."""
    wrong = _what_is_wrong()
    status = HTTPStatus.OK if wrong is None else HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(status="ready" if wrong is None else wrong), status


@blueprint.get("/metrics")
@blueprint.response(HTTPStatus.OK, content_type=CONTENT_TYPE)
@operators_alone
def metrics() -> ResponseReturnValue:
    """Return what was counted, in the text format of Prometheus; nobody can be told from it."""
    return Response(metrics_of(current_app).shown(), content_type=CONTENT_TYPE)


class _Line(msgspec.Struct):
    route: str
    status: int
    ms: float
    event: str
    timestamp: datetime


_encode: Final = msgspec.json.Encoder().encode


class Watch:
    """Notes the answers of one app."""

    def __init__(self, numbers: Metrics, *, write_log: bool) -> None:
        """Count in these numbers; write a line to standard output as well if told to."""
        self._numbers = numbers
        self._write_log = write_log
        # Its bare printer: the chain before it would cost as much as the decision that the line is about.
        self._write = structlog.PrintLogger().msg

    def saw(self, route: str, method: str, status: int, seconds: float) -> None:
        """Note one answer and how long it took."""
        self._numbers.count_request(route, method, status, seconds)
        if self._write_log:
            # The route's name: in the address itself there may be a community, a state, a code.
            line = _Line(route, status, round(seconds * _THOUSAND, 1), "request", datetime.now(UTC))
            self._write(_encode(line).decode())


def watch_in(app: Flask, *, write_log: bool) -> Watch:
    """Give an app its numbers and what notes its answers."""
    watch = app.extensions[_WATCH] = Watch(count_in(app), write_log=write_log)
    return watch


def watch_of(app: Flask) -> Watch:
    """Return what notes the answers of an app."""
    watch: Watch = app.extensions[_WATCH]
    return watch


def watch_requests(app: Flask, *, write_log: bool) -> None:
    """Count every answer of an app and, if told to, write a line about each; who asked is in neither."""
    watch = watch_in(app, write_log=write_log)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(answer: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        watch.saw(request.endpoint or _NO_ROUTE, request.method, answer.status_code, seconds)
        return answer


def limit_requests(app: Flask, settings: LimitSettings) -> None:
    """Count every request of a furnished app against its caller's budget, before anything is done for it.

    But a request for a token when it is known who proved themselves: before, a stranger could use up a forum's.
    """
    with app.app_context():
        limits, budgets = keep_limits(app, Limits(settings, house().keyring)), keep_budgets(app, settings.storage)

    @app.before_request
    def check() -> None:
        if request.endpoint in _UNLIMITED or request.endpoint == _TOKENS or COUNTED in request.environ:
            return
        budget = limits.budget(Caller(known_client(), known_session()), request.remote_addr)
        if not budgets.takes(budget):
            budgets.refuse(budget, _TOO_MUCH, now())

    @app.after_request
    def check_tokens(answer: Response) -> Response:
        if request.endpoint != _TOKENS:
            return answer
        budget = limits.token_budget(proven_client(), request.remote_addr)
        return answer if budgets.takes(budget) else budgets.refusal(budget, _TOO_MUCH, now())


def _is_operator() -> bool:
    expected = house().settings.limits.metrics_token
    sent = request.headers.get("Authorization", "").partition(" ")
    if expected and sent[0].lower() == "bearer":
        return secrets.compare_digest(sent[2].encode(), expected.encode())
    # A proxy on this machine brings everybody from here.
    return _is_here(request.remote_addr or "") and not any(name in request.headers for name in _FORWARDED)


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _what_is_wrong() -> str | None:
    """Return what keeps the service from deciding, with what to do."""
    try:
        if not at_head():
            return "run `governance --dir DIR db upgrade`, then try again"
        with reading():
            return None
    except LedgerError as error:
        return str(error)
    except SQLAlchemyError:
        return "the database does not answer; see that it runs, and run `governance config check`"
