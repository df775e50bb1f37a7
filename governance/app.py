"""Where all rooms meet: `create_app` builds the one Flask app from settings."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final
from uuid import UUID

from flask import Flask, current_app, has_app_context
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from governance.conduct import web as conduct
from governance.conduct.desk import web as desk
from governance.conduct.jobs import KIND as CONDUCT_RULES
from governance.conduct.jobs import rules_handler
from governance.conduct.joining import web as joining
from governance.conduct.rules import web as rules
from governance.config import Settings
from governance.db.base import Base
from governance.db.engine import prepare
from governance.db.extension import db, guard_readers, reading, tell_sessions
from governance.db.migrate import prepare_migrations
from governance.disclosure import web as disclosure
from governance.disclosure.service import current_acknowledgement
from governance.effective.audit import RowAudit
from governance.effective.kept import InForceReader
from governance.identity.clients import api as identity_api
from governance.identity.wiring import init_identity
from governance.ledger.commits import OUTSIDE
from governance.ledger.decisions.buffer import DecisionBuffer
from governance.ledger.decisions.jobs import FORGET, forget_handler
from governance.ledger.decisions.service import Noted, write
from governance.ledger.guard import Guard
from governance.ledger.outbox.backoff import HOUR
from governance.ledger.outbox.handlers import Handler, Recurring
from governance.ledger.outbox.mailing import MAIL, mail_handler
from governance.ledger.outbox.wiring import init_outbox
from governance.ledger.outside import Outside
from governance.ledger.upkeep import VERIFY, Ledger, verify_handler
from governance.optout import web as optout
from governance.optout import web_more
from governance.optout.browser import RECEIPTS
from governance.optout.jobs import loosening_handler, reminding_handler
from governance.optout.own import switches
from governance.optout.own import web as own_rules
from governance.optout.own.reminders import KIND as REFUSAL_ENDS
from governance.optout.receipt_record import Notice
from governance.optout.receipts import Receipts
from governance.optout.waiting import KIND as LOOSENING
from governance.pdp import api as pdp_api
from governance.pdp import operations
from governance.pdp import web as docs
from governance.pdp.fast import FastPath
from governance.pdp.in_force import keep_in_force
from governance.pdp.log import keep_decisions
from governance.policy.current import policies
from governance.portal import changes, records, see_as
from governance.portal import web as portal
from governance.tables import TABLES
from governance.ui.api import describe
from governance.ui.clock import now
from governance.ui.headers import add_security_headers
from governance.ui.house import furnish, house
from governance.ui.mail import Mailer
from governance.ui.pages import set_up_pages
from governance.ui.problems import answer_errors

_DAILY: Final = (FORGET, VERIFY, CONDUCT_RULES)
_LARGEST_BODY = 256 * 1024
_FOR_PLATFORMS = (identity_api.blueprint, pdp_api.blueprint, operations.blueprint)
_OF_PROFESSIONALS = (conduct.blueprint, joining.blueprint, rules.blueprint, desk.blueprint)
_FOR_PEOPLE = (
    docs.blueprint,
    portal.blueprint,
    changes.blueprint,
    records.blueprint,
    see_as.blueprint,
    disclosure.blueprint,
    optout.blueprint,
    web_more.blueprint,
    own_rules.blueprint,
    switches.blueprint,
    *_OF_PROFESSIONALS,
)
_MAY_RETURN_TO = (
    "portal.choices",
    "disclosure.must_knows",
    "optout.care_team",
    "optout.check",
    "changes.show_again",
    "changes.waiting",
    "records.history",
    "records.receipts",
    "see_as.choose",
    "conduct.home",
    "joining.check",
)
"""Where somebody may go after signing in: names of routes, never an address out of a request."""


def create_app(settings: Settings) -> Flask:
    """Build the app. Everything it needs comes in by `settings`; importing has no effect."""
    app = Flask("governance", static_folder="ui/static", template_folder="ui/templates")
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
    _open_receipts(app, settings)
    _open_outbox(app, settings)
    add_security_headers(app)
    answer_errors(app)
    set_up_pages(app)
    _open_doors(app)
    app.wsgi_app = FastPath(app, app.wsgi_app)  # type: ignore[method-assign]
    return app


def _open_operations(app: Flask, settings: Settings) -> None:
    limits = settings.limits
    if limits.proxies:
        # Of what proxies say only the address counts: our own name comes from the settings.
        app.wsgi_app = ProxyFix(app.wsgi_app, limits.proxies, 0, 0, 0, 0)  # type: ignore[method-assign]
    operations.watch_requests(app, write_log=limits.access_log)
    operations.limit_requests(app, limits)


def _open_doors(app: Flask) -> None:
    api = describe(app)
    for blueprint in _FOR_PLATFORMS:
        api.register_blueprint(blueprint)
    for page in _FOR_PEOPLE:
        app.register_blueprint(page)
    init_identity(app, home="portal.my", returns=_MAY_RETURN_TO, bearer_doors=_FOR_PLATFORMS)


def _open_database(app: Flask, settings: Settings) -> None:
    missing = {table.__tablename__ for table in TABLES} ^ Base.metadata.tables.keys()
    if missing:
        raise RuntimeError("`governance.tables` must name every table")
    db.init_app(app)
    outside = None if settings.outside is None else Outside(settings.outside)
    tell_sessions(app, {OUTSIDE: outside})
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

    keep_decisions(app, DecisionBuffer(write_group))


def _open_receipts(app: Flask, settings: Settings) -> None:
    def notice_of(session: Session, patient_id: UUID) -> Notice | None:
        told = current_acknowledgement(session, patient_id)
        return None if told is None else Notice(told.version, told.language, told.variant, told.text_sha256)

    with app.app_context():
        receipts = Receipts(house().keyring, settings.public_url, notice_of)
    app.extensions[RECEIPTS] = receipts
    app.extensions[identity_api.FURTHER_KEYS] = [receipts.public_key()]


def _open_outbox(app: Flask, settings: Settings) -> None:
    with app.app_context():
        engine, keyring = db.engine, house().keyring
    handlers: dict[str, Handler] = {
        MAIL: mail_handler(None if settings.mail is None else Mailer(settings.mail), keyring, now),
        FORGET: forget_handler(keyring, now),
        CONDUCT_RULES: rules_handler(keyring, now, lambda: policies().conduct),
        LOOSENING: loosening_handler(keyring, now, app.extensions[RECEIPTS].give),
        # Nobody has a safe contact yet: until then the patient's page alone reminds.
        REFUSAL_ENDS: reminding_handler(keyring, now, None),
    }

    @contextmanager
    def reading_anything() -> Iterator[Session]:
        """Read a damaged ledger too, which `reading` would refuse to."""
        with Session(engine) as session:
            session.connection(execution_options={"read_only": True})
            yield session

    if settings.outside is not None:
        ledger = Ledger(reading_anything, keyring, Outside(settings.outside))
        handlers[VERIFY] = verify_handler(ledger, lambda: [RowAudit(keyring)])
    init_outbox(app, handlers, [Recurring(kind, 24 * HOUR) for kind in _DAILY if kind in handlers])
