"""After a restore: say again what was said since the backup, and open nothing to anybody by it.

Of a community, what its platform opened since waits until it says so once more, with notice.
Everything is one transaction. Whoever is killed in it has changed nothing, and can begin again.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.backup.communities import judge_strictly, not_looser
from governance.backup.errors import JournalMissingError
from governance.backup.journal import Repeated, RowSaid, SinceBackup, since_backup
from governance.backup.stricter import stricter
from governance.backup.tables import KEPT, called
from governance.conduct.restored import stand_again
from governance.crypto.data_keys import DataKeys
from governance.crypto.keys import Keyring
from governance.decision.provisions import Provision, WhoKind
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.documents import Kind, PatientDocument
from governance.effective.erasure import erase_again
from governance.effective.layers import RESTORED, Layers, refuse_all, refuse_one
from governance.effective.macs import Binding
from governance.effective.measures import ROOM as MEASURES
from governance.effective.measures import Measures
from governance.effective.models import InForce
from governance.effective.service import Register
from governance.holdings import HOLDINGS
from governance.identity.models import Platform
from governance.identity.restored import sign_everybody_out
from governance.ledger.outside import Outside
from governance.ledger.personal import KeyGone
from governance.ledger.rows import RowKept, bring_back
from governance.ledger.start import declare_restore
from governance.patients.erasing.service import forget_rows

Progress = Callable[[int, int], None]
"""Told how many records are done, of how many."""
Afterwards = Callable[[Session, Keyring, UUID, Instant], None]
"""Told of every patient about whom something was said again, so that a room's own tables say the same."""
_TOLD_EVERY: Final = 100
_JUDGED: Final = ("patient", "hcp")


class Replayed(Counter[str]):
    """What was said again and what refuses now, by counts alone."""


class Replay:
    """Says again what the journal holds, in one transaction over the restored database."""

    def __init__(self, session: Session, keyring: Keyring, now: Instant) -> None:
        """Work in this session, in which a restore was declared."""
        self._session, self._keyring, self._now = session, keyring, now
        self._register = Register(session, keyring, now)
        self._uncertain: dict[tuple[str, str], None] = {}
        self._patients: dict[str, None] = {}
        self._professionals: dict[str, None] = {}
        self._measured: dict[tuple[Kind, str], None] = {}
        self.counts = Replayed()

    def take(self, record: Repeated) -> None:
        """Say one record again."""
        match record:
            case Binding():
                self._bind(record)
            case RowSaid():
                self._say(record)
            case KeyGone():
                DataKeys(self._session, self._keyring).destroy(record.of)
            case RowKept():
                self._keep(record)

    def end(self, afterwards: Sequence[Afterwards]) -> None:
        """Refuse what is uncertain, and have every room's own tables say what is in force."""
        for kind, subject in self._measured:
            Measures(self._session, self._keyring, self._now).list_again(kind, subject)
        self._refuse_what_is_uncertain()
        for subject in self._patients:
            for tell in afterwards:
                tell(self._session, self._keyring, UUID(subject), self._now)
        for subject in self._professionals:
            stand_again(self._session, self._keyring, UUID(subject), self._now)

    def _refuse_what_is_uncertain(self) -> None:
        for kind, subject in self._uncertain:
            if kind == "patient":
                self._layer(subject)
            else:
                self._block(subject)

    def everybody_is_uncertain(self) -> None:
        """Trust no row of anybody, and no community's openness: what was said about them since is not known."""
        self._uncertain |= {
            (kind, subject): None for kind in _JUDGED for subject in InForce.subjects(self._session, kind)
        }
        for subject in InForce.subjects(self._session, "community"):
            if judge_strictly(self._register, subject, self._now):
                self.counts["communities in which nothing is open until their platform says it once more"] += 1

    def _say(self, record: RowSaid) -> None:
        kind, subject, room, _, _ = record.said
        if kind in ("community", "platform") and not self._has_platform(subject.partition("/")[0]):
            return
        if record.erases:
            self._erase(record)
            return
        values, before = record.values, self._register.said(kind, subject, room)
        if kind == "community":
            values = not_looser(before, values, self._now)
        if values == before:
            return
        if record.opens and kind in _JUDGED:
            self._uncertain[kind, subject] = None
        if (kind, subject) in self._uncertain:
            values = stricter(kind, before, values)
        self._register.put(kind, subject, room, values)
        self._note(kind, subject, room)

    def _note(self, kind: Kind, subject: str, room: str) -> None:
        self.counts[f"records of kind {kind}"] += 1
        if kind == "patient":
            self._patients[subject] = None
        elif kind == "hcp":
            self._professionals[subject] = None
        if room == MEASURES:
            self._measured[kind, subject] = None

    def _erase(self, record: RowSaid) -> None:
        subject = record.said.subject
        erase_again(self._session, self._keyring, UUID(subject), record.values, self._now)
        forget_rows(self._session, self._keyring, UUID(subject), self._now, HOLDINGS)
        self._uncertain.pop(("patient", subject), None)
        self._measured.pop(("patient", subject), None)
        self._patients.pop(subject, None)
        self.counts["erasures"] += 1

    def _bind(self, binding: Binding) -> None:
        if self._has_platform(binding.platform):
            self._register.bind_again(binding)
            self.counts["accounts"] += 1

    def _keep(self, row: RowKept) -> None:
        back = bring_back(self._session, KEPT, row)
        if back == "said again":
            self.counts[called(row.table)] += 1
        elif back == "in the place of another":
            self.counts["rows in whose place another one is"] += 1

    def _has_platform(self, platform: str) -> bool:
        if self._session.get(Platform, UUID(platform)) is not None:
            return True
        self.counts["of platforms that the backup does not have"] += 1
        return False

    def _layer(self, subject: str) -> None:
        document: PatientDocument = self._register.document("patient", subject)
        Layers(self._session, self._keyring, UUID(subject), self._now).add(RESTORED, refusals_until_seen(document))
        self.counts["patients about whom everything is refused until they take that away"] += 1

    def _block(self, subject: str) -> None:
        Measures(self._session, self._keyring, self._now).block_after_restore(UUID(subject))
        self.counts["professionals who are refused everything until staff lift that"] += 1


def refusals_until_seen(document: PatientDocument) -> list[Provision]:
    """Return the refusals of everything to every professional, and of whoever was in the care team by name too.

    Refused as a class alone, they could still moderate (step 3c), which being in the team keeps them from.
    """
    named = dict.fromkeys(AccountKey(one.name) for one in document.care_team if one.who is WhoKind.NAMED)
    return [*refuse_all(RESTORED), *(line for account in named for line in refuse_one(RESTORED, account))]


def go_on_from_here(  # noqa: PLR0913 - one restore, with what it stands on
    session: Session,
    keyring: Keyring,
    outside: Outside,
    now: Instant,
    *,
    without_journal: bool = False,
    afterwards: Sequence[Afterwards] = (),
    progress: Progress = lambda _done, _total: None,
) -> Replayed:
    """Declare the restore, say again what the journal holds, refuse what it cannot tell; in the caller's transaction.

    Raises `JournalMissingError` if changes since the backup are not known and nobody said to go on without them.
    """
    found = since_backup(session, keyring, outside)
    if not found.whole and not without_journal:
        raise JournalMissingError(
            "the journal outside does not say all that was changed since the backup, so nobody may decide on it: "
            "bring the whole folder back, or say `--without-journal` to refuse everything until each patient has looked"
        )
    # First of all: only in a new epoch may an older database be written to.
    declare_restore(session, keyring, outside, now)
    sign_everybody_out(session)
    replay = Replay(session, keyring, now)
    _say_all(replay, found, progress)
    if not found.whole or without_journal:
        replay.everybody_is_uncertain()
    replay.end(afterwards)
    return replay.counts


def _say_all(replay: Replay, found: SinceBackup, progress: Progress) -> None:
    for done, record in enumerate(found.records):
        replay.take(record)
        if done % _TOLD_EVERY == 0:
            progress(done, len(found.records))
