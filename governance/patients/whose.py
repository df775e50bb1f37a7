"""Everything a person is known by here, for an export or an erasure."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.models import GovernedAccount
from governance.identity.models import Account
from governance.ledger.holding import Whose


def whose(session: Session, patient_id: UUID, now: Instant) -> Whose:
    """Return a patient's accounts, as decisions know them: after a restore the record alone may not."""
    bound = GovernedAccount.of_patient(session, str(patient_id))
    accounts = {one.key: Account.of_key(session, AccountKey(one.key)) for one in bound}
    known = [account for account in accounts.values() if account is not None]
    at_work = {one.key for one in bound if one.hcp is not None}
    return Whose(
        patient_id=patient_id,
        account_ids=tuple(account.id for account in known),
        keys=tuple(AccountKey(one.key) for one in bound),
        at_work=frozenset(account.id for account in known if account.key in at_work),
        now=now,
    )
