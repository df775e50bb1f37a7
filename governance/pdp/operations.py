"""Is the service alive, and may it answer? For load balancers and people on call."""

from http import HTTPStatus

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from governance.db.extension import reading
from governance.db.migrate import at_head
from governance.identity.access import anyone
from governance.ledger.errors import LedgerError
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
    """Say whether the service may decide: the database is there, of the newest schema, and the one signed last."""
    wrong = _what_is_wrong()
    status = HTTPStatus.OK if wrong is None else HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(status="ready" if wrong is None else wrong), status


def _what_is_wrong() -> str | None:
    """Return what keeps the service from deciding, with what to do."""
    try:
        if not at_head():
            return "run `governance db upgrade`, then try again"
        with reading():
            return None
    except LedgerError as error:
        return str(error)
    except SQLAlchemyError:
        return "the database does not answer; see that it runs, and run `governance config check`"
