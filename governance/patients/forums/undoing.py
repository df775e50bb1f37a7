"""Undoing a wrong join: two people were made one. Each gets back what was theirs, and nothing of the other's.

What either chose meanwhile cannot be told apart, so none of it stays; both are closed until they have looked.
"""

from collections.abc import Sequence
from uuid import UUID

from governance.decision.vocabulary import Instant
from governance.identity.models import Account
from governance.ledger.rows import forget
from governance.patients.forums.errors import NothingJoinedError, NotJoinableError
from governance.patients.forums.joining import enter, move
from governance.patients.forums.models import Joined
from governance.patients.forums.records import Work, new_patient, said_of, separate, stop_all
from governance.patients.hide_codes.service import forget_codes
from governance.patients.service import find_patient


def undo(work: Work, account: Account, staff: str) -> None:
    """Give every account that came with this one its own record back; `staff` is who does it, as a pseudonym.

    Raises `NothingJoinedError`, and `NotJoinableError` if something was joined to the record after it.
    """
    joined = Joined.of_account(work.session, account.id)
    patient = find_patient(work.session, account.id)
    if joined is None or patient is None or patient.id != joined.patient_id:
        raise NothingJoinedError("nothing was joined to another record by this account; name the one that came later")
    patient_id, since = joined.patient_id, Instant(joined.at)
    standing = Joined.standing(work.session, patient_id)
    if standing[0].at != since:
        raise NotJoinableError("another account was joined after it; undo that one first")
    group = [row for row in standing if row.at == since]
    now, then = said_of(work, patient_id), said_of(work, patient_id, joined.version)
    back = _give_back(work, joined.from_id, group)
    stop_all(work, patient_id)
    work.hands.forget_since(work.session, work.keyring, patient_id, since)
    separate(work, back, said_of(work, back), now, anew=False)
    separate(work, patient_id, then, now, anew=True)
    forget_codes(work.session, work.keyring, patient_id, since)
    for row in group:
        forget(work.session, work.keyring, row)
    enter(work, patient_id, "separated", staff=staff)


def _give_back(work: Work, rested: UUID | None, group: Sequence[Joined]) -> UUID:
    target = rested or new_patient(work)
    for row in group:
        account = work.session.get_one(Account, row.account_id)
        move(work, account, target)
    return target
