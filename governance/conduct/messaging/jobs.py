"""The jobs behind it: who ran out of time is found every hour; who is told stands in the decision log.

A forum that is put on hold pauses the messages of everybody there at once, so their patients are told the same.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.conduct.messaging.models import Messaging
from governance.conduct.messaging.service import watch
from governance.crypto.keys import Keyring
from governance.decision.facts import Hcp
from governance.decision.gate import passes_gate
from governance.decision.vocabulary import AccountKey, Action, Capacity, Instant
from governance.effective.documents import hcp_of
from governance.effective.errors import BrokenRowError
from governance.effective.models import InForce
from governance.effective.present import in_force
from governance.effective.roster import behind
from governance.effective.service import Register
from governance.ledger.decisions.service import Entry, Kind, each_since
from governance.ledger.outbox.errors import BadPayloadError
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work
from governance.patients.contact.notices import Kind as Notice
from governance.patients.contact.notices import notify
from governance.policy.current import conduct_in_force

LOOK: Final = "conduct.messaging.look"
OPEN_FOR: Final = 30 * 24 * 3600 * 1_000_000
"""Microseconds after its last message that a conversation counts as open."""
Reading = Callable[[], AbstractContextManager[Session]]
Conversations = Callable[[Session, Keyring, UUID, Instant], list[UUID]]
"""Returns the patients whose conversations are paused with one professional, or on one forum, at an instant."""
_log = structlog.get_logger()


def look_handler(keyring: Keyring, clock: Callable[[], Instant]) -> Handler:
    """Return what finds those whose check grew too old, or whose word lapsed, by time alone."""

    def effect(session: Session) -> None:
        everybody = {UUID(subject) for subject in InForce.subjects(session, "hcp")}
        for hcp_id in sorted({*Messaging.able(session), *(everybody - Messaging.known(session))}):
            try:
                watch(session, keyring, hcp_id, clock())
            except BrokenRowError:
                # One broken row must not keep the patients of all others from being told.
                _log.critical("broken_row", kind="hcp")

    return lambda _work: effect


def tell_handler(reading: Reading, keyring: Keyring, clock: Callable[[], Instant]) -> Handler:
    """Return what tells the patients of one professional's open conversations that messaging is paused.

    Who they are is looked up in the log before anything is written: that takes long, and keeps nobody waiting.
    """
    return _telling(reading, keyring, clock, ("hcp", in_conversation))


def held_handler(reading: Reading, keyring: Keyring, clock: Callable[[], Instant]) -> Handler:
    """Return what tells the patients of all open conversations on a forum that was put on hold.

    Where it goes on again by the time this is done, nobody is told of what is over.
    """
    return _telling(reading, keyring, clock, ("platform", held_conversations))


def _telling(
    reading: Reading, keyring: Keyring, clock: Callable[[], Instant], about: tuple[str, Conversations]
) -> Handler:
    name, conversations = about

    def handle(work: Work) -> Effect:
        one = work.payload.get(name)
        if not isinstance(one, str):
            raise BadPayloadError("a job of this kind needs to name whom it is about")
        with reading() as session:
            patients = conversations(session, keyring, UUID(one), clock())
        return lambda session: tell(session, keyring, patients, clock())

    return handle


def held_conversations(session: Session, keyring: Keyring, platform_id: UUID, now: Instant) -> list[UUID]:
    """Return the patients who have a conversation open that a hold of their forum pauses; none where none is in force.

    Raises `BrokenRowError`.
    """
    if not in_force(session, keyring, platform_id).places(()).suspended:
        return []
    since = Instant(now - OPEN_FOR)
    here = [entry for entry in each_since(session, keyring, since) if _is_message_on(entry, platform_id)]
    known = behind(session, keyring, platform_id, {AccountKey(entry.logged.viewer) for entry in here}, now)
    # Whose messages were paused before by how they stand, of them their patients were told then.
    able = {key: one.hcp for key, one in known.items() if _passes(one.hcp, now)}
    pairs = ((entry, able.get(AccountKey(entry.logged.viewer))) for entry in here)
    authors = {entry.author for entry, hcp in pairs if hcp is not None and _is_message_of(entry, hcp)}
    return [*_patients(Register(session, keyring, now), authors)]


def in_conversation(session: Session, keyring: Keyring, hcp_id: UUID, now: Instant) -> list[UUID]:
    """Return the patients who have a conversation open with a professional.

    THREAT: a notice about somebody who is here as a patient would tell that they are a professional. So only messages
    that were permitted to them as a professional count.
    """
    register = Register(session, keyring, now)
    hcp = hcp_of(register.document("hcp", str(hcp_id)))
    since = Instant(now - OPEN_FOR)
    authors = {entry.author for entry in each_since(session, keyring, since) if _is_message_of(entry, hcp)}
    return [*_patients(register, authors)]


def tell(session: Session, keyring: Keyring, patients: Iterable[UUID], now: Instant) -> None:
    """Put the notice on patients' pages."""
    for patient_id in patients:
        notify(session, keyring, patient_id, Notice.MESSAGING_PAUSED, now)


def _is_message_on(entry: Entry, platform_id: UUID) -> bool:
    return entry.platform_id == platform_id and entry.logged.action == Action.MESSAGE and entry.logged.permit


def _passes(hcp: Hcp, now: Instant) -> bool:
    return passes_gate(hcp, Action.MESSAGE, Capacity.PROFESSIONAL, conduct_in_force(), now)


def _is_message_of(entry: Entry, hcp: Hcp) -> bool:
    logged = entry.logged
    if logged.action != Action.MESSAGE or not logged.permit or logged.viewer not in hcp.accounts:
        return False
    # What a forum only told us that it showed says nothing of a capacity.
    return logged.capacity == Capacity.PROFESSIONAL or (entry.kind is Kind.SHOWN and not hcp.ever_peer)


def _patients(register: Register, authors: set[AccountKey]) -> Iterator[UUID]:
    """Yield whose accounts these are, each once; whose row was changed by another hand is left out."""
    found = set()
    for author in sorted(authors):
        try:
            found.add(register.patient_of(author))
        except BrokenRowError:
            _log.critical("broken_row", kind="account")
    yield from sorted(one for one in found if one is not None)
