"""Use cases of opt-out. Tightening takes effect at once; what would loosen is refused in this version."""

from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.decision.loosens import loosens
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.documents import Member, PatientDocument, author_of, encode, line_of
from governance.effective.service import Register
from governance.optout.choices import Choices, DirectiveBody, levels_for_others
from governance.optout.errors import LevelNotForThemError, LooseningNotYetError, NotAcknowledgedError
from governance.optout.models import Directive

ROOM: Final = "optout"


def choices_now(session: Session, keyring: Keyring, patient_id: UUID) -> Choices | None:
    """Return what a patient picked last, or None before the first choice."""
    directive = Directive.latest(session, patient_id)
    return None if directive is None else _open(DataKeys(session, keyring), directive).choices


def choose(session: Session, keyring: Keyring, patient_id: UUID, wanted: Choices, now: Instant) -> Directive:
    """Put a patient's choices in force at once and return the new version.

    Raises `NotAcknowledgedError` if something is permitted before the patient was told,
    `LevelNotForThemError`, and `LooseningNotYetError` if later choices permit more than earlier ones.
    """
    before: PatientDocument = Register(session, keyring, now).document("patient", str(patient_id))
    if wanted.others not in levels_for_others(adult=before.adult_from is not None and before.adult_from <= now):
        raise LevelNotForThemError("this level is not offered here; pick one of those on the page")
    if wanted.permits_anything and not before.covered:
        raise NotAcknowledgedError("read what you should know first; to say no, you need not read anything")
    return _put_in_force(session, keyring, patient_id, wanted, now)


def hide(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> Directive:
    """Hide a patient from everyone signed in as a professional, at once; the other choices stay as they are.

    Asks for nothing: what was chosen once and is offered no longer must not stand in the way.
    """
    before = choices_now(session, keyring, patient_id)
    wanted = Choices() if before is None else before
    return _put_in_force(session, keyring, patient_id, wanted._replace(hold=True), now)


def _put_in_force(session: Session, keyring: Keyring, patient_id: UUID, wanted: Choices, now: Instant) -> Directive:
    register, last = Register(session, keyring, now), Directive.latest(session, patient_id)
    before = body_now(session, keyring, patient_id)
    body = before.followed_by(wanted, now)
    if last is not None and body == before:
        # Confirmed once more: a version that says the same would only fill the history.
        return last
    said = _fragment(body)
    # What is in force says whether these are the first choices: it is proven, the list of directives is not.
    if register.said("patient", str(patient_id), ROOM):
        _refuse_loosening(register.document("patient", str(patient_id)), said, now)
    register.put("patient", str(patient_id), ROOM, said)
    return supersede(session, keyring, patient_id, body, now)


def body_now(session: Session, keyring: Keyring, patient_id: UUID) -> DirectiveBody:
    """Return what the newest directive says, or what holds before the first. Raises `KeyGoneError`."""
    last = Directive.latest(session, patient_id)
    return DirectiveBody() if last is None else _open(DataKeys(session, keyring), last)


def supersede(session: Session, keyring: Keyring, patient_id: UUID, body: DirectiveBody, now: Instant) -> Directive:
    """Write the next directive, sealed; what it says must be in force. Raises `KeyGoneError`."""
    directive = _superseding(Directive.latest(session, patient_id), patient_id, now)
    key = DataKeys(session, keyring).of(owner_of("patient", patient_id))
    directive.sealed_choices = key.seal(encode(body), *_place(directive))
    session.add(directive)
    return directive


def _fragment(body: DirectiveBody) -> dict[str, Any]:
    entries = [{"who": WhoKind.NAMED, "name": e.account, "during": (e.start, e.end)} for e in body.entries]
    return {
        "lines": [line_of(line) for line in body.provisions()],
        "care_team": entries,
        "hold": body.hold,
        "levels": (body.care_team, body.others),
    }


def _refuse_loosening(before: PatientDocument, said: dict[str, Any], now: Instant) -> None:
    changed = msgspec.convert(said, PatientDocument, from_attributes=True)
    after = msgspec.structs.replace(before, lines=changed.lines, care_team=changed.care_team, hold=changed.hold)
    # Sending somebody away must not wait: it leaves them what every appointed moderator may do with a flagged
    # post (step 3c) and nothing else, so the rest of the change is measured from there.
    parted = msgspec.structs.replace(before, care_team=_without_those_sent_away(before, after, now))
    nobody = AccountKey("")
    witness = loosens(author_of(nobody, parted), author_of(nobody, after))
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
