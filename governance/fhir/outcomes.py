"""Errors below `/fhir` as OperationOutcome: the same status and headers as elsewhere, in the words of FHIR."""

from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, json, request

from governance.fhir.codes import code

MEDIA_TYPE: Final = "application/fhir+json"
_PROBLEM: Final = "application/problem+json"
_ISSUES: Final = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.UNAUTHORIZED: "login",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not-supported",
    HTTPStatus.NOT_ACCEPTABLE: "not-supported",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "not-supported",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-long",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
    HTTPStatus.INTERNAL_SERVER_ERROR: "exception",
    HTTPStatus.SERVICE_UNAVAILABLE: "transient",
}


def outcome(status: HTTPStatus, detail: str) -> dict[str, Any]:
    """Return the OperationOutcome of an error; `detail` names nobody."""
    issue = {
        "severity": code("OperationOutcome.issue.severity", "error"),
        "code": code("OperationOutcome.issue.code", _ISSUES.get(status, "processing")),
        "details": {"text": detail},
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def answer_errors_in_fhir(app: Flask) -> None:
    """Let every problem that an app answers below `/fhir` be an OperationOutcome, whoever found it."""

    @app.after_request
    def translate(answer: Response) -> Response:
        if answer.mimetype == _PROBLEM and request.path.startswith("/fhir"):
            told = outcome(HTTPStatus(answer.status_code), answer.get_json()["detail"])
            answer.set_data(json.dumps(told))
            answer.content_type = MEDIA_TYPE
        return answer
