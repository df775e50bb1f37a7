"""What this room holds of a patient: their accounts, where they are signed in, how they prove who they are."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import KeyGoneError
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.decision.vocabulary import Instant
from governance.identity.links.models import Passkey, Pin
from governance.identity.models import Account, Platform, SignIn, WebSession
from governance.identity.proofs.passkeys import own_passkeys
from governance.identity.proofs.pins import pin_state
from governance.identity.service import account_name
from governance.identity.sessions.own import sessions_of
from governance.ledger.holding import Holding, Told, Whose
from governance.ledger.rows import forget
from governance.ui.clock import in_iso

_UNREADABLE = (EnvelopeError, EpochGoneError, KeyGoneError)
_log = structlog.get_logger()


def _told(session: Session, keyring: Keyring, whose: Whose) -> Told:
    return {"accounts": list(_accounts(session, keyring, whose))}


def _accounts(session: Session, keyring: Keyring, whose: Whose) -> Iterable[dict[str, Any]]:
    for account_id in whose.account_ids:
        account = session.get_one(Account, account_id)
        known = {
            "forum": session.get_one(Platform, account.platform_id).shown,
            "known_since": in_iso(Instant(account.created)),
        }
        try:
            own = {"name": account_name(session, keyring, account), **_ways_in(session, keyring, account_id, whose.now)}
        except _UNREADABLE as error:
            _log.critical("account_not_told", code=error.code)
            own = {"name": None, "signed_in": [], "pin": None, "passkeys": []}
        yield {**known, **own}


def _ways_in(session: Session, keyring: Keyring, account_id: UUID, now: Instant) -> dict[str, Any]:
    """Say which proofs there are, as facts: what would let somebody use them is in no export."""
    pin = pin_state(session, account_id, now)
    return {
        "signed_in": [
            {"since": in_iso(one.since), "last_used": in_iso(one.seen), "device": one.where}
            for one in sessions_of(session, keyring, account_id, now)
        ],
        "pin": {"set": pin.counts, "new_one_from": None if pin.next_from is None else in_iso(pin.next_from)},
        "passkeys": [
            {"device": one.name, "made": in_iso(one.created)} for one in own_passkeys(session, keyring, account_id, now)
        ],
    }


def _forgotten(session: Session, keyring: Keyring, whose: Whose) -> None:
    for account_id in whose.going:
        # Nobody is kept out by it: whoever comes back signs in anew, as an account that nobody knew.
        WebSession.forget_of_account(session, account_id, kept="")
        pin, sign_in = session.get(Pin, account_id), SignIn.of_account(session, account_id)
        for row in (pin, sign_in, *Passkey.of_account(session, account_id), session.get(Account, account_id)):
            if row is not None:
                forget(session, keyring, row)
                session.flush()


HOLDING = Holding((Account, SignIn, WebSession, Pin, Passkey), _told, _forgotten)
