"""Writing layers: refusals by somebody else than the patient. Set at once; only the patient takes them away."""

from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.provisions import CARE_TEAM, EVERYWHERE, OTHERS, Provision, Who, named
from governance.decision.vocabulary import AccountKey, Action, Effect, Instant
from governance.effective.documents import LayerLines, line_of
from governance.effective.errors import NoSuchLayerError
from governance.effective.service import Register

_ROOM: Final = "layers"


class Party(NamedTuple):
    """Who refuses: a platform on its member's behalf (there only), a guardian, or we after a restore (everywhere)."""

    name: str
    platform_id: UUID | None = None


def platform_party(platform_id: UUID) -> Party:
    """Return a platform as a party."""
    return Party(f"platform:{platform_id}", platform_id)


RESTORED: Final = Party("restore")
"""We ourselves: what a restore could not bring back for certain is refused until the patient has looked at it."""

DEATH: Final = Party("death")
"""Staff, on trusted notice that somebody died: all permits end, and nobody takes it away on a page."""
SEPARATED: Final = Party("separated")
"""We ourselves: two people's records were joined by mistake, and what either chose meanwhile cannot be told apart."""
STAFF: Final = Party("staff")
"""Staff, for a patient who asked by phone or on paper."""


def refuse_all(party: Party) -> list[Provision]:
    """Return the refusals of everything to every professional."""
    return [_refusal(f"{party.name}:{who.kind}", who) for who in (CARE_TEAM, OTHERS)]


def refuse_one(party: Party, account: AccountKey) -> list[Provision]:
    """Return the refusal of everything to one account."""
    return [_refusal(f"{party.name}:{account}", named(account))]


def _refusal(line_id: str, who: Who) -> Provision:
    return Provision(line_id, Effect.REFUSE, who, EVERYWHERE, frozenset(Action))


class Layers:
    """The layers over one patient's choices, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
        """Write about this patient."""
        self._register = Register(session, keyring, now)
        self._patient = str(patient_id)

    def add(self, party: Party, refusals: Iterable[Provision]) -> None:
        """Put refusals into a party's layer, at once; those it has stay."""
        layers = self._by_party()
        old = layers.get(party.name, LayerLines(by=party.name, platform=_platform(party), refusals=()))
        lines = {line.id: line for line in (*old.refusals, *map(line_of, refusals))}
        self._put({**layers, party.name: msgspec.structs.replace(old, refusals=tuple(lines.values()))})

    def remove(self, party: Party) -> None:
        """Take a party's layer away, for the patient alone. Raises `NoSuchLayerError`."""
        layers = self._by_party()
        if party.name not in layers:
            raise NoSuchLayerError("there is no such layer over these choices; list them first")
        del layers[party.name]
        self._put(layers)

    def kept(self) -> tuple[LayerLines, ...]:
        """Return the layers that stand. Raises `BrokenRowError`."""
        said = self._register.said("patient", self._patient, _ROOM)
        return msgspec.convert(said.get("layers", []), tuple[LayerLines, ...])

    def _by_party(self) -> dict[str, LayerLines]:
        return {layer.by: layer for layer in self.kept()}

    def _put(self, layers: dict[str, LayerLines]) -> None:
        self._register.put("patient", self._patient, _ROOM, {"layers": list(layers.values())})


def _platform(party: Party) -> str | None:
    return None if party.platform_id is None else str(party.platform_id)
