"""Writing measures: blocks, closed actions, an emergency view, a case. Taken at once, dated, ended, never erased."""

from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Action, Instant
from governance.effective.documents import Kind
from governance.effective.errors import NoSuchMeasureError
from governance.effective.models import Measure
from governance.effective.service import Register
from governance.ledger.rows import keep

ROOM: Final = "measures"
LONGEST_VIEW: Final = 24 * 3600 * 1_000_000
"""Microseconds that an emergency view lasts; design, section 3d."""
LASTING: Final = 36_525 * LONGEST_VIEW
"""A century, for what lasts until somebody ends it: dates of people can still say when."""


OF_A_RESTORE: Final = "of a restore"
"""What a measure is about that nobody took, but a restore that could not tell what was in force."""


class MeasureKind(StrEnum):
    """What an officer can do."""

    PAIR_BLOCK = "pair_block"
    HCP_BLOCK = "hcp_block"
    EMERGENCY_VIEW = "emergency_view"
    RESTRICTION = "restriction"
    CASE = "case"


_MEMBER: Final = {
    MeasureKind.PAIR_BLOCK: "blocks",
    MeasureKind.HCP_BLOCK: "blocks",
    MeasureKind.EMERGENCY_VIEW: "emergency_views",
    MeasureKind.RESTRICTION: "restrictions",
    MeasureKind.CASE: "cases",
}
"""Where in its subject's document a measure stands."""
_STOPS_A_START: Final = frozenset({MeasureKind.HCP_BLOCK, MeasureKind.RESTRICTION})
"""Nobody becomes a patient here while one of these stands: for its time there is a case as well."""


class Measures:
    """Takes and lifts measures, in one transaction. Every entry ends with its begin and end."""

    def __init__(self, session: Session, keyring: Keyring, now: Instant) -> None:
        """Write at this instant."""
        self._session, self._keyring = session, keyring
        self._register = Register(session, keyring, now)
        self._now = now

    def block_pair(self, patient_id: UUID, account: AccountKey, until: Instant) -> Measure:
        """Refuse one account everything about one patient."""
        return self._take(MeasureKind.PAIR_BLOCK, ("patient", str(patient_id)), (account,), until)

    def block_hcp(self, hcp_id: UUID, until: Instant) -> Measure:
        """Refuse one professional everything, in every capacity, on every platform."""
        return self._take(MeasureKind.HCP_BLOCK, ("hcp", str(hcp_id)), (), until)

    def close_action(self, hcp_id: UUID, action: Action, until: Instant) -> Measure:
        """Refuse one professional one action, in every capacity, on every platform."""
        return self._take(MeasureKind.RESTRICTION, ("hcp", str(hcp_id)), (action.value,), until)

    def open_case(self, hcp_id: UUID, until: Instant) -> Measure:
        """Say that a serious case stands: it refuses nothing, but stops a capacity from starting meanwhile."""
        return self._take(MeasureKind.CASE, ("hcp", str(hcp_id)), (), until)

    def view_in_emergency(self, hcp_id: UUID, platform_id: UUID, thread: str) -> Measure:
        """Let one professional read one thread for a day; it counts for those authors who agreed beforehand.

        `thread` is the digest of the platform's id.
        """
        about = (str(platform_id), thread)
        until = Instant(self._now + LONGEST_VIEW)
        return self._take(MeasureKind.EMERGENCY_VIEW, ("hcp", str(hcp_id)), about, until)

    def block_after_restore(self, hcp_id: UUID) -> None:
        """Refuse one professional everything until staff lift it; one such block is enough."""
        lasting = self._now + LASTING // 2
        if not any(end > lasting for *_, end in self._said(("hcp", str(hcp_id))).get("blocks", [])):
            taken = self.block_hcp(hcp_id, Instant(self._now + LASTING))
            taken.about = [OF_A_RESTORE]
            self._keep(taken)

    def list_again(self, kind: Kind, subject: str) -> None:
        """Make the list say of a subject what is in force: without its line nobody could lift a block."""
        there = Measure.about_subject(self._session, subject)
        said = self._said((kind, subject))
        block = MeasureKind.PAIR_BLOCK if kind == "patient" else MeasureKind.HCP_BLOCK
        for of in (block, MeasureKind.RESTRICTION, MeasureKind.EMERGENCY_VIEW):
            lines = sorted((measure for measure in there if measure.kind == of), key=lambda one: one.until)
            for *entry, until in sorted(said.get(_MEMBER[of], []), key=lambda one: one[-1]):
                line = next((one for one in lines if entry_of(one) == entry), None)
                if line is None:
                    self._list(of, (kind, subject), (*entry[:-1],), (entry[-1], until))
                    continue
                lines.remove(line)
                if line.until != until:
                    # Such as a block whose end was an opening, of which a restore is not certain.
                    line.until = until
                    self._keep(line)

    def lift(self, measure_id: UUID) -> Measure:
        """End a measure now. Raises `NoSuchMeasureError`."""
        measure = self._session.get(Measure, measure_id, with_for_update=True)
        if measure is None or measure.until <= self._now:
            raise NoSuchMeasureError("no such measure stands; `governance measure list` shows those that do")
        subject: tuple[Kind, str] = ("patient" if measure.subject_kind == "patient" else "hcp", measure.subject)
        said = self._said(subject)
        member, entry = _MEMBER[MeasureKind(measure.kind)], [*entry_of(measure), measure.until]
        entries = said.get(member, [])
        if entry not in entries:
            raise NoSuchMeasureError("the measure is not in force any more; run `governance ledger verify`")
        _end(entries, entry, max(self._now, measure.since))
        if MeasureKind(measure.kind) in _STOPS_A_START:
            _end(said.get("cases", []), [measure.since, measure.until], max(self._now, measure.since))
        self._register.put(*subject, ROOM, said)
        measure.until = max(self._now, measure.since)
        self._keep(measure)
        return measure

    def _take(self, kind: MeasureKind, subject: tuple[Kind, str], about: tuple[str, ...], until: Instant) -> Measure:
        said = self._said(subject)
        said[_MEMBER[kind]] = [*said.get(_MEMBER[kind], []), [*about, self._now, until]]
        if kind in _STOPS_A_START:
            said["cases"] = [*said.get("cases", []), [self._now, until]]
        self._register.put(*subject, ROOM, said)
        return self._list(kind, subject, about, (self._now, until))

    def _list(
        self, kind: MeasureKind, subject: tuple[Kind, str], about: tuple[str, ...], during: tuple[int, int]
    ) -> Measure:
        since, until = during
        measure = Measure(
            kind=kind, subject_kind=subject[0], subject=subject[1], about=list(about), since=since, until=until
        )
        self._keep(measure)
        return measure

    def _keep(self, measure: Measure) -> None:
        """Write a line of the list; a restored database has it under the same number, for whoever looks again."""
        owner = owner_of("patient" if measure.subject_kind == "patient" else "hcp", measure.subject)
        keep(self._session, self._keyring, measure, of=owner)

    def _said(self, subject: tuple[Kind, str]) -> dict[str, Any]:
        return self._register.said(*subject, ROOM)


def is_of_a_restore(measure: Measure) -> bool:
    """Say whether nobody took a measure, but a restore did."""
    return measure.about == [OF_A_RESTORE]


def entry_of(measure: Measure) -> list[str | int]:
    """Return how a measure's entry in force begins."""
    return [*([] if is_of_a_restore(measure) else measure.about), measure.since]


def _end(entries: list[Any], entry: list[Any], at: int) -> None:
    """Let an entry end; of two equal ones only the first."""
    if entry in entries:
        entries[entries.index(entry)] = [*entry[:-1], at]
