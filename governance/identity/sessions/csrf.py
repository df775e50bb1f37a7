"""Forms that only our own pages may send: Flask-WTF's token, kept in the session on the server."""

from typing import NoReturn

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect

from governance.errors import GovernanceError
from governance.ui.house import house


class FormExpiredError(GovernanceError):
    """A form came without the token that its page held, or after the session ended."""

    code = "form_expired"


class _FormProtection(CSRFProtect):  # type: ignore[misc]  # Flask-WTF carries no types
    def _error_response(self, reason: str) -> NoReturn:
        """Say what to do, the same for every reason."""
        del reason
        raise FormExpiredError("this page was open too long, nothing was changed; please go back and send it again")


def protect_forms(app: Flask) -> None:
    """Refuse every POST, PUT, PATCH and DELETE without the token of the browser's own session."""
    with app.app_context():
        app.config["WTF_CSRF_SECRET_KEY"] = house().keyring.derive("csrf")
    # The token lasts as long as the session: who reads slowly must not lose what they filled in.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # Our pages send no Referer on purpose; the token and the `__Host-` cookie do the work.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    _FormProtection(app)


def exempt(app: Flask, *blueprints: Blueprint) -> None:
    """Let doors through that take a platform's token and never look at a cookie."""
    for blueprint in blueprints:
        app.extensions["csrf"].exempt(blueprint)
