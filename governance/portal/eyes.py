"""Whom and where one can look: the people, professions and organisations to pick, the groups, and since when."""

from collections import Counter
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.blind_index import place_key
from governance.crypto.keys import Keyring
from governance.decision.facts import Conduct, Facts, Viewer, Words
from governance.decision.provisions import Who, WhoKind
from governance.decision.rooms import room_of
from governance.decision.vocabulary import AccountKey, Ages, Instant, Posture
from governance.effective.documents import CommunityDocument, PatientDocument, community_of
from governance.effective.errors import BrokenRowError
from governance.effective.facts import places_of
from governance.effective.models import AccountVersion, InForce
from governance.effective.past import Past, in_force_then
from governance.effective.present import in_force
from governance.effective.roster import Professional, professionals_on
from governance.effective.service import Register
from governance.portal.own_forums import OwnForum

Audience = Literal["public", "members"]
_log = structlog.get_logger()
_CLASSES: Final = (WhoKind.PROFESSION, WhoKind.ORGANISATION)


class Eyes(NamedTuple):
    """Through whose eyes one can look on one forum, besides classes and members."""

    professionals: tuple[Professional, ...]
    classes: tuple[Who, ...]
    """Professions and organisations: those that a choice names, and those that stand on a badge here."""


class Group(NamedTuple):
    """One group as its forum registered it."""

    key: str
    posture: Posture
    ages: Ages
    audience: Audience
    on_trial: bool
    """Whether it shows everything, whatever is decided."""


class Moment(NamedTuple):
    """When one looks; at a past one of the platform's revisions, or now."""

    at: Instant
    revision: int | None = None


def eyes_on(session: Session, keyring: Keyring, forum: OwnForum, now: Instant, known: frozenset[AccountKey]) -> Eyes:
    """Return whom one can look as on a forum: who is at work there, who is `known`, and of whom a choice speaks.

    Raises `BrokenRowError`.
    """
    said = set(_named_by(session, keyring, forum, now))
    chosen = {AccountKey(who.name) for who in said if who.kind is WhoKind.NAMED}
    found = professionals_on(session, keyring, forum.platform_id, now, known | chosen)
    on_badges = {Who(WhoKind.PROFESSION, one.profession) for one in found if one.profession}
    classes = {who for who in said if who.kind in _CLASSES} | on_badges
    return Eyes(tuple(found), tuple(sorted(classes)))


def group_named(session: Session, keyring: Keyring, platform_id: UUID, name: str, moment: Moment) -> Group | None:
    """Return a group by the name that its address shows, as it is or was. Raises `BrokenRowError`."""
    key = place_key(keyring, platform_id, "community", name)
    document = _community(session, keyring, platform_id, key, moment)
    if document is None or not document.history:
        return None
    group = _group(key, document, moment.at)
    # On a forum that is stopped no group only tries it out: that would show what the stop refuses.
    return group._replace(on_trial=group.on_trial and not is_stopped(session, keyring, platform_id, moment))


def is_stopped(session: Session, keyring: Keyring, platform_id: UUID, moment: Moment) -> bool:
    """Say whether a forum shows professionals nothing, or showed them nothing then. Raises `BrokenRowError`."""
    if moment.revision is None:
        return in_force(session, keyring, platform_id).places(()).suspended
    return in_force_then(session, keyring, platform_id, moment.revision).places(()).suspended


def groups_on(session: Session, keyring: Keyring, platform_id: UUID, now: Instant) -> Counter[tuple[Posture, Audience]]:
    """Return how many groups of a forum there are of each kind, and whether anybody can read them."""
    found: Counter[tuple[Posture, Audience]] = Counter()
    for key in InForce.communities_of(session, platform_id):
        try:
            document = _community(session, keyring, platform_id, key, Moment(now))
        except BrokenRowError:
            # It is left out of the sum: a page about one's own choices must open.
            _log.critical("broken_row", kind="community")
            continue
        if document is not None and document.history:
            found[_group(key, document, now).posture, document.audience] += 1
    return found


def begins(session: Session, forum: OwnForum) -> Instant | None:
    """Return since when a person's account on a forum has been on record as theirs; none if it is not.

    Of the time before, it may have been somebody else's: a day then is nobody's to look at.
    """
    bound = AccountVersion.with_times(session, forum.platform_id, [forum.key])
    since: Instant | None = None
    for account, at in bound:
        if account.patient is None or account.patient != bound[-1][0].patient:
            since = None
        elif since is None:
            since = Instant(at)
    return since


def _named_by(session: Session, keyring: Keyring, forum: OwnForum, now: Instant) -> Iterator[Who]:
    register = Register(session, keyring, now)
    patient = register.patient_of(forum.key)
    if patient is None:
        return
    document: PatientDocument = register.document("patient", str(patient))
    # What has ended goes on binding, but is no reason any more to show who is here as a patient.
    yield from (Who(line.who, line.name) for line in document.lines if line.when[1] > now)
    yield from (Who(member.who, member.name) for member in document.care_team if member.during[1] > now)


def _community(
    session: Session, keyring: Keyring, platform_id: UUID, key: str, moment: Moment
) -> CommunityDocument | None:
    subject = f"{platform_id}/{key}"
    document: CommunityDocument | None
    if moment.revision is None:
        document = Register(session, keyring, moment.at).document("community", subject)
    else:
        document = Past(session, keyring, platform_id, moment.revision).document("community", subject)
    return document


def _group(key: str, document: CommunityDocument, at: Instant) -> Group:
    # Of a first setting that is still to come, the facts of a decision would say the platform's strictest; a page that
    # shows one group says what that group announced.
    facts = Facts(Viewer(AccountKey("")), {}, Conduct({}, {}), places_of({key: document}, None).communities)
    room = room_of(facts, Words(AccountKey(""), key), at, now_only=True)
    return Group(key, *room, document.audience, on_trial=community_of(document).observes_from <= at)
