"""Saying yes or no to a child's wish: guardians see classes, officers hear what names somebody."""

from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant, Level
from governance.effective.layers import Layers
from governance.optout.choices import Choices
from governance.optout.errors import NothingWaitsError
from governance.optout.guardians import OFFICER, Others, names_somebody
from governance.optout.models import WaitingChange
from governance.optout.ratchet import Outcome, Press, Waits, asked_for, choose
from governance.optout.waiting import Asks, End, Waiting, end, note_answer, opened, seal, waiting_for
from governance.patients.guardians import hearings
from governance.patients.guardians.errors import TiedGuardianError
from governance.patients.guardians.hearings import Subject
from governance.patients.guardians.requests import Request
from governance.patients.guardians.service import Guardian, Links

_ORDER: Final = list(Level)


class Part(NamedTuple):
    """One step of a wish, in classes alone."""

    part: str
    before: str
    after: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class ShownWish:
    """A child's wish as a guardian sees it: no name, no account, no post."""

    id: UUID
    parts: tuple[Part, ...]
    asked: Instant
    given_up: Instant
    said_yes: bool


class Agreeing:
    """What guardians and officers say to the wishes of one child, in one session."""

    def __init__(self, session: Session, keyring: Keyring, wait: int, now: Instant) -> None:
        """Work at this instant; a wish to which all said yes waits for `wait` microseconds."""
        self._session, self._keyring, self._wait, self._now = session, keyring, wait, now

    def shown(self, guardian: Guardian) -> list[ShownWish]:
        """Return what a child asks this guardian to agree with."""
        try:
            waits = waiting_for(self._session, self._keyring, guardian.link.patient_id)
        except KeyGoneError:
            return []
        return [self._shown(guardian, one) for one in waits if _is_for_guardians(one)]

    def answer(self, guardian: Guardian, change_id: UUID, *, yes: bool) -> None:
        """Take a guardian's answer. Raises `TiedGuardianError`, and `NothingWaitsError` for what is not theirs."""
        waiting = self._waiting(change_id, Asks.GUARDIAN)
        if waiting.change.patient_id != guardian.link.patient_id or not _is_for_guardians(waiting):
            raise NothingWaitsError("this does not wait any more; look at the page again")
        if not yes:
            if set(waiting.wish.agreed) - {str(guardian.link.id)}:
                self._flag(waiting)
            self._refuse(waiting)
            return
        if Links(self._session, self._keyring, self._now).is_tied(guardian):
            raise TiedGuardianError("you are a health professional here, so you cannot let one in; staff can help")
        self._agree(waiting, str(guardian.link.id))
        if self._another_refuses(guardian):
            self._flag(waiting)

    def decide(self, change_id: UUID, *, yes: bool) -> None:
        """Take an officer's answer to a wish that names somebody. Raises `NothingWaitsError`."""
        waiting = self._waiting(change_id, Asks.OFFICER)
        if yes:
            self._agree(waiting, OFFICER)
        else:
            self._refuse(waiting)

    def assent(self, guardian: Guardian | None, patient_id: UUID, request: Request, press: Press) -> Outcome:
        """Take a child's own yes to what a guardian asked for; with it the guardian's own yes is said.

        Raises as `choose` does.
        """
        asked = asked_for(self._session, self._keyring, patient_id, self._now) or Choices()
        if request.circle == "care_team":
            wanted = asked._replace(care_team=max(asked.care_team, request.level, key=_ORDER.index))
        else:
            wanted = asked._replace(others=max(asked.others, request.level, key=_ORDER.index))
        outcome = choose(self._session, self._keyring, patient_id, wanted, press)
        if guardian is not None and isinstance(outcome, Waits):
            waiting = self._opened(outcome.change)
            if _is_for_guardians(waiting):
                self.answer(guardian, outcome.change.id, yes=True)
        return outcome

    def _agree(self, waiting: Waiting, who: str) -> None:
        wish = msgspec.structs.replace(waiting.wish, agreed=tuple(sorted({*waiting.wish.agreed, who})))
        if Others(self._session, self._keyring, waiting.change.patient_id, self._now).all_agree(wish):
            wish = msgspec.structs.replace(wish, complete=True, due=self._now + self._wait)
        seal(self._session, self._keyring, waiting.change, wish)
        note_answer(self._session, self._keyring, waiting.change, self._now, "agreed")

    def _refuse(self, waiting: Waiting) -> None:
        end(self._session, self._keyring, waiting.change, End.REFUSED, self._now)

    def _flag(self, waiting: Waiting) -> None:
        patient_id, about = waiting.change.patient_id, (Subject.DISAGREEMENT, str(waiting.change.id))
        hearings.ask(self._session, self._keyring, patient_id, about, self._now)

    def _another_refuses(self, guardian: Guardian) -> bool:
        layers = Layers(self._session, self._keyring, guardian.link.patient_id, self._now).kept()
        return any(layer.by.startswith("guardian:") and layer.by != guardian.party for layer in layers)

    def _waiting(self, change_id: UUID, asks: Asks) -> Waiting:
        change = WaitingChange.locked(self._session, change_id)
        waiting = None if change is None or change.ended is not None else self._opened(change)
        if waiting is None or waiting.wish.complete or waiting.wish.asks is not asks:
            raise NothingWaitsError("this does not wait any more; look at the page again")
        return waiting

    def _opened(self, change: WaitingChange) -> Waiting:
        return Waiting(change, opened(DataKeys(self._session, self._keyring), change))

    def _shown(self, guardian: Guardian, waiting: Waiting) -> ShownWish:
        wish = waiting.wish
        parts = []
        for step in wish.steps:
            before = step.back_from(wish.base.choices)
            parts.append(Part(step.part, str(before), str(step.value), step.member))
        yes = str(guardian.link.id) in wish.agreed
        return ShownWish(waiting.change.id, tuple(parts), Instant(wish.made), waiting.due, yes)


def _is_for_guardians(waiting: Waiting) -> bool:
    wish = waiting.wish
    # Twice, because a name that a guardian reads cannot be taken back.
    return wish.asks is Asks.GUARDIAN and not wish.complete and not names_somebody(wish.steps)
