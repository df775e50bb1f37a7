"""Doors for platforms: tokens, the keys to check them, and what this server offers."""

from http import HTTPStatus
from typing import Final

from flask import Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from governance.identity.access import anyone
from governance.identity.clients.assertions import ALGORITHMS, TYPE
from governance.identity.clients.oauth_server import AUTH_METHODS, GRANT, TokenServer, signing_keys
from governance.identity.permissions import PERMISSIONS
from governance.ui.api import Blueprint
from governance.ui.house import house

FURTHER_KEYS: Final = "governance.further_keys"
"""Public keys (JWK) of other rooms, which check what they sign; never a token."""
TOKEN_SERVER: Final = "governance.token_server"  # noqa: S105 - a name, no secret
blueprint = Blueprint("oauth", __name__, description="Tokens for platforms")


class AccessToken(Schema):
    """A token (RFC 6749, section 5.1)."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True, metadata={"example": "Bearer"})
    expires_in = fields.Integer(required=True, metadata={"description": "seconds", "example": 600})
    scope = fields.String(required=True, metadata={"example": "decisions:evaluate"})


class TokenError(Schema):
    """Why there is no token (RFC 6749, section 5.2)."""

    error = fields.String(required=True, metadata={"example": "invalid_client"})
    error_description = fields.String()


_FORM: Final = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"const": GRANT},
        "scope": {"type": "string", "description": "separated by spaces; all of the client's if left out"},
        "client_assertion_type": {"const": TYPE},
        "client_assertion": {"type": "string", "description": "instead of a secret: signed with the client's key"},
    },
}
_IN: Final = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": _FORM}}}


@blueprint.post("/oauth/token")
@blueprint.doc(requestBody=_IN)
@blueprint.response(HTTPStatus.OK, AccessToken)
@blueprint.alt_response(HTTPStatus.BAD_REQUEST, schema=TokenError)
@blueprint.alt_response(HTTPStatus.UNAUTHORIZED, schema=TokenError)
@anyone
def token() -> ResponseReturnValue:
    """Give a platform an access token for its client id and secret (RFC 6749, section 4.4)."""
    server: TokenServer = current_app.extensions[TOKEN_SERVER]
    response: Response = server.create_token_response()
    return response


@blueprint.get("/.well-known/jwks.json")
@blueprint.response(HTTPStatus.OK)
@anyone
def keys() -> ResponseReturnValue:
    """Return the public keys that check our tokens, and whatever else is signed here (RFC 7517)."""
    ours = signing_keys().as_dict(private=False)["keys"]
    return jsonify(keys=[*ours, *current_app.extensions.get(FURTHER_KEYS, [])])


@blueprint.get("/.well-known/oauth-authorization-server")
@blueprint.response(HTTPStatus.OK)
@anyone
def metadata() -> ResponseReturnValue:
    """Return what this authorization server offers (RFC 8414); addresses are the configured ones."""
    public_url = house().settings.public_url
    return jsonify(
        issuer=public_url,
        token_endpoint=f"{public_url}/oauth/token",
        jwks_uri=f"{public_url}/.well-known/jwks.json",
        scopes_supported=[str(scope) for scope in PERMISSIONS],
        # REQUIRED by RFC 8414, section 2, and empty: no grant of ours answers at an authorization endpoint.
        response_types_supported=[],
        grant_types_supported=[GRANT],
        token_endpoint_auth_methods_supported=list(AUTH_METHODS),
        token_endpoint_auth_signing_alg_values_supported=ALGORITHMS,
    )
