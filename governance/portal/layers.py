"""Refusals that somebody else put over a patient's choices: shown to the patient, who alone takes them away."""

from typing import Final, Literal, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Action, Instant
from governance.effective.documents import LayerLines, PatientDocument
from governance.effective.errors import NoSuchLayerError
from governance.effective.layers import DEATH, RESTORED, SEPARATED, STAFF, Layers, Party
from governance.effective.service import Register
from governance.patients.ages.service import People, reached
from governance.patients.erasing.models import ErasureRequest
from governance.patients.erasing.service import ERASING
from governance.patients.guardians import hearings
from governance.patients.guardians.hearings import Subject
from governance.patients.guardians.models import Hearing
from governance.patients.guardians.service import Links
from governance.policy.views.optout import OptoutPolicy

_PLATFORM: Final = "platform:"
_ALL: Final = frozenset(Action)
SetBy = Literal["us", "separated", "staff", "death", "erasing", "forum", "guardian"]
_OURS: Final[dict[str, SetBy]] = {
    RESTORED.name: "us",
    SEPARATED.name: "separated",
    STAFF.name: "staff",
    DEATH.name: "death",
}


class LayerOver(NamedTuple):
    """One layer as its patient sees it."""

    party: str
    set_by: SetBy
    names_one: bool
    """Whether it refuses single professionals, not all."""
    removable: bool
    whole: bool = True
    """Whether it refuses everything, not some circles or actions."""
    name: str = ""
    """The guardian's, as they gave it."""
    heard_by: Instant | None = None
    """Until when an officer hears a young person who asked for that."""


class Over:
    """The layers over one patient's choices, in one session."""

    def __init__(self, session: Session, keyring: Keyring, policy: OptoutPolicy, now: Instant) -> None:
        """Look at this instant, by the table of ages in force."""
        self._session, self._keyring, self._policy, self._now = session, keyring, policy, now
        self._register = Register(session, keyring, now)

    def of(self, key: AccountKey) -> tuple[LayerOver, ...]:
        """Return the layers over the choices of the patient whose account this is, as decisions know it."""
        patient = self._register.patient_of(key)
        if patient is None:
            return ()
        kept = Layers(self._session, self._keyring, patient, self._now).kept()
        if not kept:
            return ()
        own, guardians = self._chooses_alone(patient), self._guardians(patient)
        heard = {one.about: Instant(one.due) for one in Hearing.open_of(self._session, patient)}
        going = self._session.get(ErasureRequest, patient) is not None
        return tuple(
            _own_wish(layer, is_going=going) if layer.by == ERASING.name else _shown(layer, guardians, heard, own=own)
            for layer in kept
        )

    def take_away(self, key: AccountKey, party: str) -> None:
        """Take a layer away, at once. Raises `NoSuchLayerError` if there is none that this person may take away."""
        if not any(layer.party == party and layer.removable for layer in self.of(key)):
            raise NoSuchLayerError("this is not there any more, or you cannot take it away here; look at your choices")
        patient = self._register.patient_of(key)
        if patient is not None:
            Layers(self._session, self._keyring, patient, self._now).remove(Party(party))

    def ask_to_be_heard(self, key: AccountKey, party: str) -> None:
        """Have an officer hear a young person about a layer. Raises `NoSuchLayerError`."""
        patient = self._register.patient_of(key)
        known = {layer.party for layer in self.of(key) if not layer.removable and layer.set_by in {"guardian", "forum"}}
        if patient is None or party not in known:
            raise NoSuchLayerError("this is not there any more; look at your choices")
        hearings.ask(self._session, self._keyring, patient, (Subject.LAYER, party), self._now)

    def _chooses_alone(self, patient: UUID) -> bool:
        """Say whether somebody has reached the age of own choice; of whom nobody told us the age, no."""
        document: PatientDocument = self._register.document("patient", str(patient))
        ages, zone = People(self._session, self._keyring, self._policy, self._now).clock(patient)
        return reached(document.adult_from, ages.own_choice, zone, self._now)

    def _guardians(self, patient: UUID) -> dict[str, tuple[str, bool]]:
        """Return the name of each guardian's layer, and whether they let it go."""
        linked = Links(self._session, self._keyring, self._now).of_patient(patient)
        return {one.party: (one.terms.name, one.link.released is not None) for one in linked}


def _own_wish(layer: LayerLines, *, is_going: bool) -> LayerOver:
    """Return what closes a record that is about to go: while it waits, it is stopped and not worn down."""
    return LayerOver(layer.by, "erasing", names_one=False, removable=not is_going)


def _shown(
    layer: LayerLines, guardians: dict[str, tuple[str, bool]], heard: dict[str, Instant], *, own: bool
) -> LayerOver:
    ours = _OURS.get(layer.by)
    others: SetBy = "forum" if layer.by.startswith(_PLATFORM) else "guardian"
    name, released = guardians.get(layer.by, ("", False))
    return LayerOver(
        party=layer.by,
        set_by=ours or others,
        names_one=all(line.name for line in layer.refusals),
        removable=ours != "death" and (ours is not None or own or released),
        whole=len({line.who for line in layer.refusals if line.actions == _ALL and not line.name}) > 1,
        name=name,
        heard_by=heard.get(layer.by),
    )
