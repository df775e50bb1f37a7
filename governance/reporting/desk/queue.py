"""The list of cases of one officer, what is due first coming first, and the search in it. Nobody else's is counted."""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.reporting.cases import events
from governance.reporting.cases.errors import NoSuchCaseError
from governance.reporting.cases.models import Case
from governance.reporting.cases.sealing import key_of
from governance.reporting.clocks.models import CaseClock
from governance.reporting.vaults.keys import OpenVault

MOST_SEARCHED: Final = 500
_SHORT: Final = 8


class Line(NamedTuple):
    """One case in the list."""

    case: Case
    clock: CaseClock | None
    """The running clock that is due first; none while all stand still."""

    @property
    def due(self) -> Instant | None:
        """Return when something must be done."""
        return None if self.clock is None else Instant(self.clock.due)


def queue(session: Session, officer_id: UUID, *, over: bool = False) -> list[Line]:
    """Return an officer's cases: danger first, then what is due first."""
    cases = Case.of_member(session, officer_id, over=over)
    soonest = CaseClock.soonest(session, [case.id for case in cases])
    return sorted((Line(case, soonest.get(case.id)) for case in cases), key=_first)


def search(session: Session, keyring: Keyring, vault: OpenVault, typed: str) -> list[Line]:
    """Return the officer's cases, over or not, that hold what was typed: in their number, type, or events.

    A case that they are out of is not looked at: neither found nor counted.
    """
    wanted = typed.strip().casefold()
    if not wanted:
        return []
    lines = [*queue(session, vault.staff_id), *queue(session, vault.staff_id, over=True)][:MOST_SEARCHED]
    return [line for line in lines if wanted in _words(session, keyring, line.case, vault)]


def short_number(case_id: UUID) -> str:
    """Return what officers call a case."""
    return case_id.hex[:_SHORT].upper()


def _words(session: Session, keyring: Keyring, case: Case, vault: OpenVault) -> str:
    try:
        history = events.history(session, keyring, key_of(session, keyring, case.id, vault))
    except NoSuchCaseError:
        return ""
    said = [short_number(case.id), case.kind, *case.also, case.state, case.severity]
    for event in history:
        said += [event.words, *event.facts.values()]
    return " ".join(said).casefold()


def _first(line: Line) -> tuple[bool, float, str]:
    return not line.case.danger_now, float("inf") if line.due is None else line.due, str(line.case.id)
