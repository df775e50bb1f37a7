"""What verification can find: the kind of damage, what it means, what to do."""

from collections import Counter
from typing import Final, NamedTuple


class Kind(NamedTuple):
    """One kind of finding."""

    meaning: str
    advice: str
    damage: bool = True
    """False for what a machine that stopped leaves behind, and nobody was told of."""


class Finding(NamedTuple):
    """Something found."""

    code: str
    where: str


_STOP: Final = "stop the service, keep a copy of database and outside folder, find out who could write there; then "
_RESTORE: Final = _STOP + "restore a backup that verifies and declare it with `governance restore`"
_OUTSIDE: Final = _STOP + "if the database alone verifies, go on from it with `governance restore`"
_BACKUP: Final = _STOP + "take a backup now: no older one can be brought up to what was said since"
_ROWS: Final = _STOP + "let those it concerns check their choices; until then the row refuses"
_FORMER: Final = (
    _STOP + "let those it concerns check their choices and start it again; until then the former row counts"
)

KINDS: Final[dict[str, Kind]] = {
    "entry_edited": Kind("an entry's text is not the one that was written", _RESTORE),
    "entry_moved": Kind("an entry stands where another one stood", _RESTORE),
    "entry_missing": Kind("entries were deleted", _RESTORE),
    "entry_extra": Kind("there is an entry that the program did not number", _RESTORE),
    "entry_unreadable": Kind("an entry's text has not the form that the program writes", _RESTORE),
    "columns_differ": Kind("time or kind beside an entry are not those in its text", _RESTORE),
    "inner_hash_changed": Kind("a hash beside an entry, which proofs are made from, is not what follows", _RESTORE),
    "history_rewritten": Kind("entries up to here are not those that were signed at the time", _RESTORE),
    "entries_cut": Kind("the newest entries were deleted", _RESTORE),
    "entries_behind_head": Kind("there are entries behind the ledger's end", _RESTORE),
    "rolled_back": Kind(
        "the database is older than a checkpoint that was signed: a former copy was put back", _RESTORE
    ),
    "head_missing": Kind("the row that knows where the entries end was deleted", _RESTORE),
    "head_edited": Kind("the row that knows where the entries end was changed by another hand", _RESTORE),
    "head_differs": Kind("the row that knows where the entries end does not follow from them", _RESTORE),
    "checkpoint_missing": Kind("the newest checkpoint outside the database is gone", _OUTSIDE),
    "checkpoint_forged": Kind("the newest checkpoint outside the database is not signed by this service", _OUTSIDE),
    "checkpoint_older": Kind("a former checkpoint was put in the place of the newest one", _OUTSIDE),
    "checkpoint_log_missing": Kind("the log of all checkpoints is gone", _OUTSIDE),
    "checkpoint_log_forged": Kind("the log of checkpoints holds one that is not signed by this service", _OUTSIDE),
    "checkpoint_log_order": Kind("checkpoints in the log are not in the order in which they were signed", _OUTSIDE),
    "checkpoint_log_torn": Kind("a line of the log was cut short when the machine stopped", "nothing", damage=False),
    "epoch_differs": Kind("a restore was declared over another checkpoint than the newest in the log", _OUTSIDE),
    "journal_cut": Kind("the journal ends before records that the database has seen", _OUTSIDE),
    "journal_gap": Kind("records are missing inside the journal", _OUTSIDE),
    "journal_forged": Kind("a record of the journal does not open with this service's key", _OUTSIDE),
    "journal_torn": Kind(
        "a record was cut short when the machine stopped; nothing signed needs it: it was never acknowledged",
        "nothing",
        damage=False,
    ),
    "journal_lost": Kind("a record of the journal is damaged, and something that was signed may need it", _BACKUP),
    "journal_lost_before": Kind(
        "as journal_lost, but from before the last declared restore: older backups need `--without-journal`",
        "take a backup now",
        damage=False,
    ),
    "row_edited": Kind("a row in force is not the one that was entered", _ROWS),
    "row_older": Kind("a former row in force was put back", _FORMER),
    "row_missing": Kind("a row in force was deleted", _ROWS),
    "row_unentered": Kind("a row in force was never entered", _ROWS),
}
_KEPT_OF_EACH: Final = 20


class Findings:
    """What was found, in its order; of each kind the first few with their place, all counted."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.counts: Counter[str] = Counter()
        self.first: list[Finding] = []

    def add(self, code: str, where: str) -> None:
        """Note something."""
        if code not in KINDS:
            raise KeyError(code)
        self.counts[code] += 1
        if self.counts[code] <= _KEPT_OF_EACH:
            self.first.append(Finding(code, where))

    @property
    def damage(self) -> bool:
        """Say whether something was found that no stopped machine explains."""
        return any(KINDS[code].damage for code in self.counts)
