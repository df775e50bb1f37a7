"""What the page of a person's forums lists: each with where it is in its life here, and how it follows choices."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.db.extension import reading
from governance.decision.vocabulary import Instant
from governance.effective.documents import PatientDocument
from governance.effective.errors import BrokenRowError
from governance.effective.life.service import Standing, standing_of
from governance.effective.life.states import State
from governance.effective.trials import Trial, trial_on
from governance.identity.current import signed_in
from governance.identity.models import Account, Platform
from governance.patients.forums.handed import hands
from governance.patients.forums.models import AccountEnd, YesWish, accounts_of
from governance.patients.forums.records import Work
from governance.patients.intake.models import Intake
from governance.patients.service import find_patient
from governance.portal.service import name_at_the_forum
from governance.portal.stopping import Following, following
from governance.ui.clock import now
from governance.ui.house import house


class JoinedForum(NamedTuple):
    """One of a patient's accounts, with its forum."""

    account_id: UUID
    forum: str
    name: str
    ended: bool
    is_this: bool
    yes_counts: bool
    """Whether what the patient permits to groups counts there."""
    trial: Trial | None
    """In how many groups it is enforced; none where that cannot be read, and of a forum that has ended."""
    standing: Standing
    """Where the forum is in its life here."""

    @property
    def is_suspended(self) -> bool:
        """Whether professionals are shown nothing there, whatever was chosen."""
        return self.standing.state is State.SUSPENDED

    @property
    def is_proven(self) -> bool:
        """Whether a check found nothing, and every group of it is live since; not while a whole walk is owed."""
        if self.trial is None or self.standing.state is not State.LIVE or self.standing.walk_due is not None:
            return False
        return 0 < self.trial.communities <= len(self.standing.live)


class WaitingYes(NamedTuple):
    """A yes that is to count on one more forum."""

    id: UUID
    forum: str
    due: Instant


def joined_forums() -> list[JoinedForum]:
    """Return the forums of the person who is signed in; the one they came by, at least."""
    person = signed_in()
    with reading() as session:
        patient = find_patient(session, person.account_id)
        if patient is None:
            account = session.get_one(Account, person.account_id)
            return [_forum(session, account, session.get_one(Platform, account.platform_id), yes_counts=True)]
        document: PatientDocument = _work(session).register.document("patient", str(patient.id))
        return [
            _forum(
                session,
                account,
                platform,
                yes_counts=document.yes_on is None or str(platform.id) in document.yes_on,
            )
            for account, platform in accounts_of(session, patient.id)
            if account.id == person.account_id or not _was_renamed(session, account.id)
        ]


def _forum(session: Session, account: Account, platform: Platform, *, yes_counts: bool) -> JoinedForum:
    has_ended = platform.ended is not None
    return JoinedForum(
        account.id,
        platform.shown,
        name_at_the_forum(session, house().keyring, account.id),
        ended=has_ended,
        is_this=account.id == signed_in().account_id,
        yes_counts=yes_counts,
        trial=None if has_ended else _trial(session, platform.id),
        standing=standing_of(session, platform.id),
    )


def followed() -> dict[UUID, Following]:
    """Return, by account, how each forum follows what its patient chose; nothing before somebody chose anything."""
    try:
        with reading() as session:
            if find_patient(session, signed_in().account_id) is None:
                return {}
            return {one.account_id: one for one in following(session, house().keyring, signed_in().account_id, now())}
    except BrokenRowError:
        # As with the trial: the page opens all the same.
        return {}


def _trial(session: Session, platform_id: UUID) -> Trial | None:
    try:
        return trial_on(session, house().keyring, platform_id, now())
    except BrokenRowError:
        # The page opens all the same, and says that we cannot tell.
        return None


def taken_by_staff() -> list[Intake]:
    """Return what staff took for the person who is signed in, and they did not see yet."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        return [] if patient is None else list(Intake.unseen(session, patient.id))


def waiting_yes() -> list[WaitingYes]:
    """Return on which forums a yes of the person who is signed in is to count, and from when."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        found = [] if patient is None else YesWish.open_of(session, patient.id)
        forums = [session.get_one(Platform, one.platform_id).shown for one in found]
        return [WaitingYes(one.id, forum, Instant(one.due)) for one, forum in zip(found, forums, strict=True)]


def _was_renamed(session: Session, account_id: UUID) -> bool:
    """Say whether an account has another name by now: its owner has one forum less than names."""
    end = session.get(AccountEnd, account_id)
    return end is not None and end.event in ("renamed", "merged")


def _work(session: Session) -> Work:
    return Work(session, house().keyring, hands(), now())
