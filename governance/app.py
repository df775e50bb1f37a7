"""Where all rooms meet: `create_app` builds the one Flask app from settings."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final
from uuid import UUID

import structlog
from flask import Flask, current_app, has_app_context
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from governance.backup.stricter import stricter
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
from governance.decision.vocabulary import Instant
from governance.disclosure import web as disclosure
from governance.disclosure.jobs import KEEP, carry_out_handler, keep_handler
from governance.disclosure.rollout import CARRY_OUT
from governance.disclosure.service import current_acknowledgement, seen
from governance.disclosure.told import web as told
from governance.effective.audit import RowAudit
from governance.effective.errors import BrokenRowError
from governance.effective.kept import InForceReader
from governance.fhir import api as fhir_api
from governance.fhir.export import full_export
from governance.fhir.outcomes import answer_errors_in_fhir
from governance.holdings import HOLDINGS
from governance.identity.arrivals import SIGNED_IN
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
from governance.optout.parting import forget_since, stop_waiting
from governance.optout.receipt_record import Notice
from governance.optout.receipts import Receipts
from governance.optout.restored import catch_up
from governance.optout.service import hide
from governance.optout.waiting import KIND as LOOSENING
from governance.optout.wish_desk import WishDesk
from governance.patients.ages import api as ages
from governance.patients.contact.jobs import KIND as CONTACT
from governance.patients.contact.jobs import contact_handler
from governance.patients.contact.notices import Kind, notify
from governance.patients.erasing.jobs import KIND as ERASING
from governance.patients.erasing.jobs import erasing_handler
from governance.patients.forums.handed import HANDS
from governance.patients.forums.hands import Hands
from governance.patients.forums.yes import KIND as YES
from governance.patients.forums.yes import yes_handler
from governance.patients.guardians import web as guardian
from governance.patients.guardians.hearings import OVERDUE
from governance.patients.guardians.jobs import overdue_handler
from governance.patients.guardians.own import web as guardians
from governance.patients.guardians.wishes import WISHES
from governance.patients.service import find_patient
from governance.pdp import api as pdp_api
from governance.pdp import operations
from governance.pdp import web as docs
from governance.pdp.accounts import api as pdp_accounts
from governance.pdp.fast import FastPath
from governance.pdp.in_force import keep_in_force
from governance.pdp.log import keep_decisions
from governance.policy import api as policy_api
from governance.policy.current import policies
from governance.portal import (
    changes,
    coming_of_age,
    contact,
    could_have_seen,
    erasing,
    export,
    forums,
    forums_yes,
    hide_codes,
    leaving,
    privacy,
    put_right,
    records,
    see_as,
)
from governance.portal import web as portal
from governance.tables import TABLES
from governance.ui.api import describe
from governance.ui.clock import now
from governance.ui.headers import add_security_headers
from governance.ui.house import furnish, house
from governance.ui.mail import Mailer
from governance.ui.pages import set_up_pages
from governance.ui.problems import answer_errors

_DAILY: Final = (FORGET, VERIFY, CONDUCT_RULES, KEEP)
_log = structlog.get_logger()
_LARGEST_BODY = 256 * 1024
_FOR_PLATFORMS = (
    identity_api.blueprint,
    ages.blueprint,
    pdp_api.blueprint,
    pdp_accounts.blueprint,
    policy_api.blueprint,
    fhir_api.blueprint,
    operations.blueprint,
)
_OF_PROFESSIONALS = (conduct.blueprint, joining.blueprint, rules.blueprint, desk.blueprint)
_FOR_PEOPLE = (
    docs.blueprint,
    portal.blueprint,
    changes.blueprint,
    coming_of_age.blueprint,
    records.blueprint,
    see_as.blueprint,
    could_have_seen.blueprint,
    contact.blueprint,
    erasing.blueprint,
    export.blueprint,
    leaving.blueprint,
    privacy.blueprint,
    put_right.blueprint,
    forums.blueprint,
    forums_yes.blueprint,
    hide_codes.blueprint,
    hide_codes.public,
    disclosure.blueprint,
    told.blueprint,
    optout.blueprint,
    web_more.blueprint,
    guardian.blueprint,
    guardians.blueprint,
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
    "contact.change",
    "contact.shown",
    "erasing.confirm",
    "erasing.explained",
    "export.offered",
    "export.ready",
    "put_right.ask",
    "put_right.ask_for_all",
    "guardian.home",
    "guardians.mine",
    "changes.waiting",
    "records.history",
    "records.receipts",
    "see_as.choose",
    "could_have_seen.shown",
    "forums.shown",
    "forums.new_code",
    "forums.type_code",
    "forums.confirm",
    "forums.come_back",
    "forums_yes.ask",
    "hide_codes.shown",
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
    app.extensions[HANDS] = Hands(stricter, stop_waiting, catch_up, hide, forget_since)
    _open_outbox(app, settings)
    add_security_headers(app)
    answer_errors(app)
    answer_errors_in_fhir(app)
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
    app.extensions[WISHES] = WishDesk()
    api = describe(app)
    for blueprint in _FOR_PLATFORMS:
        api.register_blueprint(blueprint)
    for page in _FOR_PEOPLE:
        app.register_blueprint(page)
    # A page for whoever holds a printed code needs no cookie, and nothing that another site could misuse.
    doors = (*_FOR_PLATFORMS, hide_codes.public)
    init_identity(app, home="portal.my", returns=_MAY_RETURN_TO, bearer_doors=doors)
    app.extensions[SIGNED_IN] = _note_seen


def _note_seen(session: Session, account_id: UUID, at: Instant) -> None:
    patient = find_patient(session, account_id)
    if patient is None:
        return
    try:
        seen(session, house().keyring, patient.id, at)
    except BrokenRowError:
        # Whoever's row was changed by another hand must still get in: to say no, and to see it mended.
        _log.critical("broken_row", kind="patient")


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
    app.extensions[export.IN_FHIR] = full_export
    app.extensions[identity_api.FURTHER_KEYS] = [receipts.public_key()]


def _tell_of_an_end(session: Session, patient_id: UUID, at: Instant) -> None:
    notify(session, house().keyring, patient_id, Kind.REFUSAL_ENDS, at)


def _open_outbox(app: Flask, settings: Settings) -> None:
    with app.app_context():
        engine, keyring = db.engine, house().keyring
    handlers: dict[str, Handler] = {
        MAIL: mail_handler(None if settings.mail is None else Mailer(settings.mail), keyring, now),
        FORGET: forget_handler(keyring, now),
        CONDUCT_RULES: rules_handler(keyring, now, lambda: policies().conduct),
        CONTACT: contact_handler(keyring, now),
        ERASING: erasing_handler(keyring, now, HOLDINGS),
        KEEP: keep_handler(keyring, now, lambda: [*policies().records.values()]),
        CARRY_OUT: carry_out_handler(keyring, now),
        OVERDUE: overdue_handler(),
        YES: yes_handler(keyring, now),
        LOOSENING: loosening_handler(keyring, now, app.extensions[RECEIPTS].give),
        REFUSAL_ENDS: reminding_handler(keyring, now, _tell_of_an_end),
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
    init_outbox(
        app, handlers, [Recurring(ERASING, HOUR), *(Recurring(kind, 24 * HOUR) for kind in _DAILY if kind in handlers)]
    )
