"""Writing what a person is asked again at 18: what somebody else said yes to for them, class by class."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Action, Instant
from governance.effective.documents import AskedAgain
from governance.effective.lines import About
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
        found = self._by_about()
        for one in asked:
            found[one.about] = found.get(one.about, frozenset()) | one.actions
        self._put(found)

    def drop(self, own: Iterable[AskedAgain]) -> None:
        """Let this stay: the person says it by themselves."""
        found = self._by_about()
        for one in own:
            found[one.about] = found.get(one.about, frozenset()) - one.actions
        self._put(found)

    def _by_about(self) -> dict[About, frozenset[Action]]:
        return {one.about: one.actions for one in self.kept()}

    def _put(self, found: dict[About, frozenset[Action]]) -> None:
        left = [about.ends(actions) for about, actions in sorted(found.items()) if actions]
        if tuple(left) != self.kept():
            self._register.put("patient", self._patient, _ROOM, {_ROOM: left})
