"""What is held of a patient on several forums: what was joined, what ended, where a yes is to count."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.identity.models import Account, Platform
from governance.ledger.holding import Holding, Told, Whose
from governance.ledger.rows import forget, keep
from governance.patients.forums.models import AccountEnd, ForumCode, Joined, YesWish
from governance.ui.clock import in_iso, in_iso_or_none


def _told(session: Session, _keyring: Keyring, whose: Whose) -> Told:
    """Of accounts that are another person's, by now or ever, nothing is told but the forum and when."""
    ends = [one for one in (session.get(AccountEnd, account) for account in whose.account_ids) if one is not None]
    return {
        "joined_forums": [
            {
                "forum": _forum_of(session, one.account_id),
                "at": in_iso(Instant(one.at)),
                "ended": in_iso_or_none(one.ended),
            }
            for one in Joined.all_of(session, whose.patient_id)
        ],
        "ended_accounts": [
            {"forum": _forum_of(session, one.account_id), "event": one.event, "at": in_iso(Instant(one.at))}
            for one in ends
        ],
        "yes_on_forums": [
            {
                "forum": session.get_one(Platform, one.platform_id).shown,
                "asked": in_iso(Instant(one.made)),
                "due": in_iso(Instant(one.due)),
                "ended": in_iso_or_none(one.ended),
                "outcome": one.outcome,
            }
            for one in YesWish.all_of(session, whose.patient_id)
        ],
        "forum_codes_until": [
            in_iso(Instant(one.expires)) for one in ForumCode.of_accounts(session, whose.account_ids)
        ],
    }


def _forum_of(session: Session, account_id: UUID) -> str:
    return session.get_one(Platform, session.get_one(Account, account_id).platform_id).shown


def _forgotten(session: Session, keyring: Keyring, whose: Whose) -> None:
    for row in (*ForumCode.of_accounts(session, whose.account_ids), *YesWish.all_of(session, whose.patient_id)):
        session.delete(row)
    for account_id in whose.going:
        end = session.get(AccountEnd, account_id)
        gone = [*Joined.ever_of_account(session, account_id), *([] if end is None else [end])]
        for row in gone:
            forget(session, keyring, row)
        session.flush()
    for joined in Joined.all_of(session, whose.patient_id):
        forget(session, keyring, joined)
    session.flush()
    for left in Joined.all_from(session, whose.patient_id):
        # Somebody else's by now: undone, its account gets a new record in the place of the one that is erased.
        left.from_id = None
        keep(session, keyring, left, of=owner_of("account", left.account_id))


HOLDING = Holding((ForumCode, Joined, YesWish, AccountEnd), _told, _forgotten)
