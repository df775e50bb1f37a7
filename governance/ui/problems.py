"""Errors as answers: problem details (RFC 9457) for programs, a plain page for people. One map, here."""

from http import HTTPStatus
from typing import Final

import structlog
from flask import Flask, Response, json, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import TimeoutError as NoConnectionError
from werkzeug.exceptions import HTTPException

from governance.db.failures import BusyError, cause_of
from governance.errors import GovernanceError
from governance.sentences import Sentence, said_by
from governance.ui.languages import in_our_words
from governance.ui.programs import for_programs

_STATUS_BY_CODE: Final = {
    "bad_input": HTTPStatus.BAD_REQUEST,
    "not_found": HTTPStatus.NOT_FOUND,
    "not_signed_in": HTTPStatus.UNAUTHORIZED,
    "not_allowed": HTTPStatus.FORBIDDEN,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "not_acknowledged": HTTPStatus.CONFLICT,
    "sign_in_failed": HTTPStatus.BAD_REQUEST,
    "idempotency_key_reused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "ledger": HTTPStatus.SERVICE_UNAVAILABLE,
    "ledger_rolled_back": HTTPStatus.SERVICE_UNAVAILABLE,
    "ledger_outside": HTTPStatus.SERVICE_UNAVAILABLE,
}
_UNSURE: Final = Sentence("what you sent may not be saved; look at your choices before you try again")
"""A transaction may be committed and its answer lost: nobody is promised that nothing was changed."""
_OUR_FAULT: Final = Sentence("something went wrong on our side; %(unsure)s", {"unsure": _UNSURE})
_CLOSED: Final = Sentence(
    "the service cannot answer safely until its operator has looked at it; %(unsure)s", {"unsure": _UNSURE}
)
_BUSY: Final = Sentence("nothing was saved, because too many others are saving just now; try again in a moment")
_TRY_AGAIN_AFTER: Final = 10
"""Seconds: as long as a writer waits for its turn before it gives up."""
_FOR_OPERATORS: Final = frozenset({"platform_not_found"})
"""A patient who followed a wrong link can mend nothing; whoever reads the log can."""
_log = structlog.get_logger()


def register_status(code: str, status: HTTPStatus) -> None:
    """Let a room say which HTTP status one of its error codes has; the only place that knows HTTP."""
    known = _STATUS_BY_CODE.setdefault(code, status)
    if known is not status:
        raise ValueError(f"`{code}` has a status already")


def answer_errors(app: Flask) -> None:
    """Turn every error into an answer that says what to do and names nobody."""
    app.register_error_handler(GovernanceError, _refused)
    app.register_error_handler(BusyError, _busy)
    app.register_error_handler(NoConnectionError, _busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def problem(status: HTTPStatus, code: str, detail: str) -> Response:
    """Return a problem document; `detail` must name nothing personal."""
    body = {"type": f"urn:governance:problem:{code}", "title": status.phrase, "status": status.value, "detail": detail}
    return Response(json.dumps(body), status=status, content_type="application/problem+json")


def _refused(error: GovernanceError) -> ResponseReturnValue:
    status = _STATUS_BY_CODE.get(error.code, HTTPStatus.INTERNAL_SERVER_ERROR)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # Who asked cannot mend it, and its message is for those who can.
        _log.critical("failed", code=error.code, endpoint=request.endpoint)
        closed = status is HTTPStatus.SERVICE_UNAVAILABLE
        return _answer(status, "unavailable" if closed else "internal", _CLOSED if closed else _OUR_FAULT)
    if error.code in _FOR_OPERATORS:
        _log.warning("refused", code=error.code, endpoint=request.endpoint, hint=str(error))
    return _answer(status, error.code, said_by(error))


def _busy(error: Exception) -> ResponseReturnValue:
    """Say that nothing was begun, which a door that opens one transaction can promise."""
    _log.error("busy", error=type(error).__qualname__, endpoint=request.endpoint)
    answer = _answer(HTTPStatus.SERVICE_UNAVAILABLE, BusyError.code, _BUSY)
    answer.headers["Retry-After"] = str(_TRY_AGAIN_AFTER)
    return answer


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    answer = _answer(status, status.name.lower(), error.description or status.description, ours=False)
    for name, value in error.get_headers():
        # Allow, WWW-Authenticate and Retry-After tell a program what to do next.
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def _unexpected(error: Exception) -> ResponseReturnValue:
    _log.error("unexpected", error=cause_of(error), endpoint=request.endpoint)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _answer(status, "internal", _OUR_FAULT)


def _answer(status: HTTPStatus, code: str, detail: Sentence | str, *, ours: bool = True) -> Response:
    """Answer a program or a person; `ours`: whether the detail is in our words, or a library's for programmers."""
    if for_programs(request.path):
        return problem(status, code, str(detail))
    said = in_our_words(detail) if isinstance(detail, Sentence) else gettext(detail)
    page = render_template("ui/error.html", status=status, code=code, detail=said, ours=ours)
    return Response(page, status=status)
