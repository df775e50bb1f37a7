"""Pages for those who connect a forum: every route, from the very document that programs read."""

from typing import Any, Final

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from governance.identity.access import anyone
from governance.pdp.reference import routes_of
from governance.ui.house import house

_DOCUMENT: Final = "api-docs.openapi_json"
blueprint = Blueprint("docs", __name__, template_folder="templates")


@blueprint.get("/docs")
@anyone
def docs() -> ResponseReturnValue:
    """Show how a forum asks."""
    answer: Any = current_app.ensure_sync(current_app.view_functions[_DOCUMENT])()
    base = house().settings.public_url
    return render_template("pdp/docs.html", routes=list(routes_of(answer.json)), base=base)
