"""Is the service alive, and may it answer? For load balancers and people on call."""

from http import HTTPStatus

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from governance.db.migrate import at_head
from governance.identity.access import anyone
from governance.ui.api import Blueprint

blueprint = Blueprint("operations", __name__, description="Operations")


@blueprint.get("/healthz")
@blueprint.response(HTTPStatus.OK)
@anyone
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@blueprint.response(HTTPStatus.OK)
@anyone
def readyz() -> ResponseReturnValue:
    """Say whether the database is there and has the newest schema."""
    try:
        ready = at_head()
    except SQLAlchemyError:
        ready = False
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(status="ready" if ready else "run `governance db upgrade`, then try again"), status
