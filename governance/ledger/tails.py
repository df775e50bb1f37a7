"""The ends of what is kept outside: a database that was put back together with its checkpoint is behind them.

They are read from the back, however long the files are. THREAT: who can write to the folder outside can cut all three,
checkpoint, log and journal, back to the same moment; nothing on this machine then tells. Nor does the journal tell of
the one last transaction: one that was never committed leaves the same mark. That is what another disk is for, of
another hand, and `governance ledger checkpoint` printed for somebody else to keep.
"""

from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.ledger import models
from governance.ledger.checkpoints import Checkpoint, Signer
from governance.ledger.commits import open_record
from governance.ledger.errors import OutsideError, RolledBackError
from governance.ledger.head import Head
from governance.ledger.journal import Frame
from governance.ledger.marks import Reached, mark_in
from governance.ledger.outside import Outside
from governance.ledger.tree import Frontier

_MOST: Final = 4096
"""Records without a mark behind them, such as sign-ins; a look stays short however many there are."""
_MENDS: Final = (
    "stop the service, run `governance ledger verify`, and put the newer database back, or the newest backup by "
    "`governance restore FILE`, which says again what the journal holds"
)


class Tails(NamedTuple):
    """The last checkpoint in the log of all, and the last mark in the journal, as far as there are any of our hand."""

    logged: Checkpoint | None
    mark: Reached | None


def tails_of(outside: Outside, keyring: Keyring) -> Tails:
    """Read both, before the database is looked at: what is written meanwhile is in the database then.

    Raises `OutsideError`.
    """
    signer = Signer(keyring)
    logged = (_opened(signer, note) for note in outside.last_checkpoints())
    marks = (_mark(keyring, frame) for frame in islice(outside.last_journal(), _MOST))
    return Tails(next(filter(None, logged), None), next(filter(None, marks), None))


def require_reached(session: Session, head: Head, kept: Checkpoint | None, tails: Tails) -> None:
    """Raise `RolledBackError` or `OutsideError` if a database and the checkpoint outside stop short of the tails."""
    logged = tails.logged
    if logged is not None and logged.place > (head.epoch, head.tree.size):
        raise RolledBackError(f"database and checkpoint are older than the log of all checkpoints; {_MENDS}")
    if logged is not None and kept is not None and logged.place > kept.place:
        raise OutsideError(
            "the checkpoint outside was put back, their log has a later one; run `governance ledger verify`"
        )
    if not reaches(session, head, tails.mark):
        raise RolledBackError(f"database and checkpoint are older than the journal, or others; {_MENDS}")


def reaches(session: Session, head: Head, mark: Reached | None) -> bool:
    """Say whether a database holds the state that a transaction led to, or the one it began from if it never ended."""
    # A restore that was declared since may have given up what the mark is of.
    if mark is None or mark.before is None or mark.after.epoch < head.epoch:
        return True
    return any(_holds(session, head, state) for state in (mark.after, mark.before))


def _holds(session: Session, head: Head, state: Checkpoint) -> bool:
    if state.place > (head.epoch, head.tree.size) or state.size > head.tree.size:
        return False
    if state.size == head.tree.size:
        return state.root == head.tree.root
    return Frontier.at(state.size, models.subtrees(session)).root == state.root


def _opened(signer: Signer, note: str | None) -> Checkpoint | None:
    try:
        return None if note is None else signer.open(note)
    except OutsideError:
        return None


def _mark(keyring: Keyring, frame: Frame) -> Reached | None:
    try:
        return mark_in(open_record(keyring, frame.sequence, frame.body))
    except EnvelopeError:
        return None
