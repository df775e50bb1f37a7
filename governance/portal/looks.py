"""A look through somebody's eyes: whose they are, in what group, and all facts that the decision needs for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.edges import all_lines
from governance.decision.facts import (
    Author,
    Claim,
    Community,
    Conduct,
    Facts,
    Hcp,
    Room,
    Setting,
    TeamEntry,
    Viewer,
    Words,
)
from governance.decision.provisions import ALWAYS, Scale, Who, WhoKind, named
from governance.decision.rooms import room_of
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    AccountKey,
    Ages,
    Assurance,
    Instant,
    Mark,
    Posture,
    Status,
)
from governance.effective.errors import BrokenRowError
from governance.effective.facts import FactsReader, People, shut_out
from governance.effective.past import in_force_then
from governance.effective.present import in_force
from governance.optout.ages import Age
from governance.portal.reasons import age_of

GROUP: Final = "group"
"""A group of the kind that is looked at, in which nothing was ever said of anybody."""
POST: Final = "post"
_SOMEBODY: Final = AccountKey("")


class Kind(StrEnum):
    """Whom one can look as, besides a professional by name, a profession and an organisation."""

    TEAM = "team"
    """A professional of the care team, proven in every way, of whom nothing was chosen by name."""
    OTHER = "other"
    """The same outside the care team."""
    MEMBER = "member"
    SIGNED_OUT = "signed_out"


Whom = Kind | Who | AccountKey


class Patient(NamedTuple):
    """Whose posts are looked at: their account and its platform."""

    key: AccountKey
    platform_id: UUID


class Terms(NamedTuple):
    """In what kind of group, by which rules, and when; in one group if `community` names it, at a past revision."""

    posture: Posture
    conduct: Conduct
    now: Instant
    community: str | None = None
    revision: int | None = None
    public: bool | None = None
    """Whether anybody can read in that group; None where no group is named."""


@dataclass(frozen=True, slots=True)
class Look:
    """All facts of one look."""

    facts: Facts
    proven: Facts
    """The same with a viewer whom nothing but the patient's choices could keep out."""
    groups: tuple[str, ...]
    patient: Patient
    whom: Whom
    now: Instant
    suspended: bool = False
    """Whether no professional passes the gate on the forum, whoever they are and whatever was chosen."""

    @property
    def author(self) -> Author:
        """The patient's facts."""
        return self.facts.authors[self.patient.key]


def look_as(session: Session, keyring: Keyring, patient: Patient, whom: Whom, terms: Terms) -> Look:
    """Return a look on these terms. Raises `BrokenRowError` where what counts, or counted, cannot be read."""
    reader = _reader(session, keyring, patient, terms)
    viewer = _SOMEBODY if isinstance(whom, Kind | Who) else whom
    places = () if terms.community is None else (terms.community,)
    facts = reader.facts(People(viewer, frozenset({patient.key})), places, terms.conduct)
    if patient.key not in facts.authors:
        raise BrokenRowError("what is in force for this person cannot be read")
    facts = _as(whom, facts, patient)
    groups = places or (GROUP, *_groups_of_their_own(reader, facts, patient, terms))
    if not places:
        facts = _in_groups(facts, (*groups, *_named_in_lines(facts.authors[patient.key])), terms)
    governed = facts.viewer.governed_by or frozenset(() if whom is Kind.MEMBER else (Mark.REGISTERED,))
    proven = replace(facts, viewer=_proven(replace(facts.viewer, governed_by=governed)))
    if suspended := reader.places(()).suspended:
        # Classes and proven professionals are put together here, and the reader shut out nobody of them.
        facts, proven = (replace(one, viewer=shut_out(one.viewer)) for one in (facts, proven))
    return Look(facts, proven, groups, patient, whom, terms.now, suspended)


def post_in(look: Look, group: str) -> Words:
    """Return a post that the patient writes in a group at the time of the look."""
    return _post(look.patient, group, look.now)


def _reader(session: Session, keyring: Keyring, patient: Patient, terms: Terms) -> FactsReader:
    if terms.revision is None:
        return in_force(session, keyring, patient.platform_id)
    return in_force_then(session, keyring, patient.platform_id, terms.revision)


def _as(whom: Whom, facts: Facts, patient: Patient) -> Facts:
    """Put a professional there who stands for a class; an account is looked up, a member is nobody in particular."""
    if whom is Kind.MEMBER or not isinstance(whom, Kind | Who):
        return facts
    claims = (Claim(whom, ALWAYS),) if isinstance(whom, Who) else ()
    viewer = _proven(Viewer(_SOMEBODY, frozenset({Mark.REGISTERED}), Hcp(claims=claims)))
    if whom is not Kind.TEAM:
        return replace(facts, viewer=viewer)
    author = facts.authors[patient.key]
    joined = replace(author, care_team=(*author.care_team, TeamEntry(named(_SOMEBODY))))
    return replace(facts, viewer=viewer, authors={patient.key: joined})


def _proven(viewer: Viewer) -> Viewer:
    """Return a viewer as a professional and nothing else, proven in every way.

    Of a badge's profession as well; where somebody works is proven or not, and is no part of a badge.
    """
    claims = tuple(
        Claim(claim.who, ALWAYS) if claim.who.kind is WhoKind.PROFESSION else claim for claim in viewer.hcp.claims
    )
    proofs = Hcp(status=Status.GOOD, checked_until=FOREVER, attested=ALWAYS, assurance=Assurance.A4)
    return replace(viewer, hcp=replace(proofs, accounts=viewer.hcp.accounts, claims=claims))


def _groups_of_their_own(reader: FactsReader, facts: Facts, patient: Patient, terms: Terms) -> list[str]:
    """Return the groups of this kind for which the viewer said how they are there."""
    platform = str(patient.platform_id)
    capacities = facts.viewer.hcp.capacities
    said = {one.community for one in capacities if one.platform == platform and one.community is not None}
    if not said:
        return []
    known, strictest, _ = reader.places(said)
    there = replace(facts, communities=known, strictest=strictest)
    return [
        group
        for group in sorted(known)
        if room_of(there, _post(patient, group, terms.now), terms.now, now_only=True).posture is terms.posture
    ]


def _in_groups(facts: Facts, groups: Iterable[str], terms: Terms) -> Facts:
    (author,) = facts.authors.values()
    room = Room(terms.posture, Ages.ADULTS if age_of(author, terms.now) is Age.ADULT else Ages.MIXED)
    settings = Community((Setting(BEGINNING, *room),))
    return replace(facts, communities=dict.fromkeys(groups, settings), strictest=room)


def _named_in_lines(author: Author) -> set[str]:
    return {line.where.id for line in all_lines(author) if line.where.scale is Scale.COMMUNITY}


def _post(patient: Patient, group: str, now: Instant) -> Words:
    return Words(patient.key, group, POST, POST, created=now, edited=None)
