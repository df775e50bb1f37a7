"""Joining two accounts to one record, and taking one out of it again. No HTTP, no clock.

INVARIANT: after joining, either forum's professionals may do at most what they could do before; after parting too.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from governance.crypto.data_keys import owner_of
from governance.effective.documents import PatientDocument
from governance.effective.forums import ROOM
from governance.effective.models import Fragment
from governance.identity.models import Account
from governance.ledger.rows import keep
from governance.ledger.service import append, pseudonym
from governance.patients.erasing.models import ErasureRequest
from governance.patients.forums.errors import NothingJoinedError, NotJoinableError
from governance.patients.forums.models import Joined, accounts_of
from governance.patients.forums.records import (
    Work,
    both_left,
    close,
    copy_closed,
    has_chosen,
    merge,
    new_patient,
    said_of,
    say,
    stop_all,
)
from governance.patients.models import Patient, PatientAccount
from governance.patients.service import find_patient, patient_for, remember

_ENTRY: Final = "forums"


class _Pair(NamedTuple):
    """The record that goes on, the one that rests from now on, and the accounts that move."""

    keeps: UUID
    rests: UUID | None
    moves: list[Account]


def join(work: Work, first: Account, second: Account) -> UUID:
    """Make two accounts one patient's: every refusal counts for both at once, a permit only where it was given.

    Returns the record that both have now. Raises `NotJoinableError`.
    """
    one, two = (find_patient(work.session, account.id) for account in (first, second))
    if one is None and two is not None:
        return join_record(work, two.id, first)
    if one is None:
        one = patient_for(work.session, work.keyring, (first.id, first.platform_id, first.key), work.now)
    return join_record(work, one.id, second)


def join_record(work: Work, patient_id: UUID, account: Account) -> UUID:
    """Join an account to a record, whether or not it has one of its own. Raises `NotJoinableError`."""
    pair = _pair(work, patient_id, account)
    # Without a record of its own an account may stand for a tombstone, which no other record must take the place of.
    standing = [work.register.patient_of(moved.key) for moved in pair.moves]
    for one in filter(None, dict.fromkeys((pair.keeps, pair.rests, *standing))):
        _check_standing(work, one)
        stop_all(work, one)
    yes_on, version = _yes_on(work, pair), _version(work, pair.keeps)
    say(work, pair.keeps, {ROOM: {"yes_on": sorted(yes_on)}})
    remember(work.session, work.keyring, work.session.get_one(Patient, pair.keeps))
    if pair.rests is not None:
        merge(work, pair.keeps, pair.rests)
    with work.hands.joined(work.session, work.keyring, pair.keeps, work.now):
        _take_in(work, pair, version)
    work.hands.write_down(work.session, work.keyring, pair.keeps, work.now)
    enter(work, pair.keeps, "joined")
    return pair.keeps


def join_by_forum(work: Work, old: Account, into: Account) -> UUID | None:
    """Make two accounts of one forum one patient's, because the forum says so: the refusals of both, no permit.

    Returns their record; None if neither has one.
    """
    one, two = (find_patient(work.session, account.id) for account in (old, into))
    found = one or two
    if found is None:
        stand_alike(work, old, into)
        return None
    yes_on = {str(into.platform_id)}.union(*(_counts_on(work, one.id) for one in (one, two) if one is not None))
    patient_id = found.id if one is not None and two is not None and one.id == two.id else join(work, into, old)
    close(work, patient_id)
    # Nothing is permitted now; what they say again counts where it would have before.
    say(work, patient_id, {ROOM: {"yes_on": sorted(yes_on)}})
    return patient_id


def unlink(work: Work, account: Account) -> UUID:
    """Take an account's forum out of its record: it goes on with one of its own, which permits nothing.

    Returns that record. Raises `NothingJoinedError`.
    """
    patient = find_patient(work.session, account.id)
    found = [] if patient is None else accounts_of(work.session, patient.id)
    here = [one for one, platform in found if platform.id == account.platform_id]
    if patient is None or len(here) == len(found):
        raise NothingJoinedError("this forum is not joined to another one; look at the list of your forums")
    return take_out(work, patient, here)


def take_out(work: Work, patient: Patient, accounts: Sequence[Account]) -> UUID:
    """Give some accounts of one forum, but not all that a patient has, a record that refuses the same; return it."""
    stop_all(work, patient.id)
    platform = accounts[0].platform_id
    rested = [_resting(work, account) for account in accounts]
    target = next(filter(None, rested), None) or new_patient(work, patient.adult_from)
    copy_closed(work, patient.id, target, str(platform))
    for account in accounts:
        move(work, account, target)
    left = {str(platform.id) for _, platform in accounts_of(work.session, patient.id)}
    said = said_of(work, patient.id).get(ROOM, {}).get("yes_on")
    say(work, patient.id, {ROOM: {"yes_on": sorted(left if said is None else left & set(said))}})
    enter(work, patient.id, "unlinked")
    return target


def renamed(work: Work, old: Account, new: Account, patient_id: UUID) -> None:
    """Give a patient's account its new id as well; if a join is undone, both go back together."""
    move(work, new, patient_id)
    row = Joined.of_account(work.session, old.id)
    if row is not None and Joined.of_account(work.session, new.id) is None:
        same = Joined(
            patient_id=row.patient_id,
            account_id=new.id,
            from_id=row.from_id,
            version=row.version,
            at=row.at,
            ended=None,
        )
        keep(work.session, work.keyring, same, of=owner_of("account", new.id))


def stand_alike(work: Work, old: Account, new: Account) -> None:
    """Have an account stand for what is left of whoever had another one: their words may stand under it now."""
    left, there = (work.register.patient_of(account.key) for account in (old, new))
    if left is None or left == there:
        return
    if there is not None:
        left = both_left(work, left, there)
    work.register.rebind(new.platform_id, new.key, left)


def move(work: Work, account: Account, patient_id: UUID, *, keeps_hcp: bool = True) -> None:
    """Make an account a patient's, whosever it was."""
    row = work.session.get(PatientAccount, account.id)
    if row is None:
        row = PatientAccount(account_id=account.id, patient_id=patient_id, linked=work.now)
    row.patient_id, row.linked = patient_id, work.now
    keep(work.session, work.keyring, row, of=owner_of("account", account.id))
    work.register.rebind(account.platform_id, account.key, patient_id, keeps_hcp=keeps_hcp)


def enter(work: Work, patient_id: UUID, what: str, **facts: str) -> None:
    """Write into the ledger what became of a record; it names nobody."""
    whose = pseudonym(work.keyring, "patient", str(patient_id))
    append(work.session, work.keyring, work.now, _ENTRY, {"what": what, "subject": whose, **facts})


def _pair(work: Work, patient_id: UUID, account: Account) -> _Pair:
    other = find_patient(work.session, account.id)
    if other is None:
        return _Pair(patient_id, None, [account])
    if other.id == patient_id:
        raise NotJoinableError("these two are joined already; look at the list of your forums")
    keeps, rests = patient_id, other.id
    has_accounts = bool(accounts_of(work.session, keeps))
    if has_accounts and has_chosen(said_of(work, rests)) and not has_chosen(said_of(work, keeps)):
        keeps, rests = rests, keeps
    return _Pair(keeps, rests, [one for one, _ in accounts_of(work.session, rests)])


def _check_standing(work: Work, patient_id: UUID) -> None:
    document: PatientDocument = work.register.document("patient", str(patient_id))
    if document.erased is not None:
        # Its tombstone refuses what was written before it; joined, it would refuse the other forum's words too.
        raise NotJoinableError("one of these accounts cannot be joined; ask the staff of this service")
    if work.session.get(ErasureRequest, patient_id) is not None:
        # It would be deleted while it rests, and what comes back from it when they part would be nobody's.
        raise NotJoinableError("one of these accounts is about to be deleted; stop that first, or wait for it")


def _take_in(work: Work, pair: _Pair, version: int) -> None:
    for moved in pair.moves:
        move(work, moved, pair.keeps)
        row = Joined(
            patient_id=pair.keeps, account_id=moved.id, from_id=pair.rests, version=version, at=work.now, ended=None
        )
        keep(work.session, work.keyring, row, of=owner_of("account", moved.id))


def _yes_on(work: Work, pair: _Pair) -> set[str]:
    """Return where permits count from now on: where they counted, but for forums that come without any."""
    yes_on = _counts_on(work, pair.keeps)
    if pair.rests is not None and all(has_chosen(said_of(work, one)) for one in (pair.keeps, pair.rests)):
        return yes_on | _counts_on(work, pair.rests)
    return yes_on - {str(account.platform_id) for account in pair.moves}


def _counts_on(work: Work, patient_id: UUID) -> set[str]:
    said = said_of(work, patient_id).get(ROOM, {}).get("yes_on")
    if said is not None:
        return set(said)
    return {str(platform.id) for _, platform in accounts_of(work.session, patient_id)}


def _version(work: Work, patient_id: UUID) -> int:
    return max(fragment.version for fragment in Fragment.of(work.session, "patient", str(patient_id)))


def _resting(work: Work, account: Account) -> UUID | None:
    """Return the record that an account had before it was joined, if it alone came from there; that ends here."""
    row = Joined.of_account(work.session, account.id)
    if row is None:
        return None
    row.ended = work.now
    keep(work.session, work.keyring, row, of=owner_of("account", account.id))
    return row.from_id if row.from_id is not None and Joined.into(work.session, row.from_id) is None else None
