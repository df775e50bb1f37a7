"""When somebody leaves: nothing is sealed to them any more, unless nobody else could read it then.

What nobody else can read stays closed and is counted, for whoever comes with the printed key: a report that is lost
with a passphrase is a person who was promised an answer.
"""

from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from governance.crypto.data_keys import DataKeys, owner_of
from governance.ledger.personal import KeyGone
from governance.ledger.rows import forget
from governance.ledger.service import append, journal, pseudonym
from governance.reporting.keeping.models import IDENTITY, TEXT, ReportSeal
from governance.reporting.vaults.duty import living
from governance.reporting.vaults.models import Duty, Vault
from governance.reporting.work import Work

_KEPT_FOR_OTHERS: Final = (TEXT, IDENTITY)
"""What must stay readable for somebody; the reason of a request goes with whoever could read it."""


class Left(NamedTuple):
    """What came of it, in numbers of reports."""

    revoked: int
    stranded: int
    """Those that nobody else can read, now or ever, without the printed key of whoever left."""


def leave(work: Work, staff_id: UUID, *, lose: bool = False) -> Left:
    """Take every seal and the vault from a member; `lose`: also those that nobody else can read."""
    for narrowed in Duty.of(work.session, staff_id):
        forget(work.session, work.keyring, narrowed)
    vault = Vault.locked(work.session, staff_id)
    if vault is None:
        work.session.flush()
        return Left(0, 0)
    stranded = frozenset() if lose else only_theirs(work, staff_id)
    gone = [row for row in ReportSeal.to_staff(work.session, staff_id) if (row.report_id, row.opens) not in stranded]
    for row in gone:
        forget(work.session, work.keyring, row)
    if not stranded:
        _destroy(work, vault)
    work.session.flush()
    left = Left(len({row.report_id for row in gone}), len({report_id for report_id, _ in stranded}))
    _note(work, staff_id, left)
    return left


def only_theirs(work: Work, staff_id: UUID) -> frozenset[tuple[UUID, str]]:
    """Return what nobody but this member can open: of which report, and what of it."""
    others = {str(one) for one in living(work.session) - {staff_id}}
    found = set()
    for opens in _KEPT_FOR_OTHERS:
        read_by_others = ReportSeal.opening(work.session, opens, others)
        held = (row for row in ReportSeal.to_staff(work.session, staff_id) if row.opens == opens)
        found |= {(row.report_id, opens) for row in held if row.report_id not in read_by_others}
    return frozenset(found)


def _destroy(work: Work, vault: Vault) -> None:
    """Delete a vault and our key around it: what a backup holds of it opens by no passphrase any more."""
    forget(work.session, work.keyring, vault)
    work.session.flush()
    owner = owner_of("vault", vault.around)
    DataKeys(work.session, work.keyring).destroy(owner)
    journal(work.session, work.keyring, msgspec.json.encode(KeyGone(owner)))


def _note(work: Work, staff_id: UUID, left: Left) -> None:
    whose = pseudonym(work.keyring, "staff", str(staff_id))
    facts: dict[str, str | int] = {"did": "left", "staff": whose, "revoked": left.revoked, "stranded": left.stranded}
    append(work.session, work.keyring, work.now, "vault", facts)
