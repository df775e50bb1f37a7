"""Refusals that somebody else put over a patient's choices: shown to the patient, who alone takes them away."""

from typing import Final, Literal, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.documents import LayerLines, PatientDocument
from governance.effective.errors import NoSuchLayerError
from governance.effective.layers import RESTORED, Layers, Party
from governance.effective.service import Register
from governance.patients.erasing.models import ErasureRequest
from governance.patients.erasing.service import ERASING

_PLATFORM: Final = "platform:"
SetBy = Literal["us", "forum", "guardian", "erasing"]


class LayerOver(NamedTuple):
    """One layer as its patient sees it."""

    party: str
    set_by: SetBy
    names_one: bool
    """Whether it refuses single professionals, not all."""
    removable: bool


def layers_over(session: Session, keyring: Keyring, key: AccountKey, now: Instant) -> tuple[LayerOver, ...]:
    """Return the layers over the choices of the patient whose account this is, as decisions know it."""
    register = Register(session, keyring, now)
    patient = register.patient_of(key)
    if patient is None:
        return ()
    document: PatientDocument = register.document("patient", str(patient))
    adult = document.adult_from is not None and document.adult_from <= now
    may_remove = _Terms(adult=adult, is_going=session.get(ErasureRequest, patient) is not None)
    return tuple(_shown(layer, may_remove) for layer in Layers(session, keyring, patient, now).kept())


def take_away(session: Session, keyring: Keyring, key: AccountKey, party: str, now: Instant) -> None:
    """Take a layer away, at once. Raises `NoSuchLayerError` if there is none that this person may take away."""
    if not any(layer.party == party and layer.removable for layer in layers_over(session, keyring, key, now)):
        raise NoSuchLayerError("this is not there any more, or you cannot take it away here; look at your choices")
    patient: UUID | None = Register(session, keyring, now).patient_of(key)
    if patient is not None:
        Layers(session, keyring, patient, now).remove(Party(party))


class _Terms(NamedTuple):
    adult: bool
    is_going: bool
    """Whether the patient's record is about to be deleted."""


def _shown(layer: LayerLines, terms: _Terms) -> LayerOver:
    if layer.by == ERASING.name:
        # Their own wish: while it waits, it is stopped and not worn down.
        return LayerOver(layer.by, "erasing", names_one=False, removable=not terms.is_going)
    ours = layer.by == RESTORED.name
    others: SetBy = "forum" if layer.by.startswith(_PLATFORM) else "guardian"
    return LayerOver(
        party=layer.by,
        set_by="us" if ours else others,
        names_one=all(line.name for line in layer.refusals),
        # A child's guardian and forum must be heard first; nobody does that in this version.
        removable=ours or terms.adult,
    )
