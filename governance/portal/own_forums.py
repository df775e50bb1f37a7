"""The forums a person writes on, as far as their record knows: one account on each, the one signed in first."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.decision.vocabulary import AccountKey, Instant
from governance.identity.models import Account, Platform
from governance.patients.models import PatientAccount
from governance.patients.service import find_patient


class OwnForum(NamedTuple):
    """One forum with the person's own account there."""

    account_id: UUID
    key: AccountKey
    platform_id: UUID
    name: str
    """What its members call it."""
    since: Instant
    """When this account first came to us: whatever was before may be about somebody who had the name earlier."""


def own_forums(session: Session, account_id: UUID) -> list[OwnForum]:
    """Return the forums of whoever is behind an account, that account's first; of one without a record, that alone."""
    patient = find_patient(session, account_id)
    linked = [] if patient is None else [one.account_id for one in PatientAccount.of_patient(session, patient.id)]
    return [_forum(session, one) for one in dict.fromkeys([account_id, *linked])]


def _forum(session: Session, account_id: UUID) -> OwnForum:
    account = session.get_one(Account, account_id)
    forum = session.get_one(Platform, account.platform_id)
    return OwnForum(account.id, account.key, forum.id, forum.shown, Instant(account.created))
