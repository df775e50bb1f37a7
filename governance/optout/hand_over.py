"""At 18: what somebody else said yes to has ended. One press closes it in the choices too, so that it can be chosen."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.levels import LEVELS
from governance.decision.provisions import Scale, WhoKind
from governance.decision.vocabulary import AccountKey, Instant, Level
from governance.effective.asking_again import AskingAgain
from governance.effective.documents import AskedAgain, PatientDocument
from governance.effective.service import Register
from governance.optout.choices import Choices, Named
from governance.optout.loosening import body_of
from governance.optout.models import Directive
from governance.optout.own.rules import Rule
from governance.optout.service import ROOM, put_in_force

_IN_PICKS: Final = frozenset({WhoKind.NAMED, WhoKind.CARE_TEAM, WhoKind.OTHERS})
"""Who is answered for everywhere in one pick; the rest is rules, and so is whatever is about one place."""


def ended(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> tuple[AskedAgain, ...]:
    """Return what has ended because the person is 18; nothing before that."""
    document: PatientDocument = Register(session, keyring, now).document("patient", str(patient_id))
    adult = document.adult_from is not None and document.adult_from <= now
    return document.asked_again if adult else ()


def choose_anew(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> Directive | None:
    """Close in the choices what has ended, so that the person can choose it by themselves; None if nothing has."""
    gone = ended(session, keyring, patient_id, now)
    if not gone:
        return None
    body = body_of(Register(session, keyring, now).said("patient", str(patient_id), ROOM))
    closed = body.choices
    for one in gone:
        closed = _without(closed, one)
    directive = put_in_force(session, keyring, patient_id, body.followed_by(closed, now), now)
    # INVARIANT: in this order and in one transaction, so that no line ends before what it ended is closed.
    AskingAgain(session, keyring, patient_id, now).drop(gone)
    return directive


def _without(choices: Choices, gone: AskedAgain) -> Choices:
    if gone.who not in _IN_PICKS or gone.scale is not Scale.EVERYWHERE:
        return choices._replace(rules=frozenset(_closed(choices, gone)))
    if gone.who is WhoKind.NAMED:
        # Refused by name, not forgotten: as one of all others they might do more than now.
        others = {one for one in choices.named if one.account != gone.name}
        closed = Named(AccountKey(gone.name), Level.CLOSED)
        return choices._replace(team=choices.team - {gone.name}, named=frozenset({*others, closed}))
    if gone.who is WhoKind.CARE_TEAM:
        lower, extras = _lower(choices.care_team, gone), choices.care_team_extras - gone.actions
        return choices._replace(care_team=lower, care_team_extras=extras)
    lower, extras = _lower(choices.others, gone), choices.others_extras - gone.actions
    return choices._replace(others=lower, others_extras=extras)


def _closed(choices: Choices, gone: AskedAgain) -> Iterator[Rule]:
    """Yield the rules, of which those that this was said yes to refuse everything from now on."""
    for rule in choices.rules:
        scope = rule.scope
        place = scope.scale, scope.platform, scope.place
        ends = (scope.who, scope.name, *place) == (gone.who, gone.name, gone.scale, gone.platform, gone.place)
        yield Rule(scope, Level.CLOSED) if ends and not rule.closes else rule


def _lower(level: Level, gone: AskedAgain) -> Level:
    left = LEVELS[level] - gone.actions
    return max((one for one in Level if LEVELS[one] <= left), key=list(Level).index)
