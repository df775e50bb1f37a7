"""Pages for those who connect a forum: every route, from the very document that programs read, and the agreement."""

from typing import Any, Final

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from governance.identity.access import anyone
from governance.pdp.reference import routes_of
from governance.policy.privacy import AGREEMENT, open_in, paper
from governance.ui.house import house

_DOCUMENT: Final = "api-docs.openapi_json"
_MISSING: Final = "…"
"""The page says beside it what the dots mean."""
blueprint = Blueprint("docs", __name__, template_folder="templates")


@blueprint.get("/docs")
@anyone
def docs() -> ResponseReturnValue:
    """Show how a forum asks."""
    answer: Any = current_app.ensure_sync(current_app.view_functions[_DOCUMENT])()
    base = house().settings.public_url
    return render_template("pdp/docs.html", routes=list(routes_of(answer.json)), base=base)


@blueprint.get("/platforms/agreement")
@anyone
def agreement() -> ResponseReturnValue:
    """Show what a forum and whoever runs the service promise each other."""
    told = house().settings.public.told
    parts = paper(AGREEMENT, told, missing=_MISSING)
    return render_template("pdp/agreement.html", parts=parts, is_open=bool(open_in(AGREEMENT, told)))
