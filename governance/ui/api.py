"""The one typed wrapper round flask-smorest: strict bodies, problem details, OpenAPI 3.1."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import flask
import flask_smorest
from flask import Flask, Request, Response
from marshmallow import Schema, ValidationError, fields
from webargs.flaskparser import FlaskParser

from governance.errors import BadInputError
from governance.ui.house import house
from governance.ui.strict_json import load_object

PLATFORM: Final = "platform"
LONGEST_REQUEST_ID: Final = 256
_OPENAPI: Final = {
    "API_TITLE": "Governance of health-care professionals on patient forums",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/",
    "OPENAPI_JSON_PATH": "openapi.json",
}


def json_body(sent: Request) -> dict[str, Any]:
    """Return the JSON object of a request. Raises `BadInputError`."""
    # Certified clients expect 400 for another content type (AuthZEN section 10.1), so every door says so.
    if sent.mimetype != "application/json":
        raise BadInputError("send `Content-Type: application/json`")
    return load_object(sent.get_data())


class StrictParser(FlaskParser):
    """Reads a body as I-JSON instead of Flask's lenient way."""

    DEFAULT_VALIDATION_STATUS = HTTPStatus.BAD_REQUEST

    def load_json(self, req: Request, schema: Any) -> Any:  # noqa: ANN401, ARG002 - the signature is webargs'
        """Return the body, or raise `BadInputError`."""
        return json_body(req)

    def handle_error(self, error: ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:  # noqa: ANN401 - webargs' signature
        """Say which member is wrong and what it should be; never repeat the value."""
        wrong = "; ".join(sorted(_wrong(error.messages)))
        raise BadInputError(wrong)


def _wrong(messages: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - marshmallow's nested messages
    if isinstance(messages, dict):
        for name, found in messages.items():
            yield from _wrong(found, path if name in ("json", "_schema") else f"{path}.{name}".lstrip("."))
        return
    for message in messages:
        yield f"`{path or 'body'}`: {str(message).rstrip('.').lower()}"


Door = TypeVar("Door", bound=Callable[..., Any])

if TYPE_CHECKING:

    class _Described(flask.Blueprint):
        """The part of flask-smorest's blueprint that doors use beside Flask's own, with the types it lacks."""

        def __init__(self, name: str, import_name: str, *, description: str = "") -> None: ...
        def arguments(self, schema: type[Schema], *, location: str = "json") -> Callable[[Door], Door]: ...
        def response(
            self, status: int, schema: type[Schema] | None = None, *, content_type: str | None = None
        ) -> Callable[[Door], Door]: ...
        def alt_response(self, status: int, *, schema: type[Schema]) -> Callable[[Door], Door]: ...

        description: str

        def register_views_in_doc(
            self,
            api: "Api",
            app: Flask,
            spec: object,
            *,
            name: str,
            parameters: None,
        ) -> None: ...
        def doc(self, **kwargs: Any) -> Callable[[Door], Door]: ...  # noqa: ANN401 - OpenAPI's own members

else:
    _Described = flask_smorest.Blueprint


class Blueprint(_Described):
    """A set of routes that appears in the OpenAPI document; bodies are read strictly."""

    ARGUMENTS_PARSER = StrictParser()


class Problem(Schema):
    """What went wrong and what to do (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)


class Api(flask_smorest.Api):  # type: ignore[misc] # flask-smorest carries no types
    """The OpenAPI document of the app; errors are answered by `ui.problems`, not by flask-smorest.

    The document is made when somebody first asks for it: making it takes as long as the rest of the app.
    """

    ERROR_SCHEMA = Problem

    def __init__(self, app: Flask) -> None:
        """Answer `/openapi.json` in an app."""
        self._described: list[Blueprint] = []
        self._making, self._is_made = Lock(), False
        super().__init__(app)

    def register_blueprint(self, routes: Blueprint) -> None:
        """Register routes with the app, and keep in mind that the document describes them."""
        self._app.register_blueprint(routes)
        self._described.append(routes)

    def _init_spec(self) -> None:
        """Leave the document for later."""

    def _openapi_json(self) -> Response:
        with self._making:
            if not self._is_made:
                self._make()
        answer: Response = super()._openapi_json()
        return answer

    def _make(self) -> None:
        super()._init_spec()
        for routes in self._described:
            routes.register_views_in_doc(self, self._app, self.spec, name=routes.name, parameters=None)
            self.spec.tag({"name": routes.name, "description": routes.description})
        self._is_made = True

    def _register_error_handlers(self) -> None:
        """Leave errors to the one map."""

    def _register_responses(self) -> None:
        """Describe errors as what they are: problem documents."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"


def describe(app: Flask) -> Api:
    """Give a furnished app its OpenAPI document at `/openapi.json`; return where blueprints are registered."""
    with app.app_context():
        base = house().settings.public_url
    flow = {"tokenUrl": f"{base}/oauth/token", "scopes": {}}
    scheme = {"type": "oauth2", "flows": {"clientCredentials": flow}}
    options = {"servers": [{"url": base}], "components": {"securitySchemes": {PLATFORM: scheme}}}
    app.config.update(_OPENAPI, API_SPEC_OPTIONS=options)
    app.after_request(_echo_request_id)
    return Api(app)


def _echo_request_id(answer: Response) -> Response:
    """Send back `X-Request-ID`, on errors too: a client matches answers to questions by it (AuthZEN section 10.1.4)."""
    sent = flask.request.headers.get("X-Request-ID", "")
    if 0 < len(sent) <= LONGEST_REQUEST_ID:
        answer.headers["X-Request-ID"] = sent
    return answer


def needs(scope: str) -> list[dict[str, list[str]]]:
    """Return how the document says that a route needs a platform's token with a scope."""
    return [{PLATFORM: [scope]}]
