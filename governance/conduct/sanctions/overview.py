"""A sanction as the professional reads it: what, why, until when, what became of it, what they can do."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import NoSuchSanctionError
from governance.conduct.sanctions.models import Sanction
from governance.conduct.sanctions.service import Sanctions, Step
from governance.conduct.sanctions.states import GONE, State
from governance.decision.vocabulary import Instant


@dataclass(frozen=True, slots=True)
class Told:
    """One sanction, opened. Who of staff did what is not in it, and nothing of who reported."""

    sanction: Sanction
    first: Step
    later: tuple[Step, ...]
    stands: bool
    """Whether it closes anything, or warns, now."""
    may_appeal: bool
    appeal_until: Instant
    answer_by: Instant | None
    """When an appeal that waits must be answered."""


def told(sanctions: Sanctions, sanction: Sanction | None, hcp_id: UUID) -> Told:
    """Return one's own sanction. Raises `NoSuchSanctionError`."""
    if sanction is None or sanction.hcp_id != hcp_id:
        raise NoSuchSanctionError("there is no such measure against you")
    first, *later = sanctions.steps(sanction)
    state, last = State(sanction.state), sanctions.appeal_until(sanction)
    over = sanction.until is not None and sanction.until <= sanctions.now
    return Told(
        sanction=sanction,
        first=first,
        later=tuple(later),
        stands=state not in GONE and not over,
        may_appeal=state is State.STANDING and sanctions.now < last,
        appeal_until=last,
        answer_by=sanctions.answer_by(later) if state is State.APPEALED else None,
    )


def told_all(sanctions: Sanctions, session: Session, hcp_id: UUID) -> list[Told]:
    """Return all sanctions against a professional, the newest first."""
    return [told(sanctions, one, hcp_id) for one in Sanction.against(session, hcp_id)]
