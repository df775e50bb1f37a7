"""How identity is built into the app: one call in `create_app`."""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Flask

from governance.errors import GovernanceError
from governance.identity import web
from governance.identity.clients import api
from governance.identity.clients.oauth_server import TokenServer
from governance.identity.clients.remembered import RememberedTokens
from governance.identity.current import REMEMBERED_TOKENS
from governance.identity.doors import RETURN_ROUTES
from governance.identity.errors import (
    AccountConflictError,
    BadAccountIdError,
    BadPinError,
    BadStaffError,
    ForumProvesError,
    InvalidTokenError,
    LinkSpentError,
    NoProviderError,
    NotProvedError,
    PasskeyFailedError,
    PasskeyNotFoundError,
    PinLockedError,
    PlatformNotFoundError,
    ProofFailedError,
    SessionNotFoundError,
    StaffNotFoundError,
    TooManyPasskeysError,
)
from governance.identity.links import api as link_api
from governance.identity.links import web as link_web
from governance.identity.oidc.provider import Providers
from governance.identity.oidc.returning import ReturnRoutes
from governance.identity.oidc.signing_in import PROVIDERS
from governance.identity.proofs import passkey_web
from governance.identity.proofs import web as proof_web
from governance.identity.sessions import csrf
from governance.identity.sessions import web as own_sessions_web
from governance.identity.sessions.browser import DatabaseSessions, refuse_unread
from governance.identity.staff import web as staff_web
from governance.ui.house import house
from governance.ui.problems import register_status

_STATUSES: Final[Mapping[type[GovernanceError], HTTPStatus]] = {
    PlatformNotFoundError: HTTPStatus.NOT_FOUND,
    BadAccountIdError: HTTPStatus.BAD_REQUEST,
    BadPinError: HTTPStatus.BAD_REQUEST,
    BadStaffError: HTTPStatus.BAD_REQUEST,
    ForumProvesError: HTTPStatus.NOT_FOUND,
    LinkSpentError: HTTPStatus.GONE,
    NoProviderError: HTTPStatus.NOT_FOUND,
    NotProvedError: HTTPStatus.FORBIDDEN,
    PasskeyFailedError: HTTPStatus.BAD_REQUEST,
    PasskeyNotFoundError: HTTPStatus.NOT_FOUND,
    PinLockedError: HTTPStatus.TOO_MANY_REQUESTS,
    SessionNotFoundError: HTTPStatus.NOT_FOUND,
    StaffNotFoundError: HTTPStatus.NOT_FOUND,
    AccountConflictError: HTTPStatus.CONFLICT,
    TooManyPasskeysError: HTTPStatus.CONFLICT,
    InvalidTokenError: HTTPStatus.UNAUTHORIZED,
    ProofFailedError: HTTPStatus.BAD_REQUEST,
    csrf.FormExpiredError: HTTPStatus.BAD_REQUEST,
}

_OWN_PAGES: Final = frozenset({"own_sessions.shown", "passkeys.shown", "passkeys.new", "proof.how"})
"""Where somebody may go after signing in, or after proving who they are."""

_PAGES: Final = (
    web.blueprint,
    link_web.blueprint,
    own_sessions_web.blueprint,
    passkey_web.blueprint,
    proof_web.blueprint,
    staff_web.blueprint,
)


def init_identity(
    app: Flask, *, home: str, returns: Iterable[str] = (), bearer_doors: Iterable[Blueprint] = ()
) -> None:
    """Give a furnished app its sessions, forms' protection, sign-in and token server.

    `home` and `returns` are endpoints without arguments where a person may go after signing in;
    `bearer_doors` are blueprints whose every route is behind `platform_required`. `api.blueprint` is registered by
    the app, with the other doors that the OpenAPI document describes.
    """
    # At DEBUG Authlib writes PKCE verifiers and access tokens to the log.
    logging.getLogger("authlib").setLevel(logging.INFO)
    for error, status in _STATUSES.items():
        register_status(error.code, status)
    with app.app_context():
        app.extensions[api.TOKEN_SERVER] = TokenServer(house().settings.public_url)
    app.extensions[REMEMBERED_TOKENS] = RememberedTokens()
    app.extensions[PROVIDERS] = Providers()
    app.extensions[RETURN_ROUTES] = ReturnRoutes(home, _OWN_PAGES.union(returns))
    app.session_interface = DatabaseSessions()
    # Before the look at a form's token, which would send somebody back to a form that is as it should be.
    app.before_request(refuse_unread)
    csrf.protect_forms(app)
    csrf.exempt(app, link_api.blueprint, *bearer_doors)
    for page in _PAGES:
        app.register_blueprint(page)
