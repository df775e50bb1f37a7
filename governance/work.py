"""Work for later: which handler does which kind of job, and what comes round by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from governance.conduct.due.jobs import KIND as CONDUCT_LOOKS
from governance.conduct.due.jobs import looks_handler
from governance.conduct.due.policy import ahead_in_force
from governance.conduct.feeds.asking import Source, sources_of
from governance.conduct.feeds.jobs import KIND as LOOK_UPS
from governance.conduct.feeds.jobs import look_ups_handler
from governance.conduct.jobs import KIND as CONDUCT_RULES
from governance.conduct.jobs import rules_handler
from governance.conduct.messaging.jobs import LOOK as WHO_CAN_WRITE
from governance.conduct.messaging.jobs import held_handler, look_handler, tell_handler
from governance.conduct.messaging.service import TELL as MESSAGING_PAUSED
from governance.config import Settings
from governance.crypto.keys import Keyring
from governance.db.extension import db
from governance.decision.vocabulary import Instant
from governance.disclosure.jobs import KEEP, carry_out_handler, keep_handler
from governance.disclosure.reminding import REMIND
from governance.disclosure.reminding import reminding_handler as yearly_handler
from governance.disclosure.rollout import CARRY_OUT
from governance.effective.audit import RowAudit
from governance.effective.life.jobs import KIND as WALKS_OWED
from governance.effective.life.jobs import walks_handler
from governance.effective.life.keeping import KIND as PROBES_KEPT
from governance.effective.life.keeping import keeping_handler as probes_handler
from governance.effective.life.service import HELD as FORUM_HELD
from governance.feed.webhooks.delivering import Postman
from governance.feed.webhooks.jobs import UPKEEP as WEBHOOKS_KEPT
from governance.feed.webhooks.jobs import delivering_handler, upkeep_handler
from governance.feed.webhooks.sending import Sender
from governance.feed.webhooks.service import KIND as WEBHOOK
from governance.holdings import HOLDINGS
from governance.ledger.decisions.jobs import FORGET, forget_handler
from governance.ledger.outbox.backoff import HOUR
from governance.ledger.outbox.handlers import Handler, Recurring
from governance.ledger.outbox.mailing import MAIL, mail_handler
from governance.ledger.outbox.wiring import init_outbox
from governance.ledger.outside import Outside
from governance.ledger.upkeep import VERIFY, Ledger, verify_handler
from governance.optout.browser import RECEIPTS
from governance.optout.jobs import loosening_handler, reminding_handler
from governance.optout.own.reminders import KIND as REFUSAL_ENDS
from governance.optout.waiting import KIND as LOOSENING
from governance.patients.contact.jobs import KIND as CONTACT
from governance.patients.contact.jobs import contact_handler
from governance.patients.contact.notices import Kind, notify
from governance.patients.erasing.jobs import KIND as ERASING
from governance.patients.erasing.jobs import erasing_handler
from governance.patients.forums.yes import KIND as YES
from governance.patients.forums.yes import yes_handler
from governance.patients.guardians.hearings import OVERDUE
from governance.patients.guardians.jobs import overdue_handler
from governance.pdp.probing.counting import KIND as PROBING
from governance.pdp.probing.counting import Reading, counting_handler
from governance.policy.current import policies
from governance.reporting.clocks.holding import kept_since
from governance.reporting.clocks.jobs import DESK as CASES
from governance.reporting.clocks.jobs import LEDGER as CASES_ENTERED
from governance.reporting.clocks.jobs import MINUTE, Pager, desk_handler
from governance.reporting.clocks.jobs import entering_handler as events_handler
from governance.reporting.evidence.jobs import KIND as REPORT_PICTURES
from governance.reporting.evidence.jobs import pictures_handler
from governance.reporting.keeping.jobs import KIND as REPORTS_ENTERED
from governance.reporting.keeping.jobs import entering_handler
from governance.reporting.numbers.jobs import KIND as FIGURES
from governance.reporting.numbers.jobs import publishing_handler
from governance.reporting.retention.jobs import KIND as REPORTS_KEPT
from governance.reporting.retention.jobs import keeping_handler
from governance.reporting.vaults.jobs import KIND as READERS
from governance.reporting.vaults.jobs import watching_handler
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.mail import Mailer

_HOURLY: Final = (
    ERASING,
    CONDUCT_LOOKS,
    LOOK_UPS,
    WHO_CAN_WRITE,
    PROBING,
    READERS,
    REPORT_PICTURES,
    REPORTS_KEPT,
    WEBHOOKS_KEPT,
    WALKS_OWED,
)
_DAILY: Final = (FORGET, VERIFY, CONDUCT_RULES, KEEP, REMIND, REPORTS_ENTERED, CASES_ENTERED, FIGURES, PROBES_KEPT)


def open_outbox(app: Flask, settings: Settings) -> None:
    """Tell an app's worker what to do; receipts must be open by then."""
    with app.app_context():
        engine, keyring = db.engine, house().keyring
    reading = partial(_reading_anything, engine)
    handlers: dict[str, Handler] = {
        MAIL: mail_handler(None if settings.mail is None else Mailer(settings.mail), keyring, now),
        FORGET: forget_handler(keyring, now, kept_since),
        **_about_professionals(keyring, reading, _sources(settings)),
        CONTACT: contact_handler(keyring, now),
        ERASING: erasing_handler(keyring, now, HOLDINGS),
        KEEP: keep_handler(keyring, now, lambda: [*policies().records.values()]),
        REMIND: yearly_handler(keyring, now, lambda: policies().disclosure.record),
        CARRY_OUT: carry_out_handler(keyring, now),
        OVERDUE: overdue_handler(),
        YES: yes_handler(keyring, now),
        LOOSENING: loosening_handler(keyring, now, app.extensions[RECEIPTS].give),
        REFUSAL_ENDS: reminding_handler(keyring, now, _tell_of_an_end),
        **_about_reports(keyring, reading),
        **_about_cases(keyring, Pager((settings.mail and settings.mail.desk) or None)),
        **_about_forums(engine, keyring, settings),
    }
    if settings.outside is not None:
        ledger = Ledger(reading, keyring, Outside(settings.outside))
        handlers[VERIFY] = verify_handler(ledger, lambda: [RowAudit(keyring)])
    hourly = (Recurring(kind, HOUR) for kind in _HOURLY)
    daily = (Recurring(kind, 24 * HOUR) for kind in _DAILY if kind in handlers)
    init_outbox(app, handlers, [Recurring(CASES, MINUTE), *hourly, *daily])


def _about_professionals(keyring: Keyring, reading: Reading, sources: list[Source]) -> dict[str, Handler]:
    return {
        # With nobody to ask it does nothing: a kind that nobody does would be an alarm.
        LOOK_UPS: look_ups_handler(reading, keyring, now, sources, lambda: policies().conduct.recheck_feed_days),
        CONDUCT_RULES: rules_handler(keyring, now, lambda: policies().conduct),
        CONDUCT_LOOKS: looks_handler(keyring, now, ahead_in_force),
        WHO_CAN_WRITE: look_handler(keyring, now),
        MESSAGING_PAUSED: tell_handler(reading, keyring, now),
        FORUM_HELD: held_handler(reading, keyring, now),
        PROBING: counting_handler(reading, keyring, now, lambda: policies().conduct.probing),
    }


def _about_reports(keyring: Keyring, reading: Reading) -> dict[str, Handler]:
    return {
        REPORTS_ENTERED: entering_handler(keyring, now),
        REPORT_PICTURES: pictures_handler(now),
        READERS: watching_handler(reading, now),
        FIGURES: publishing_handler(keyring, now, policies),
        REPORTS_KEPT: keeping_handler(keyring, now, lambda: policies().retention),
    }


def _about_cases(keyring: Keyring, pager: Pager) -> dict[str, Handler]:
    return {
        CASES: desk_handler(keyring, now, lambda: policies().desk, pager),
        CASES_ENTERED: events_handler(keyring, now),
    }


def _about_forums(engine: Engine, keyring: Keyring, settings: Settings) -> dict[str, Handler]:
    postman = Postman(keyring, Sender(loopback=settings.webhooks_to_loopback), settings.public_url, now)
    return {
        WEBHOOK: delivering_handler(partial(_writing_no_journal, engine), postman),
        WEBHOOKS_KEPT: upkeep_handler(postman),
        PROBES_KEPT: probes_handler(keyring, now, lambda: policies().retention.probe_days),
        WALKS_OWED: walks_handler(keyring, now),
    }


def _sources(settings: Settings) -> list[Source]:
    """Return the registers' programs that the worker asks. Raises `SettingsError`."""
    return sources_of(policies().registers.registers, settings.look_ups) if settings.look_ups else []


@contextmanager
def _reading_anything(engine: Engine) -> Iterator[Session]:
    """Read a damaged ledger too, which `reading` would refuse to."""
    with Session(engine) as session:
        session.connection(execution_options={"read_only": True})
        yield session


@contextmanager
def _writing_no_journal(engine: Engine) -> Iterator[Session]:
    """Write what no decision is read from, in a handler and so in any thread."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def _tell_of_an_end(session: Session, patient_id: UUID, at: Instant) -> None:
    notify(session, house().keyring, patient_id, Kind.REFUSAL_ENDS, at)
