"""Use cases of opt-out that never wait: what was chosen, hiding, and the next version of a directive."""

from typing import Final, NamedTuple
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.decision.vocabulary import BEGINNING, Instant
from governance.effective.documents import encode
from governance.effective.service import Register
from governance.optout.choices import Choices, DirectiveBody
from governance.optout.loosening import body_of, fragment_of
from governance.optout.models import Directive
from governance.optout.own.reminders import ends_of, remind_before
from governance.optout.waiting import End, drop_all

ROOM: Final = "optout"
UNREADABLE: Final = (KeyGoneError, EpochGoneError, EnvelopeError)
"""What keeps a directive from being opened or sealed: its key is gone or not here, or somebody changed it."""
_log = structlog.get_logger()


class Chosen(NamedTuple):
    """What a patient picked last, and since when it is in force."""

    choices: Choices
    since: Instant


def chosen(session: Session, keyring: Keyring, patient_id: UUID) -> Chosen | None:
    """Return what holds for a patient, or None before the first choice. Raises `BrokenRowError`.

    What is in force says so and not the directives: it is proven, and no key can be missing to it.
    """
    register = Register(session, keyring, BEGINNING)  # it writes nothing, so its clock does not matter
    said, since = register.said_since("patient", str(patient_id), ROOM)
    return Chosen(body_of(said).choices, since) if said and since is not None else None


def choices_now(session: Session, keyring: Keyring, patient_id: UUID) -> Choices | None:
    """Return what a patient picked last, or None before the first choice. Raises `BrokenRowError`."""
    found = chosen(session, keyring, patient_id)
    return None if found is None else found.choices


def hide(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> Directive | None:
    """Hide a patient from everyone signed in as a professional, at once; the other choices stay as they are.

    Asks for nothing, and reads nothing but what is in force: neither a choice that is offered no longer nor a key
    that is not here may stand in the way. Returns the newest version; None where it could not be sealed.
    """
    # What waits would open with a hold that somebody meant to stay.
    drop_all(session, keyring, patient_id, End.HIDDEN, now)
    register = Register(session, keyring, now)
    said = register.said("patient", str(patient_id), ROOM) or fragment_of(DirectiveBody())
    if said.get("hold"):
        return Directive.latest(session, patient_id)
    hidden = {**said, "hold": True}
    register.put("patient", str(patient_id), ROOM, hidden)
    try:
        return supersede(session, keyring, patient_id, body_of(hidden), now)
    except UNREADABLE as error:
        # It is in force, in the ledger and in what the room said; the sealed copy alone is missing.
        _log.critical("directive_not_sealed", code=error.code)
        return None


def body_in_force(session: Session, keyring: Keyring, patient_id: UUID) -> DirectiveBody:
    """Return what counts now; it is proven, the list of directives is not. Raises `BrokenRowError`."""
    return body_of(Register(session, keyring, BEGINNING).said("patient", str(patient_id), ROOM))


def put_in_force(session: Session, keyring: Keyring, patient_id: UUID, body: DirectiveBody, now: Instant) -> Directive:
    """Put a version in force as it is; whoever calls this has made sure that it may be. Raises `KeyGoneError`."""
    last = Directive.latest(session, patient_id)
    if last is not None and body == body_in_force(session, keyring, patient_id) == _said_by(last, session, keyring):
        # Confirmed once more: a version that says the same would only fill the history.
        return last
    reminded = ends_of(body_in_force(session, keyring, patient_id).rules)
    Register(session, keyring, now).put("patient", str(patient_id), ROOM, fragment_of(body))
    directive = supersede(session, keyring, patient_id, body, now)
    remind_before(session, keyring, patient_id, ends_of(body.rules) - reminded, now)
    return directive


def body_written(session: Session, keyring: Keyring, patient_id: UUID) -> DirectiveBody | None:
    """Return what the newest directive says, if there is one. Raises what `UNREADABLE` lists."""
    last = Directive.latest(session, patient_id)
    return None if last is None else open_directive(DataKeys(session, keyring), last)


def supersede(session: Session, keyring: Keyring, patient_id: UUID, body: DirectiveBody, now: Instant) -> Directive:
    """Write the next directive, sealed; what it says must be in force. Raises what `UNREADABLE` lists."""
    directive = _superseding(Directive.latest(session, patient_id), patient_id, now)
    key = DataKeys(session, keyring).of(owner_of("patient", patient_id))
    directive.sealed_choices = key.seal(encode(body), *_place(directive))
    session.add(directive)
    return directive


def open_directive(keys: DataKeys, directive: Directive) -> DirectiveBody:
    """Return what a version says. Raises what `UNREADABLE` lists."""
    key = keys.known(owner_of("patient", directive.patient_id))
    body = key.unseal(directive.sealed_choices, *_place(directive))
    return msgspec.json.decode(body, type=DirectiveBody)


def _said_by(directive: Directive, session: Session, keyring: Keyring) -> DirectiveBody | None:
    try:
        return open_directive(DataKeys(session, keyring), directive)
    except UNREADABLE:
        # Whatever it said, it is not what is written down now.
        return None


def _superseding(last: Directive | None, patient_id: UUID, now: Instant) -> Directive:
    version = 1 if last is None else last.version + 1
    return Directive(patient_id=patient_id, version=version, at=now)


def _place(directive: Directive) -> tuple[str, str, str]:
    # Not by its id alone: an old version must not open as a newer one's.
    return "directive", "sealed_choices", f"{directive.patient_id}/{directive.version}"
