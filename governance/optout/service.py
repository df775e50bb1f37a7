"""Use cases of opt-out that never wait: what was chosen, hiding, and the next version of a directive."""

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.documents import encode
from governance.effective.service import Register
from governance.optout.choices import Choices, DirectiveBody
from governance.optout.loosening import body_of, fragment_of
from governance.optout.models import Directive
from governance.optout.waiting import End, drop_all

ROOM: Final = "optout"


def choices_now(session: Session, keyring: Keyring, patient_id: UUID) -> Choices | None:
    """Return what a patient picked last, or None before the first choice."""
    directive = Directive.latest(session, patient_id)
    body = None if directive is None else open_directive(DataKeys(session, keyring), directive)
    return body.choices if body is not None and body.said else None


def hide(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> Directive:
    """Hide a patient from everyone signed in as a professional, at once; the other choices stay as they are.

    Asks for nothing: what was chosen once and is offered no longer must not stand in the way.
    """
    # What waits would open with a hold that somebody meant to stay.
    drop_all(session, keyring, patient_id, End.HIDDEN, now)
    before = body_in_force(session, keyring, patient_id, now)
    return put_in_force(session, keyring, patient_id, before.followed_by(before.choices._replace(hold=True), now), now)


def body_in_force(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> DirectiveBody:
    """Return what counts now; it is proven, the list of directives is not. Raises `BrokenRowError`."""
    return body_of(Register(session, keyring, now).said("patient", str(patient_id), ROOM))


def put_in_force(session: Session, keyring: Keyring, patient_id: UUID, body: DirectiveBody, now: Instant) -> Directive:
    """Put a version in force as it is; whoever calls this has made sure that it may be."""
    last = Directive.latest(session, patient_id)
    in_force = body_in_force(session, keyring, patient_id, now)
    if last is not None and body == in_force == body_now(session, keyring, patient_id):
        # Confirmed once more: a version that says the same would only fill the history.
        return last
    Register(session, keyring, now).put("patient", str(patient_id), ROOM, fragment_of(body))
    return supersede(session, keyring, patient_id, body, now)


def body_now(session: Session, keyring: Keyring, patient_id: UUID) -> DirectiveBody:
    """Return what the newest directive says, or what holds before the first. Raises `KeyGoneError`."""
    last = Directive.latest(session, patient_id)
    return DirectiveBody() if last is None else open_directive(DataKeys(session, keyring), last)


def supersede(session: Session, keyring: Keyring, patient_id: UUID, body: DirectiveBody, now: Instant) -> Directive:
    """Write the next directive, sealed; what it says must be in force. Raises `KeyGoneError`."""
    directive = _superseding(Directive.latest(session, patient_id), patient_id, now)
    key = DataKeys(session, keyring).of(owner_of("patient", patient_id))
    directive.sealed_choices = key.seal(encode(body), *_place(directive))
    session.add(directive)
    return directive


def _superseding(last: Directive | None, patient_id: UUID, now: Instant) -> Directive:
    version = 1 if last is None else last.version + 1
    return Directive(patient_id=patient_id, version=version, at=now)


def open_directive(keys: DataKeys, directive: Directive) -> DirectiveBody:
    """Return what a version says. Raises `KeyGoneError`."""
    key = keys.known(owner_of("patient", directive.patient_id))
    body = key.unseal(directive.sealed_choices, *_place(directive))
    return msgspec.json.decode(body, type=DirectiveBody)


def _place(directive: Directive) -> tuple[str, str, str]:
    # Not by its id alone: an old version must not open as a newer one's.
    return "directive", "sealed_choices", f"{directive.patient_id}/{directive.version}"
