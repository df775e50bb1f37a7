"""What forums tell of accounts: deleted, merged, renamed, recycled. Told twice, it does nothing the second time.

INVARIANT: no event opens anything. What stands under an account goes on refusing what its holder refused, and nobody
inherits what somebody else permitted, was permitted, or was found to be.
"""

import secrets
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from governance.crypto.blind_index import account_key
from governance.crypto.data_keys import owner_of
from governance.db.base import new_id
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import BEGINNING, PERSON_ACTIONS, Action, Effect, Instant, Mark
from governance.effective.documents import Line, PatientDocument, Stone
from governance.effective.forums import ROOM
from governance.effective.models import GovernedAccount
from governance.identity.account_ids import check_account_id
from governance.identity.links.models import LinkToken, Passkey, Pin
from governance.identity.models import Account, Platform, SignIn, WebSession
from governance.identity.service import account_for
from governance.identity.sessions.own import end_others
from governance.ledger.hints import Hint, News, give_hint
from governance.ledger.rows import forget, keep
from governance.ledger.service import append, pseudonym
from governance.patients.forums.errors import AccountTakenError, BadEventError
from governance.patients.forums.joining import join_by_forum, renamed, stand_alike, take_out
from governance.patients.forums.models import AccountEnd, ForumCode, accounts_of
from governance.patients.forums.records import Work, close, stop_all
from governance.patients.guardians.moved import guardian_left, guardian_moved, open_links
from governance.patients.models import PatientAccount
from governance.patients.recovery.models import GONE, Recovery
from governance.patients.service import find_patient

_ALL: Final = ""
"""No session has this digest: every one of them ends."""
_NEEDS_ANOTHER: Final = frozenset({"merged", "renamed"})


class Kind(StrEnum):
    """What may happen to an account."""

    DELETED = "deleted"
    MERGED = "merged"
    RENAMED = "renamed"
    RECYCLED = "recycled"


class Event(NamedTuple):
    """One event; `to` is the id that goes on, of a merge or a new name."""

    kind: Kind
    account: str
    to: str | None = None


def take(work: Work, platform: Platform, event: Event) -> None:
    """Do what an event asks for, in one transaction with its entry in the ledger.

    Raises `BadEventError`, `BadAccountIdError`, `AccountTakenError`.
    """
    _check(event)
    key = account_key(work.keyring, platform.id, event.account)
    account = Account.of_key(work.session, key)
    # THREAT: a link that its last holder has in hand would let them in as the next one, also where we know neither.
    LinkToken.forget_of(work.session, key)
    if account is None:
        governed = work.session.get(GovernedAccount, key)
        if governed is None or event.kind is Kind.DELETED:
            # Nobody we ever heard of: nothing stands here, and asking leaves nothing behind. Of who was erased there
            # is a tombstone, which a new holder must not have over what they write.
            return
        account = account_for(work.session, work.keyring, platform, event.account, work.now)
    if not _is_news(work, platform, account, event):
        return
    _END[event.kind](work, platform, account, event.to or "")
    _sign_out(work, account)
    _stop_recoveries(work, account, event.kind)
    _note(work, account, event.kind)
    # To whoever else follows this forum: of which account stands in no hint.
    give_hint(work.session, News(Hint.ACCOUNT, platform.id, work.now, {"event": event.kind.value}))


def _deleted(work: Work, _platform: Platform, account: Account, _to: str) -> None:
    guardian_left(work.session, work.keyring, account.id, work.now)
    patient = find_patient(work.session, account.id)
    if patient is None:
        return
    ended, others = [account], 0
    for one, _ in accounts_of(work.session, patient.id):
        if one.id == account.id:
            continue
        stands = work.session.get(AccountEnd, one.id) is None
        others += stands
        if not stands and one.platform_id == account.platform_id:
            # An older name of the account: what stands under it is this holder's, too.
            ended.append(one)
    if others:
        take_out(work, patient, ended)
    else:
        close(work, patient.id)


def _merged(work: Work, platform: Platform, account: Account, to: str) -> None:
    into = _known_by_now(work, platform, to)
    join_by_forum(work, account, into)
    guardian_moved(work.session, work.keyring, account.id, into.id, work.now)
    _govern_alike(work, account, into)
    _sign_out(work, into)


def _renamed(work: Work, platform: Platform, account: Account, to: str) -> None:
    """Give the new id to whoever had the old one, which stays theirs: what stands under it goes on refusing."""
    new = _known_by_now(work, platform, to)
    patient, taken = find_patient(work.session, account.id), find_patient(work.session, new.id)
    if taken is not None and (patient is None or taken.id != patient.id):
        raise AccountTakenError("somebody else has a record under the new id; send `merged` if they are one person")
    signs_in = SignIn.of_account(work.session, account.id)
    if signs_in is not None:
        if SignIn.of_account(work.session, new.id) is not None:
            raise AccountTakenError("somebody else signs in under the new id; send `merged` if they are one person")
        signs_in.account_id = new.id
        keep(work.session, work.keyring, signs_in, of=owner_of("account", new.id))
    if patient is not None:
        renamed(work, account, new, patient.id)
    else:
        stand_alike(work, account, new)
    guardian_moved(work.session, work.keyring, account.id, new.id, work.now)
    _govern_alike(work, account, new)


def _recycled(work: Work, _platform: Platform, account: Account, _to: str) -> None:
    """Leave the last holder's refusals on what was written until now, and nothing of theirs to the next one."""
    guardian_left(work.session, work.keyring, account.id, work.now)
    patient, bound = find_patient(work.session, account.id), work.session.get(GovernedAccount, account.key)
    nobody = None
    if patient is not None:
        stop_all(work, patient.id)
        forget(work.session, work.keyring, work.session.get_one(PatientAccount, account.id))
    if bound is not None and bound.patient is not None:
        nobody = _nobody(work, bound.patient, str(account.platform_id))
    was_professional = bound is not None and bound.hcp is not None
    if nobody is not None or was_professional:
        work.register.rebind(account.platform_id, account.key, nobody, keeps_hcp=False)
    _forget_proofs(work, account, lets_in_another=not was_professional)
    # THREAT: who read what the last holder wrote would be told to the next one, on the page of who could have seen.
    account.created = work.now
    keep(work.session, work.keyring, account, of=owner_of("account", account.id))


def _forget_proofs(work: Work, account: Account, *, lets_in_another: bool) -> None:
    for proof in (work.session.get(Pin, account.id), *Passkey.of_account(work.session, account.id)):
        if proof is not None:
            forget(work.session, work.keyring, proof)
    signs_in = SignIn.of_account(work.session, account.id)
    # Who has a professional's account now comes in only after staff looked: our pages take them for that professional.
    if signs_in is not None and lets_in_another:
        forget(work.session, work.keyring, signs_in)


def _nobody(work: Work, last: str, platform: str) -> UUID:
    """Return a record of nobody yet, which refuses what was written until now as the last holder's would at least."""
    document: PatientDocument = work.register.document("patient", last)
    found, register = new_id(), work.register
    subject = str(found)
    register.put("patient", subject, "patients", {"record": False})
    stone = Stone(final_at=work.now, hold=False, refusals=tuple(_until(work.now, document, platform)))
    register.put("patient", subject, ROOM, {"erased": stone})
    return found


def _until(now: Instant, document: PatientDocument, platform: str) -> Iterator[Line]:
    """Give whom the last holder refused by name, for words from before; of the person it says nothing any more."""
    layers = (line for one in document.layers if one.platform in (None, platform) for line in one.refusals)
    kept = document.erased.refusals if document.erased is not None else ()
    content = frozenset(Action) - PERSON_ACTIONS
    for line in (*kept, *document.lines, *layers):
        if line.effect is Effect.REFUSE and line.who is WhoKind.NAMED and line.actions & content:
            start, end = line.reach
            yield msgspec.structs.replace(line, actions=line.actions & content, reach=(start, min(end, now)))
    for number, (account, start, end) in enumerate(document.blocks):
        refused = Line(f"block:{number}", Effect.REFUSE, WhoKind.NAMED, content, account, when=(start, end))
        yield msgspec.structs.replace(refused, reach=(BEGINNING, now))


def _known_by_now(work: Work, platform: Platform, to: str) -> Account:
    """Return the account that goes on. Of one that is new to us the first PIN would count at once, whoever sets it."""
    account = account_for(work.session, work.keyring, platform, to, work.now)
    if not Passkey.of_account(work.session, account.id):
        removed = Passkey(
            account_id=account.id,
            credential_digest=secrets.token_urlsafe(32),
            sealed_data=None,
            created=work.now,
            counts_from=work.now,
        )
        keep(work.session, work.keyring, removed, of=owner_of("account", account.id))
    return account


def _govern_alike(work: Work, old: Account, new: Account) -> None:
    """Have a new id governed as the old one was: under another name nobody stops being a professional."""
    bound = work.session.get(GovernedAccount, old.key)
    if bound is None:
        return
    work.hands.follow(work.session, work.keyring, old, new, work.now)
    for mark in bound.marks.split():
        work.register.mark(new.platform_id, new.key, Mark(mark))


def _check(event: Event) -> None:
    check_account_id(event.account)
    if (event.kind in _NEEDS_ANOTHER) != (event.to is not None):
        raise BadEventError("send `to`, the id that goes on, with `merged` and `renamed`, and with nothing else")
    if event.to is not None:
        check_account_id(event.to)
    if event.to == event.account:
        raise BadEventError("`to` must be another id than `account`")


def _is_news(work: Work, platform: Platform, account: Account, event: Event) -> bool:
    """Say whether an event was not told before, or somebody came since to whom it applies."""
    told = work.session.get(AccountEnd, account.id)
    if told is None or told.event != event.kind or event.kind is Kind.DELETED:
        return True
    mine = find_patient(work.session, account.id)
    if event.kind is Kind.RECYCLED:
        return mine is not None or _has_a_holder(work, account)
    other = Account.of_key(work.session, account_key(work.keyring, platform.id, event.to or ""))
    theirs = None if other is None else find_patient(work.session, other.id)
    return other is None or (None if mine is None else mine.id) != (None if theirs is None else theirs.id)


def _has_a_holder(work: Work, account: Account) -> bool:
    """Say whether anybody who has no record came with an account, and left something that would let in the next one."""
    session, whose = work.session, account.id
    left = (SignIn.of_account(session, whose), session.get(Pin, whose))
    many = (
        Passkey.of_account(session, whose),
        WebSession.of_account(session, whose, work.now),
        open_links(session, whose),
    )
    return any(one is not None for one in left) or any(many)


def _sign_out(work: Work, account: Account) -> None:
    end_others(work.session, account.id, _ALL)
    ForumCode.forget_both(work.session, account.id)


def _stop_recoveries(work: Work, account: Account, kind: Kind) -> None:
    """End what waits of an account that is nobody's or another person's now; of one that was lost the record is left.

    THREAT: staff would agree to give a record to whoever has the account by then, or that person's record away.
    """
    for row in Recovery.waiting_for(work.session, account.id):
        if kind is Kind.RECYCLED or (kind is Kind.DELETED and row.new_id == account.id):
            row.ended, row.outcome = work.now, GONE


def _note(work: Work, account: Account, kind: Kind) -> None:
    row = work.session.get(AccountEnd, account.id) or AccountEnd(account_id=account.id)
    row.event, row.at = kind.value, work.now
    keep(work.session, work.keyring, row, of=owner_of("account", account.id))
    whose = pseudonym(work.keyring, "account", account.key)
    append(work.session, work.keyring, work.now, "account_event", {"event": kind.value, "account": whose})


_END: Final[dict[Kind, Callable[[Work, Platform, Account, str], None]]] = {
    Kind.DELETED: _deleted,
    Kind.MERGED: _merged,
    Kind.RENAMED: _renamed,
    Kind.RECYCLED: _recycled,
}
