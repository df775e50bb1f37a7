"""Use cases of opt-out. Tightening takes effect at once; what would loosen is refused in this version."""

from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import BEGINNING, Instant
from governance.effective.documents import Member, PatientDocument, encode, line_of
from governance.effective.service import Register
from governance.optout.choices import Choices, DirectiveBody, levels_for_others
from governance.optout.errors import LevelNotForThemError, LooseningNotYetError, NotAcknowledgedError
from governance.optout.models import Directive

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
    body, since = _in_force(session, keyring, patient_id)
    return None if body is None or since is None else Chosen(body.choices, since)


def choices_now(session: Session, keyring: Keyring, patient_id: UUID) -> Choices | None:
    """Return what a patient picked last, or None before the first choice. Raises `BrokenRowError`."""
    body = body_in_force(session, keyring, patient_id)
    return None if body is None else body.choices


def choose(session: Session, keyring: Keyring, patient_id: UUID, wanted: Choices, now: Instant) -> Directive:
    """Put a patient's choices in force at once and return the new version.

    Raises `NotAcknowledgedError` if something is permitted before the patient was told,
    `LevelNotForThemError`, and `LooseningNotYetError` if later choices permit more than earlier ones.
    """
    register = Register(session, keyring, now)
    before: PatientDocument = register.document("patient", str(patient_id))
    if wanted.others not in levels_for_others(adult=before.adult_from is not None and before.adult_from <= now):
        raise LevelNotForThemError("this level is not offered here; pick one of those on the page")
    if wanted.permits_anything and not before.covered:
        raise NotAcknowledgedError("read what you should know first; to say no, you need not read anything")
    had, last = body_in_force(session, keyring, patient_id), Directive.latest(session, patient_id)
    body = (had or DirectiveBody()).followed_by(wanted, now)
    if last is not None and body == had:
        # Confirmed once more: a version that says the same would only fill the history.
        return last
    said = _fragment(body)
    if had is not None:
        _refuse_loosening(register, before, said, now)
    register.put("patient", str(patient_id), ROOM, said)
    return supersede(session, keyring, patient_id, body, now)


def hide(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
    """Hide a patient from everyone signed in as a professional, at once; the other choices stay as they are.

    Asks for nothing, and reads nothing but what is in force: neither a choice that is offered no longer nor a key
    that is not here may stand in the way.
    """
    register = Register(session, keyring, now)
    said = register.said("patient", str(patient_id), ROOM) or _fragment(DirectiveBody())
    if said.get("hold"):
        return
    said["hold"] = True
    register.put("patient", str(patient_id), ROOM, said)
    try:
        supersede(session, keyring, patient_id, _body(said), now)
    except UNREADABLE as error:
        # It is in force, in the ledger and in what the room said; the sealed copy alone is missing.
        _log.critical("directive_not_sealed", code=error.code)


def body_in_force(session: Session, keyring: Keyring, patient_id: UUID) -> DirectiveBody | None:
    """Return what is in force of a patient's choices, None before the first. Raises `BrokenRowError`."""
    return _in_force(session, keyring, patient_id)[0]


def body_written(session: Session, keyring: Keyring, patient_id: UUID) -> DirectiveBody | None:
    """Return what the newest directive says, if there is one. Raises what `UNREADABLE` lists."""
    last = Directive.latest(session, patient_id)
    return None if last is None else _open(DataKeys(session, keyring), last)


def supersede(session: Session, keyring: Keyring, patient_id: UUID, body: DirectiveBody, now: Instant) -> Directive:
    """Write the next directive, sealed; what it says must be in force. Raises what `UNREADABLE` lists."""
    directive = _superseding(Directive.latest(session, patient_id), patient_id, now)
    key = DataKeys(session, keyring).of(owner_of("patient", patient_id))
    directive.sealed_choices = key.seal(encode(body), *_place(directive))
    session.add(directive)
    return directive


def _in_force(session: Session, keyring: Keyring, patient_id: UUID) -> tuple[DirectiveBody | None, Instant | None]:
    register = Register(session, keyring, BEGINNING)  # it writes nothing, so its clock does not matter
    said, since = register.said_since("patient", str(patient_id), ROOM)
    return _body(said) if said else None, since


def _body(said: dict[str, Any]) -> DirectiveBody:
    return DirectiveBody.of_document(msgspec.convert(said, PatientDocument, from_attributes=True))


def _fragment(body: DirectiveBody) -> dict[str, Any]:
    entries = [{"who": WhoKind.NAMED, "name": e.account, "during": (e.start, e.end)} for e in body.entries]
    return {
        "lines": [line_of(line) for line in body.provisions()],
        "care_team": entries,
        "hold": body.hold,
        "levels": (body.care_team, body.others),
    }


def _refuse_loosening(register: Register, before: PatientDocument, said: dict[str, Any], now: Instant) -> None:
    changed = msgspec.convert(said, PatientDocument, from_attributes=True)
    after = msgspec.structs.replace(before, **{name: getattr(changed, name) for name in said})
    # Sending somebody away must not wait: it leaves them what every appointed moderator may do with a flagged
    # post (step 3c) and nothing else, so the rest of the change is measured from there.
    parted = msgspec.structs.replace(before, care_team=_without_those_sent_away(before, after, now))
    witness = register.judge.witness(parted, after)
    if witness is not None:
        raise LooseningNotYetError(witness)


def _without_those_sent_away(before: PatientDocument, after: PatientDocument, now: Instant) -> tuple[Member, ...]:
    ended = {_same(member): member for member in after.care_team if member.during[1] <= now}
    return tuple(ended.get(_same(member), member) for member in before.care_team)


def _same(member: Member) -> tuple[WhoKind, str, int]:
    return member.who, member.name, member.during[0]


def _superseding(last: Directive | None, patient_id: UUID, now: Instant) -> Directive:
    version = 1 if last is None else last.version + 1
    return Directive(patient_id=patient_id, version=version, at=now)


def _open(keys: DataKeys, directive: Directive) -> DirectiveBody:
    key = keys.known(owner_of("patient", directive.patient_id))
    body = key.unseal(directive.sealed_choices, *_place(directive))
    return msgspec.json.decode(body, type=DirectiveBody)


def _place(directive: Directive) -> tuple[str, str, str]:
    # Not by its id alone: an old version must not open as a newer one's.
    return "directive", "sealed_choices", f"{directive.patient_id}/{directive.version}"
