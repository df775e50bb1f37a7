"""Where all rooms meet: `create_app` builds the one Flask app from settings."""

from flask import Flask

from governance.config import Settings
from governance.db.base import Base
from governance.db.engine import prepare
from governance.db.extension import db
from governance.db.migrate import prepare_migrations
from governance.tables import TABLES
from governance.ui.headers import add_security_headers
from governance.ui.house import furnish
from governance.ui.problems import answer_errors

_LARGEST_BODY = 256 * 1024


def create_app(settings: Settings) -> Flask:
    """Build the app. Everything it needs comes in by `settings`; importing has no effect."""
    app = Flask("governance", static_folder="ui/static", template_folder="ui/templates")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        MAX_CONTENT_LENGTH=_LARGEST_BODY,
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    furnish(app, settings)
    _open_database(app)
    add_security_headers(app)
    answer_errors(app)
    return app


def _open_database(app: Flask) -> None:
    missing = {table.__tablename__ for table in TABLES} ^ Base.metadata.tables.keys()
    if missing:
        raise RuntimeError("`governance.tables` must name every table")
    db.init_app(app)
    prepare_migrations(app)
    with app.app_context():
        prepare(db.engine)
