"""Everything a person is known by here, for an export or an erasure."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.models import GovernedAccount
from governance.identity.models import Account
from governance.ledger.holding import Whose
from governance.patients.forums.models import Joined


def resting(session: Session, person: Whose) -> list[Whose]:
    """Return the records that rest in a person's, since their forums' accounts were joined: they are theirs too."""
    return [
        Whose(one, (), (), frozenset(), person.now, rests_in=person.patient_id)
        for one in Joined.resting_in(session, person.patient_id)
    ]


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
