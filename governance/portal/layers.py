"""Refusals that somebody else put over a patient's choices: shown to the patient, who alone takes them away."""

from typing import Final, Literal, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.documents import LayerLines, PatientDocument
from governance.effective.errors import NoSuchLayerError
from governance.effective.layers import RESTORED, SEPARATED, STAFF, Layers, Party
from governance.effective.service import Register

_PLATFORM: Final = "platform:"
SetBy = Literal["us", "separated", "staff", "forum", "guardian"]
_OURS: Final[dict[str, SetBy]] = {RESTORED.name: "us", SEPARATED.name: "separated", STAFF.name: "staff"}


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
    return tuple(_shown(layer, adult=adult) for layer in Layers(session, keyring, patient, now).kept())


def take_away(session: Session, keyring: Keyring, key: AccountKey, party: str, now: Instant) -> None:
    """Take a layer away, at once. Raises `NoSuchLayerError` if there is none that this person may take away."""
    if not any(layer.party == party and layer.removable for layer in layers_over(session, keyring, key, now)):
        raise NoSuchLayerError("this is not there any more, or you cannot take it away here; look at your choices")
    patient: UUID | None = Register(session, keyring, now).patient_of(key)
    if patient is not None:
        Layers(session, keyring, patient, now).remove(Party(party))


def _shown(layer: LayerLines, *, adult: bool) -> LayerOver:
    ours = _OURS.get(layer.by)
    others: SetBy = "forum" if layer.by.startswith(_PLATFORM) else "guardian"
    return LayerOver(
        party=layer.by,
        set_by=ours or others,
        names_one=all(line.name for line in layer.refusals),
        # A child's guardian and forum must be heard first; nobody does that in this version.
        removable=ours is not None or adult,
    )
