"""Writing what a person is asked again at 18: what somebody else said yes to for them, class by class."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Action, Instant
from governance.effective.documents import AskedAgain
from governance.effective.service import Register

_ROOM: Final = "asked_again"


class AskingAgain:
    """What ends for one patient when they turn 18, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
        """Write about this patient."""
        self._register = Register(session, keyring, now)
        self._patient = str(patient_id)

    def kept(self) -> tuple[AskedAgain, ...]:
        """Return what ends. Raises `BrokenRowError`."""
        said = self._register.said("patient", self._patient, _ROOM)
        return msgspec.convert(said.get(_ROOM, []), tuple[AskedAgain, ...])

    def add(self, asked: Iterable[AskedAgain]) -> None:
        """Have this end at 18."""
        found = self._by_who()
        for one in asked:
            found[one.who, one.name] = found.get((one.who, one.name), frozenset()) | one.actions
        self._put(found)

    def drop(self, own: Iterable[AskedAgain]) -> None:
        """Let this stay: the person says it by themselves."""
        found = self._by_who()
        for one in own:
            found[one.who, one.name] = found.get((one.who, one.name), frozenset()) - one.actions
        self._put(found)

    def _by_who(self) -> dict[tuple[WhoKind, str], frozenset[Action]]:
        return {(one.who, one.name): one.actions for one in self.kept()}

    def _put(self, found: dict[tuple[WhoKind, str], frozenset[Action]]) -> None:
        left = [AskedAgain(who, actions, name) for (who, name), actions in sorted(found.items()) if actions]
        if tuple(left) != self.kept():
            self._register.put("patient", self._patient, _ROOM, {_ROOM: left})
