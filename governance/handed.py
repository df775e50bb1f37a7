"""What rooms that must not know one another hand over to each other, each by the name that the taker gave it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import structlog
from flask import Flask
from sqlalchemy.orm import Session

from governance.backup.stricter import stricter
from governance.conduct.findings import Verifier
from governance.conduct.moved import follow
from governance.conduct.verifying import Verifying
from governance.config import Settings
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.db.extension import reading
from governance.decision.vocabulary import AccountKey, Instant, Level
from governance.disclosure.service import ask_again_from, current_acknowledgement, seen
from governance.effective.errors import BrokenRowError
from governance.feed.webhooks.models import Webhook
from governance.feed.webhooks.service import fares
from governance.fhir.export import full_export
from governance.identity.arrivals import SIGNED_IN
from governance.identity.clients import api as identity_api
from governance.identity.current import current_sign_in
from governance.identity.leaving import LEFT
from governance.optout import service as optout
from governance.optout.browser import RECEIPTS
from governance.optout.choices import Named
from governance.optout.parting import forget_since, stop_waiting
from governance.optout.receipt_record import Notice
from governance.optout.receipts import Receipts
from governance.optout.restored import catch_up
from governance.optout.wish_desk import WishDesk
from governance.patients.ages.again import Means, age_said
from governance.patients.ages.service import END_COVERAGE, People
from governance.patients.ages.told import told
from governance.patients.forums.handed import HANDS
from governance.patients.forums.hands import Hands
from governance.patients.guardians.wishes import WISHES
from governance.patients.models import Patient
from governance.patients.service import find_patient, patient_for
from governance.pdp.platforms.desk.overview import HOOKS, Hook
from governance.policy.current import policies
from governance.portal import export
from governance.reporting.cases import handed as cases
from governance.reporting.cases.handed import ask_again, may_ask_again, news, recused, taken_back
from governance.reporting.evidence.throttle import Uploads
from governance.reporting.filing.receipt import public_key as filing_key
from governance.reporting.handed import ASK_AGAIN, BLOCK, GUESSES, MAY_ASK_AGAIN, NEWS, UPLOADS, WITHDRAW
from governance.reporting.inbox.throttle import Guesses
from governance.reporting.protection.service import RECHECK
from governance.reporting.vaults.leaving import leave
from governance.reporting.vaults.sharing import LET_IN, RECUSED
from governance.reporting.work import Work
from governance.ui.dates import READERS_ZONE, only_zone
from governance.ui.house import house

_LOOK_WITHIN_DAYS: Final = 7
"""So long the last look at a register still counts, once a report made somebody doubt it."""
_log = structlog.get_logger()


def hand_over(app: Flask, settings: Settings) -> None:
    """Hand over what rooms of an app need of others."""
    _open_receipts(app, settings)
    app.extensions[HANDS] = _HANDS
    app.extensions[END_COVERAGE] = ask_again_from
    app.extensions[WISHES] = WishDesk()
    app.extensions[SIGNED_IN] = _note_seen
    app.extensions[LEFT] = _take_vault
    app.extensions[export.IN_FHIR] = full_export
    app.extensions[READERS_ZONE] = _zone_of_reader
    app.extensions[BLOCK] = _refuse_by_name
    app.extensions[NEWS] = news
    app.extensions[WITHDRAW] = taken_back
    app.extensions[MAY_ASK_AGAIN] = may_ask_again
    app.extensions[ASK_AGAIN] = ask_again
    app.extensions[RECUSED] = recused
    app.extensions[LET_IN] = cases.let_in_too
    app.extensions[RECHECK] = _doubt
    app.extensions[GUESSES] = Guesses()
    app.extensions[UPLOADS] = Uploads()
    app.extensions[HOOKS] = _hooks_of


def _open_receipts(app: Flask, settings: Settings) -> None:
    def notice_of(session: Session, patient_id: UUID) -> Notice | None:
        told = current_acknowledgement(session, patient_id)
        return None if told is None else Notice(told.version, told.language, told.variant, told.text_sha256)

    with app.app_context():
        receipts = Receipts(house().keyring, settings.public_url, notice_of)
    app.extensions[RECEIPTS] = receipts
    app.extensions[identity_api.FURTHER_KEYS] = [receipts.public_key(), filing_key(receipts.keyring)]


def _note_seen(session: Session, account_id: UUID, at: Instant) -> None:
    patient = find_patient(session, account_id)
    if patient is None:
        return
    try:
        seen(session, house().keyring, patient.id, at)
    except BrokenRowError:
        # Whoever's row was changed by another hand must still get in: to say no, and to see it mended.
        _log.critical("broken_row", kind="patient")


@contextmanager
def joined(session: Session, keyring: Keyring, patient_id: UUID, at: Instant) -> Iterator[None]:
    """Have the youngest age, and the strictest country, hold at once of accounts that are joined in here.

    THREAT: a child whose forum told their age would be an adult there, from when they join an account that lied.
    """
    patient = session.get_one(Patient, patient_id)
    with age_said(session, patient, at, Means(keyring, _HANDS, ask_again_from)):
        yield
        People(session, keyring, policies().optout, at).recount(patient)


_HANDS: Final = Hands(stricter, stop_waiting, catch_up, optout.hide, forget_since, joined, follow)


def _zone_of_reader() -> str:
    person = current_sign_in()
    if person is None:
        return ""
    with reading() as session:
        patient = find_patient(session, person.account_id)
        try:
            known = None if patient is None else told(session, house().keyring, patient.id)
        except EnvelopeError:
            # A row changed by another hand must not take away every page that tells a time.
            return ""
    return "" if known is None else known.lives or only_zone(known.country)


def _hooks_of(session: Session, platform_id: UUID) -> list[Hook]:
    found = [fares(session, row) for row in Webhook.of_platform(session, platform_id)]
    return [Hook(one.waiting, one.dead, one.paused is not None, one.delivered) for one in found]


def _doubt(session: Session, keyring: Keyring, hcp_id: UUID, reason: str, now: Instant) -> None:
    """Have a verifier look again because of a report. No name goes with it: that would say who works on which case."""
    Verifying(session, keyring, Verifier("desk"), now).doubt(hcp_id, reason, days=_LOOK_WITHIN_DAYS)


def _take_vault(session: Session, staff_id: UUID, at: Instant) -> str:
    work = Work(session, house().keyring, at)
    cases.left(work, staff_id)
    left = leave(work, staff_id)
    if not left.stranded:
        return ""
    return (
        f"{left.stranded} reports can be read by nobody else: have their printed key used by "
        f"`governance staff vault hand-over {staff_id} --to OFFICER`"
    )


def _refuse_by_name(
    session: Session, keyring: Keyring, account: tuple[UUID, UUID, AccountKey], whom: AccountKey, now: Instant
) -> None:
    """Have a patient refuse a professional by name, everywhere and at once; all else stays as it is.

    INVARIANT: this opens nothing, so it need not be asked of the ratchet: a refusal of everything by name binds
    whatever else is permitted, and no line of anybody else is touched.
    """
    patient = patient_for(session, keyring, account, now)
    body = optout.body_in_force(session, keyring, patient.id)
    chosen = body.choices
    others = {one for one in chosen.named if one.account != whom}
    wanted = chosen._replace(named=frozenset({*others, Named(whom, Level.CLOSED)}))
    optout.put_in_force(session, keyring, patient.id, body.followed_by(wanted, now), now)
