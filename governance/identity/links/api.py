"""The door where a forum that is no provider asks for a link for one of its members."""

from http import HTTPStatus
from typing import Any

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, fields

from governance.db.extension import transaction
from governance.errors import BadInputError
from governance.identity.clients.api import blueprint as blueprint  # noqa: PLC0414 - one set of doors for platforms
from governance.identity.current import current_platform, platform_required
from governance.identity.doors import return_routes
from governance.identity.links.service import LIFETIME, make_link
from governance.ui.api import needs
from governance.ui.clock import now
from governance.ui.house import house


class WantedLink(Schema):
    """Whom to bring here, and to which page."""

    class Meta:
        """marshmallow's options."""

        unknown = RAISE

    account = fields.String(required=True, metadata={"description": "the member who asked", "example": "ana"})
    wanted = fields.String(
        data_key="return", metadata={"description": "one of our pages for members", "example": "/my/choices"}
    )


class MadeLink(Schema):
    """A link for one person and one use."""

    link = fields.String(required=True, metadata={"example": "https://say.example/link?token=..."})
    expires_in = fields.Integer(required=True, metadata={"description": "seconds", "example": 600})


@blueprint.post("/v1/link-tokens")
@blueprint.doc(security=needs("links:write"))
@platform_required("links:write")
@blueprint.arguments(WantedLink)
@blueprint.response(HTTPStatus.CREATED, MadeLink)
def make(wanted: dict[str, Any]) -> ResponseReturnValue:
    """Make a link that brings one member here, signed in as the account you name; redirect their browser to it.

    It works once, within 10 minutes, and only after the member confirmed who they are. Make it when the member
    presses your button, never to put it into a mail or a page.
    """
    with transaction() as session:
        who = (wanted["account"], _endpoint_of(wanted.get("wanted")))
        token = make_link(session, house().keyring, current_platform().platform_id, who, now=now())
    answer = jsonify(link=f"{house().settings.public_url}/link?token={token}", expires_in=LIFETIME // 1_000_000)
    answer.status_code = HTTPStatus.CREATED
    return answer


def _endpoint_of(path: str | None) -> str:
    routes = return_routes()
    if path is None:
        return routes.home
    for rule in current_app.url_map.iter_rules():
        if rule.rule == path and not rule.arguments and routes.allowed(rule.endpoint) == rule.endpoint:
            return str(rule.endpoint)
    raise BadInputError("`return` must be a page of ours for members, such as `/my/choices`; or leave it out")
