"""By when a person's forums follow what they chose: as far as we know from what forums ask us and tell us."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.life.service import Standing, standing_of
from governance.effective.replicas.service import Follows, follows
from governance.effective.trials import is_on_trial
from governance.ledger.decisions.service import SHOWN_TO_PATIENTS, was_shown
from governance.patients.hiding.service import history_from
from governance.patients.service import find_patient
from governance.portal.onlookers import Onlookers, onlookers
from governance.portal.own_forums import OwnForum, own_forums


class Following(NamedTuple):
    """How one forum follows a choice; where neither is so it asks us each time, and follows at once."""

    account_id: UUID
    """The person's own there."""
    forum: str
    decides_itself: bool
    """In the last 30 days it told us of what it showed by a decision of its own."""
    on_trial: bool
    """In some of its groups it shows everything, whatever we say."""
    follows: Follows
    """Whether what decides there has the newest choices; where nobody follows, we cannot see when it does."""
    standing: Standing
    """Where the forum is in its life here: on hold it has nothing to follow."""


def following(session: Session, keyring: Keyring, account_id: UUID, now: Instant) -> list[Following]:
    """Return how each forum of whoever is behind an account follows. Raises `BrokenRowError`."""
    return [
        Following(
            forum.account_id,
            forum.name,
            decides_itself(session, forum, now),
            is_on_trial(session, keyring, forum.platform_id, now),
            followed(session, keyring, forum, now),
            standing_of(session, forum.platform_id),
        )
        for forum in own_forums(session, account_id)
    ]


def decides_itself(session: Session, forum: OwnForum, now: Instant) -> bool:
    """Say whether a forum told us lately of what it showed of somebody's by a decision of its own."""
    since = Instant(now - SHOWN_TO_PATIENTS)
    return was_shown(session, [forum.key], max(since, forum.since))


def followed(session: Session, keyring: Keyring, forum: OwnForum, now: Instant) -> Follows:
    """Return whether what decides on a forum has the newest choices of the person whose forum it is."""
    patient = find_patient(session, forum.account_id)
    whom = ("" if patient is None else str(patient.id), forum.key)
    return follows(session, keyring, forum.platform_id, whom, now)


def seen_before(session: Session, keyring: Keyring, account_id: UUID, stopped: Instant, now: Instant) -> Onlookers:
    """Return who could have seen somebody's posts before they stopped it; of a history that is hidden, nobody."""
    patient = find_patient(session, account_id)
    if patient is not None and history_from(session, patient.id) >= stopped:
        return Onlookers(stopped, (), ())
    return onlookers(session, keyring, account_id, now, until=stopped)
