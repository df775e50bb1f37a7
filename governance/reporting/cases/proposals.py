"""What needs two people: one officer proposes, another one in the same case answers. Nobody answers their own."""

from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

import msgspec

from governance.crypto.data_keys import owner_of
from governance.ledger.rows import keep
from governance.reporting.cases.errors import NeedsSecondError, NotSaidError
from governance.reporting.cases.events import What
from governance.reporting.cases.models import OPEN, CaseMember, Proposal
from governance.reporting.cases.sealing import opened, sealed_to
from governance.reporting.cases.service import CaseWork

_TABLE: Final = "case_proposal"


class Kind(StrEnum):
    """What is proposed."""

    CLOSE = "close"
    """Closing a case that is serious."""
    MISUSE = "misuse"
    """Saying that a report was made to hurt somebody: never by one person, and never by default."""
    WIDE_BLOCK = "wide_block"
    """Blocking a professional everywhere."""
    DELETE = "delete"
    """Deleting a case that is over before its time."""


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal, opened."""

    kind: Kind
    words: str
    facts: dict[str, str] = {}


def propose(case: CaseWork, wanted: Proposed) -> Proposal:
    """Ask a second officer. One of a kind waits at a time. Raises `NotSaidError`."""
    if not wanted.words.strip():
        raise NotSaidError("write why, so that the second officer can decide")
    if any(one.kind is wanted.kind for _, one in waiting(case)):
        raise NotSaidError("the same is proposed already; another officer answers it")
    number = uuid4()
    row = Proposal(
        id=number,
        case_id=case.case.id,
        by=case.officer,
        sealed=sealed_to(case.work, case.case, msgspec.json.encode(wanted), _TABLE, str(number)),
        state=OPEN,
    )
    keep(case.work.session, case.work.keyring, row, of=owner_of("case", case.case.id))
    case.say(What.PROPOSED, wanted.words, {"kind": wanted.kind.value, **wanted.facts})
    return row


def waiting(case: CaseWork) -> list[tuple[Proposal, Proposed]]:
    """Return what waits for a second person."""
    return [(row, _opened(case, row)) for row in Proposal.open_of(case.work.session, case.case.id)]


def answer(case: CaseWork, proposal_id: UUID, *, yes: bool, words: str) -> Proposed:
    """Answer what another officer proposed; the caller does it, in this transaction. Raises `NeedsSecondError`."""
    row = Proposal.locked(case.work.session, proposal_id)
    if row is None or row.case_id != case.case.id or row.state != OPEN:
        raise NotSaidError("nothing like that is proposed any more; look at the case again")
    if row.by == case.officer:
        raise NeedsSecondError("somebody else answers what you proposed; ask another officer")
    if yes and not CaseMember.is_in(case.work.session, case.case.id, row.by):
        # Two people agree, and neither of them may be one who must have no part in it.
        raise NeedsSecondError("whoever proposed this is out of the case; say no, and propose it yourself")
    wanted = _opened(case, row)
    row.state, row.answered_by = ("yes" if yes else "no"), case.officer
    keep(case.work.session, case.work.keyring, row, of=owner_of("case", case.case.id))
    case.say(What.ANSWERED, words.strip(), {"kind": wanted.kind.value, "answer": row.state})
    return wanted


def _opened(case: CaseWork, row: Proposal) -> Proposed:
    plain = opened(case.work.session, case.work.keyring, case.key, row.sealed, (_TABLE, str(row.id)))
    return msgspec.json.decode(plain, type=Proposed)
