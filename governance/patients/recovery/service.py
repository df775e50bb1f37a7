"""Coming back to a record whose account or forum is gone: by the printed code, or by two members of staff.

INVARIANT: a record that is found again is closed as it was. Its new account is joined as a second forum's is, so that
no permit counts there, and what is opened afterwards waits as ever. No HTTP, no clock.
"""

from uuid import UUID

from governance.crypto.blind_index import account_key
from governance.errors import GovernanceError, NotFoundError
from governance.identity.models import Account, Platform
from governance.patients.forums.joining import enter, join_record
from governance.patients.forums.models import AccountEnd, accounts_of
from governance.patients.forums.records import Work
from governance.patients.hide_codes.service import owner_of_code
from governance.patients.intake.service import serving
from governance.patients.models import Patient
from governance.patients.recovery.models import Recovery
from governance.patients.service import find_patient


class NotRecoverableError(GovernanceError):
    """A code opens no record here: it is wrong, or its record has an account that still stands."""

    code = "not_recoverable"


class RecoveryNotFoundError(NotFoundError):
    """No such recovery waits."""

    code = "recovery_not_found"


class SamePersonError(GovernanceError):
    """Whoever asked for a recovery wants to agree to it."""

    code = "same_person"


def recover_by_code(work: Work, typed: str, account: Account) -> UUID:
    """Join a new account to the record of a printed code, if no account of that record stands any more.

    Raises `NotRecoverableError`, also where the code is somebody's who can still sign in: paper gets lost.
    """
    patient_id = owner_of_code(work.session, work.keyring, typed)
    if patient_id is None or work.session.get(Patient, patient_id) is None:
        raise _not_recoverable()
    found = accounts_of(work.session, patient_id)
    if any(platform.ended is None and not _is_gone(work, one) for one, platform in found):
        raise _not_recoverable()
    return join_record(work, patient_id, account)


def _not_recoverable() -> NotRecoverableError:
    # One and the same thing, whatever is wrong.
    return NotRecoverableError(
        "nothing was found with this code; if your old forum still runs, join it under `My forums`"
    )


def known_account(work: Work, platform: str, name: str) -> Account:
    """Return an account that we know, of a forum that may have ended. Raises `RecoveryNotFoundError`."""
    forum = Platform.named(work.session, platform)
    key = None if forum is None else account_key(work.keyring, forum.id, name)
    found = None if key is None else Account.of_key(work.session, key)
    if found is None:
        raise RecoveryNotFoundError("no such account was ever here; look at how its forum spells it")
    return found


def ask(work: Work, lost: Account, new: Account, staff_id: UUID) -> Recovery:
    """Ask, as a member of staff, that a record gets a new account; another one has to agree.

    Raises `NotStaffError`, `RecoveryNotFoundError` if the lost account has no record.
    """
    serving(work, staff_id)
    patient = find_patient(work.session, lost.id)
    if patient is None:
        raise RecoveryNotFoundError("this account has no record here; they can begin with the new one")
    row = Recovery(lost_id=lost.id, new_id=new.id, asked_by=staff_id, asked=work.now)
    work.session.add(row)
    work.session.flush()
    enter(work, patient.id, "recovery_asked", staff=serving(work, staff_id))
    return row


def agree(work: Work, recovery_id: UUID, staff_id: UUID) -> UUID:
    """Agree to a recovery that somebody else asked for; return the record.

    Raises `NotStaffError`, `RecoveryNotFoundError`, `SamePersonError`, `NotJoinableError`.
    """
    taken_by = serving(work, staff_id)
    row = Recovery.locked(work.session, recovery_id)
    if row is None or row.ended is not None:
        raise RecoveryNotFoundError("no such recovery waits; ask for it anew")
    if row.asked_by == staff_id:
        raise SamePersonError("whoever asked for it cannot agree to it; let another officer look")
    lost, new = (work.session.get_one(Account, one) for one in (row.lost_id, row.new_id))
    if max(lost.created, new.created) > row.asked:
        # A restored database may have it wait again; from when an account is its holder's the account itself says.
        raise RecoveryNotFoundError("one of the accounts is another person's since; ask for it anew")
    patient = find_patient(work.session, lost.id)
    if patient is None:
        raise RecoveryNotFoundError("this account has no record here any more")
    row.agreed_by, row.ended, row.outcome = staff_id, work.now, "agreed"
    enter(work, patient.id, "recovery_agreed", staff=taken_by)
    return join_record(work, patient.id, new)


def _is_gone(work: Work, account: Account) -> bool:
    return work.session.get(AccountEnd, account.id) is not None
