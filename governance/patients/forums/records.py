"""What is in force about patients whose accounts come together or part: nothing opens, no refusal is lost."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.effective.documents import LayerLines
from governance.effective.forums import PARTED, ROOM, closed
from governance.effective.layers import SEPARATED, Layers, refuse_all
from governance.effective.measures import Measures
from governance.effective.models import Fragment
from governance.effective.service import Register
from governance.patients.forums.hands import Hands
from governance.patients.forums.models import accounts_of
from governance.patients.models import Patient
from governance.patients.service import remember

CHOICES: Final = "optout"
_TOLD: Final = "disclosure"
_LAYERS: Final = "layers"
_MEASURES: Final = "measures"
_PATIENTS: Final = "patients"
Said = dict[str, dict[str, Any]]
"""What every room says about one patient."""


class Work(NamedTuple):
    """One transaction."""

    session: Session
    keyring: Keyring
    hands: Hands
    now: Instant

    @property
    def register(self) -> Register:
        """Return the writer of what is in force."""
        return Register(self.session, self.keyring, self.now)


def said_of(work: Work, patient_id: UUID, version: int | None = None) -> Said:
    """Return what every room says of a patient, now or at a version of their row. Raises `BrokenRowError`."""
    subject = str(patient_id)
    if version is None:
        rooms = [fragment.room for fragment in Fragment.of(work.session, "patient", subject)]
        return {room: work.register.said("patient", subject, room) for room in rooms}
    # Each carries our code; what the row was compiled from now is proven by `restart`, which writes these anew.
    found = Fragment.of(work.session, "patient", subject, upto=version)
    return {fragment.room: msgspec.json.decode(fragment.document) for fragment in found}


def has_chosen(said: Mapping[str, Mapping[str, Any]]) -> bool:
    """Say whether a patient ever chose."""
    return bool(said.get(CHOICES))


def say(work: Work, patient_id: UUID, wanted: Said) -> None:
    """Put in force what differs from what is said of a patient."""
    before, register = said_of(work, patient_id), work.register
    for room, values in wanted.items():
        if values != before.get(room):
            register.put("patient", str(patient_id), room, values)
    if _MEASURES in wanted:
        Measures(work.session, work.keyring, work.now).list_again("patient", str(patient_id))


def stop_all(work: Work, patient_id: UUID) -> None:
    """Stop whatever waits to open for a patient."""
    work.hands.stop_waiting(work.session, work.keyring, patient_id, work.now)


def merge(work: Work, keeps: UUID, rests: UUID) -> None:
    """Let one record refuse what either of two refuses; only what both permit stays permitted."""
    first, second = said_of(work, keeps), said_of(work, rests)
    both = has_chosen(first) and has_chosen(second)
    wanted: Said = {}
    for room in sorted({*first, *second} - {ROOM, _PATIENTS, PARTED}):
        if room in (CHOICES, _TOLD) and not both:
            # One of them chose: where the other one is, they permit nothing and refuse what they refused.
            continue
        if room in second or room == _TOLD:
            wanted[room] = work.hands.stricter("patient", first.get(room, {}), second.get(room, {}))
    patient = work.session.get_one(Patient, keeps)
    if both:
        one, other = (said.get(_PATIENTS, {}).get("adult_from") for said in (first, second))
        patient.adult_from = _older(one, other, work.now)
        wanted[_PATIENTS] = _with_age(patient.adult_from)
    say(work, keeps, wanted)
    remember(work.session, work.keyring, patient)


def close(work: Work, patient_id: UUID) -> None:
    """End every permit of a patient; all they refused stays refused, and both groups are closed."""
    said = said_of(work, patient_id)
    stop_all(work, patient_id)
    if has_chosen(said):
        say(work, patient_id, {CHOICES: closed(said[CHOICES])})
        work.hands.write_down(work.session, work.keyring, patient_id, work.now)


def copy_closed(work: Work, source: UUID, target: UUID, platform: str) -> None:
    """Have a record refuse what another one refuses on a platform, and permit nothing."""
    first, second = said_of(work, source), said_of(work, target)
    there = {**first, _LAYERS: {"layers": _layers_on(first, platform)}}
    wanted: Said = {_PATIENTS: second.get(_PATIENTS) or first.get(_PATIENTS, {"record": True})}
    for room in (_LAYERS, _MEASURES):
        if there.get(room) or second.get(room):
            wanted[room] = work.hands.stricter("patient", second.get(room, {}), there.get(room, {}))
    if has_chosen(first):
        wanted[CHOICES] = closed(first[CHOICES])
    elif has_chosen(second):
        wanted[CHOICES] = closed(second[CHOICES])
    say(work, target, wanted)
    work.hands.write_down(work.session, work.keyring, target, work.now)


def separate(work: Work, patient_id: UUID, then: Said, now: Said, *, anew: bool) -> None:
    """Have a record say what it said before two people's records were joined, and be closed until its owner looked.

    Blocks by officers go on for both, and so do layers of the platforms where this one's accounts are. `anew`: what was
    said meanwhile is forgotten, for some of it is another person's.
    """
    platforms = {str(platform.id) for _, platform in accounts_of(work.session, patient_id)}
    newer = [layer for layer in _layers(now) if layer.platform in platforms]
    layers = [*_layers(then), *_not_in(newer, _layers(then))]
    measures = work.hands.stricter("patient", then.get(_MEASURES, {}), now.get(_MEASURES, {}))
    wanted: Said = {**then, _LAYERS: {"layers": layers}, _MEASURES: measures}
    wanted.setdefault(_PATIENTS, {"record": True})
    if anew:
        # First the room by which the audit knows that what was said before is forgotten on purpose.
        work.register.restart("patient", str(patient_id), {PARTED: {}, **wanted})
    else:
        say(work, patient_id, wanted)
    Layers(work.session, work.keyring, patient_id, work.now).add(SEPARATED, refuse_all(SEPARATED))
    work.hands.write_down(work.session, work.keyring, patient_id, work.now)


def both_left(work: Work, one: UUID, other: UUID) -> UUID:
    """Return a record of nobody that refuses what is left of either of two erased people refuses."""
    stones = [work.register.document("patient", str(left)).erased for left in (one, other)]
    found, kept = new_id(), work.hands.stricter("patient", *({"erased": stone} for stone in stones))
    work.register.put("patient", str(found), _PATIENTS, {"record": False})
    work.register.put("patient", str(found), ROOM, kept)
    return found


def new_patient(work: Work, adult_from: int | None = None) -> UUID:
    """Make a record without accounts; return its id."""
    patient = Patient(created=work.now, adult_from=adult_from)
    work.session.add(patient)
    work.session.flush()
    remember(work.session, work.keyring, patient)
    return patient.id


def _older(one: int | None, other: int | None, now: Instant) -> int | None:
    """Return the age that opens less; known on one side alone, somebody may be a child on the other one."""
    known = max((age for age in (one, other) if age is not None), default=None)
    unsure = one is None or other is None
    return None if known is None or (unsure and known <= now) else known


def _with_age(adult_from: int | None) -> dict[str, Any]:
    return {"record": True} if adult_from is None else {"record": True, "adult_from": adult_from}


def _layers(said: Mapping[str, Mapping[str, Any]]) -> list[LayerLines]:
    return msgspec.convert(said.get(_LAYERS, {}).get("layers", []), list[LayerLines])


def _layers_on(said: Mapping[str, Mapping[str, Any]], platform: str) -> list[LayerLines]:
    return [layer for layer in _layers(said) if layer.platform in (None, platform)]


def _not_in(some: list[LayerLines], others: list[LayerLines]) -> list[LayerLines]:
    there = {(layer.by, layer.platform) for layer in others}
    return [layer for layer in some if (layer.by, layer.platform) not in there]
