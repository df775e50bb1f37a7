"""Where all rooms meet: `create_app` builds the one Flask app from settings."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from flask import Flask, current_app, has_app_context
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from governance.config import Settings
from governance.db.base import Base
from governance.db.engine import prepare
from governance.db.extension import db, guard_readers, reading, tell_sessions
from governance.db.migrate import prepare_migrations
from governance.doors import open_doors
from governance.effective.kept import InForceReader
from governance.feed.webhooks.service import Announcer
from governance.fhir.outcomes import answer_errors_in_fhir
from governance.handed import hand_over
from governance.ledger.commits import OUTSIDE
from governance.ledger.decisions.buffer import DecisionBuffer
from governance.ledger.decisions.service import Noted, write
from governance.ledger.guard import Guard
from governance.ledger.hints import HINTS
from governance.ledger.outside import Outside
from governance.pdp import operations
from governance.pdp.fast import FastPath
from governance.pdp.in_force import keep_in_force
from governance.pdp.log import keep_decisions
from governance.pdp.probing.wiring import open_watch, sharing_of
from governance.tables import TABLES
from governance.ui.headers import add_security_headers
from governance.ui.house import furnish, house
from governance.ui.pages import set_up_pages
from governance.ui.problems import answer_errors
from governance.ui.requests import InMemory
from governance.work import open_outbox

_LARGEST_BODY = 256 * 1024


def create_app(settings: Settings) -> Flask:
    """Build the app. Everything it needs comes in by `settings`; importing has no effect."""
    app = Flask("governance", static_folder="ui/static", template_folder="ui/templates")
    app.request_class = InMemory
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=_LARGEST_BODY,
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    # Merged, `a//b` would lead a forum from one community to another one.
    app.url_map.merge_slashes = False
    furnish(app, settings)
    _open_operations(app, settings)
    _open_database(app, settings)
    _open_log(app)
    open_watch(app)
    hand_over(app, settings)
    open_outbox(app, settings)
    add_security_headers(app)
    answer_errors(app)
    answer_errors_in_fhir(app)
    set_up_pages(app)
    open_doors(app)
    app.wsgi_app = FastPath(app, app.wsgi_app)  # type: ignore[method-assign]
    return app


def _open_operations(app: Flask, settings: Settings) -> None:
    limits = settings.limits
    if limits.proxies:
        # Of what proxies say only the address counts: our own name comes from the settings.
        app.wsgi_app = ProxyFix(app.wsgi_app, limits.proxies, 0, 0, 0, 0)  # type: ignore[method-assign]
    operations.watch_requests(app, write_log=limits.access_log)
    operations.limit_requests(app, limits)


def _open_database(app: Flask, settings: Settings) -> None:
    missing = {table.__tablename__ for table in TABLES} ^ Base.metadata.tables.keys()
    if missing:
        raise RuntimeError("`governance.tables` must name every table")
    db.init_app(app)
    outside = None if settings.outside is None else Outside(settings.outside)
    with app.app_context():
        tell_sessions(app, {OUTSIDE: outside, HINTS: Announcer(house().keyring)})
    prepare_migrations(app)
    with app.app_context():
        prepare(db.engine)
        guard = None
        if outside is not None:
            guard = Guard(house().keyring, outside, db.engine)
            guard_readers(app, guard)
        keep_in_force(app, InForceReader(_reading_in(app), house().keyring, guard))


def _reading_in(app: Flask) -> Callable[[], AbstractContextManager[Session]]:
    @contextmanager
    def reading_here() -> Iterator[Session]:
        """Read outside a request, too: the fast path has none. Inside one a second context would hide the caller."""
        inside = has_app_context() and current_app.extensions is app.extensions
        with nullcontext() if inside else app.app_context(), reading() as session:
            yield session

    return reading_here


def _open_log(app: Flask) -> None:
    with app.app_context():
        engine, keyring = db.engine, house().keyring

    def write_group(group: Sequence[Noted]) -> None:
        with Session(engine) as session, session.begin():
            write(session, keyring, group)

    keep_decisions(app, DecisionBuffer(write_group, after=sharing_of(app, engine, keyring)))
