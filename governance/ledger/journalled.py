"""What verification finds in the journal: what is missing, forged or damaged, and whether anything signed needs it."""

from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.ledger.checkpoints import FIRST, Checkpoint, Signer, newest
from governance.ledger.commits import open_record
from governance.ledger.errors import OutsideError
from governance.ledger.findings import Findings
from governance.ledger.head import Head
from governance.ledger.journal import Torn
from governance.ledger.marks import Marks, mark_in
from governance.ledger.outside import Outside


def look_through(keyring: Keyring, outside: Outside, head: Head, findings: Findings) -> None:
    """Read the journal and note what is wrong with it; `head` is that of the database."""
    before, marks, torn = 0, Marks(), list[tuple[Torn, bool]]()
    for part in outside.journal():
        if isinstance(part, Torn):
            torn.append((part, marks.first is None))
            continue
        if part.sequence != before + 1:
            findings.add("journal_gap", f"records {before + 1} to {part.sequence - 1}")
        before = part.sequence
        try:
            marks.add(mark_in(open_record(keyring, part.sequence, part.body)))
        except EnvelopeError:
            findings.add("journal_forged", f"record {part.sequence}")
    if before < head.journalled:
        findings.add("journal_cut", f"ends with {before}, the database has seen {head.journalled}")
    if torn:
        code = _whose(marks, _present(keyring, outside, head), early=any(early for _, early in torn))
        for part, _ in torn:
            findings.add(code, f"bytes {part.start} to {part.end}")


def _present(keyring: Keyring, outside: Outside, head: Head) -> list[Checkpoint]:
    """Return what must have been journalled: the database's own state, and the one that was signed last."""
    present = [Checkpoint(head.epoch, head.tree.size, head.tree.root)]
    try:
        signed = newest(outside, Signer(keyring))
    except OutsideError:
        return present
    return present if signed is None else [*present, signed]


def _whose(marks: Marks, present: list[Checkpoint], *, early: bool) -> str:
    """Return what torn records are called; `early`: one lies before all marks, where nobody can say who needs it."""

    def begins(one: Checkpoint) -> bool:
        return one == FIRST or (not early and marks.first is not None and one == marks.first.before)

    if marks.lead(present, begins):
        return "journal_torn"
    if marks.lead(present, lambda one: begins(one) or marks.opens_epoch(one)):
        return "journal_lost_before"
    return "journal_lost"
