"""What a forum did to a professional's account: under another id nobody sheds who they are, nor what binds them."""

from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.conduct.models import HcpAccount
from governance.conduct.standing import keep, said, say, unverified
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.documents import HcpDocument
from governance.effective.models import GovernedAccount
from governance.effective.service import Register
from governance.identity.models import Account


def follow(session: Session, keyring: Keyring, old: Account, new: Account, now: Instant) -> None:
    """Have the id that goes on belong to the professional whose the old one is.

    Of two records that a forum calls one person's, the id goes with the one that a measure shuts out for longer than
    anything stands against the other: the new hat is no way out of it.
    """
    bound, there = (session.get(GovernedAccount, one.key) for one in (old, new))
    if bound is None or bound.hcp is None:
        return
    other = None if there is None or there.hcp == bound.hcp else there.hcp
    register = Register(session, keyring, now)
    if other is not None and not _is_shut_out_longer(register, bound.hcp, other, now):
        return
    hcp_id = UUID(bound.hcp)
    register.bind(new.platform_id, AccountKey(new.key), hcp=hcp_id)
    tie(session, keyring, new.id, hcp_id, now)
    given: HcpDocument = HcpDocument() if other is None else register.document("hcp", other)
    given = msgspec.structs.replace(given, accounts=given.accounts | {new.key})
    _bind_refusals(session, keyring, hcp_id, given, now)


def tie(session: Session, keyring: Keyring, account_id: UUID, hcp_id: UUID, now: Instant) -> None:
    """Write down whose account it is; of one that a forum gave to somebody else, whose it is now."""
    row = session.get(HcpAccount, account_id)
    if row is None:
        row = HcpAccount(account_id=account_id, tied=now)
    row.hcp_id = hcp_id
    keep(session, keyring, row)


def _bind_refusals(session: Session, keyring: Keyring, hcp_id: UUID, given: HcpDocument, now: Instant) -> None:
    """Have every refusal that binds the id, or the record it had, bind the professional too."""
    before = said(session, keyring, hcp_id, now)
    theirs = [{"who": one.who, "name": one.name} for one in given.claims]
    claims = [*before.get("claims", []), *unverified(theirs, before.get("claims", []))]
    say(session, keyring, hcp_id, now, accounts=sorted({*before.get("accounts", []), *given.accounts}), claims=claims)


def _is_shut_out_longer(register: Register, one: str, other: str, now: Instant) -> bool:
    mine: HcpDocument = register.document("hcp", one)
    theirs: HcpDocument = register.document("hcp", other)
    against = (*theirs.blocks, *theirs.cases, *((start, end) for _, start, end in theirs.restrictions))
    shut_out = max((end for start, end in mine.blocks if start <= now), default=now)
    return shut_out > max((end for _, end in against), default=now) and shut_out > now
