"""How identity is built into the app: one call in `create_app`."""

import logging
from collections.abc import Iterable
from http import HTTPStatus

from flask import Blueprint, Flask

from governance.identity import api, csrf, staff_web, web
from governance.identity.browser import DatabaseSessions
from governance.identity.current import REMEMBERED_TOKENS
from governance.identity.errors import (
    AccountConflictError,
    BadAccountIdError,
    BadStaffError,
    InvalidTokenError,
    PlatformNotFoundError,
    StaffNotFoundError,
)
from governance.identity.oauth_server import TokenServer
from governance.identity.provider import Providers
from governance.identity.remembered import RememberedTokens
from governance.identity.returning import ReturnRoutes
from governance.ui.house import house
from governance.ui.problems import register_status

_STATUSES = {
    PlatformNotFoundError: HTTPStatus.NOT_FOUND,
    BadAccountIdError: HTTPStatus.BAD_REQUEST,
    BadStaffError: HTTPStatus.BAD_REQUEST,
    StaffNotFoundError: HTTPStatus.NOT_FOUND,
    AccountConflictError: HTTPStatus.CONFLICT,
    InvalidTokenError: HTTPStatus.UNAUTHORIZED,
    csrf.FormExpiredError: HTTPStatus.BAD_REQUEST,
}


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
    app.extensions[web.PROVIDERS] = Providers()
    app.extensions[web.RETURN_ROUTES] = ReturnRoutes(home, frozenset(returns))
    app.session_interface = DatabaseSessions()
    csrf.protect_forms(app)
    csrf.exempt(app, api.blueprint, *bearer_doors)
    app.register_blueprint(web.blueprint)
    app.register_blueprint(staff_web.blueprint)
