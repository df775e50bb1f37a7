"""A sketch of a viewer and a request, the facts it stands for, and the witness that it may become."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from governance.decision.facts import (
    Author,
    CapacityRecord,
    Claim,
    Community,
    Conduct,
    EmergencyView,
    Facts,
    Hcp,
    Request,
    Room,
    Setting,
    Viewer,
    Words,
)
from governance.decision.provisions import (
    ALWAYS,
    EVERYWHERE,
    NEVER,
    Interval,
    Place,
    Provision,
    Scale,
    Who,
    WhoKind,
    named,
)
from governance.decision.verdicts import Step, Verdict
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    NOT_SENT,
    PERSON_ACTIONS,
    AccountKey,
    Action,
    Ages,
    Assurance,
    Capacity,
    Instant,
    Mark,
    NotSentType,
    PlatformId,
    Posture,
    Status,
)


class Help(Enum):
    """How a viewer may read what the patient's choices do not open: as a moderator, or in an emergency."""

    NONE = "none"
    FLAGGED = "flagged"
    EMERGENCY = "emergency"


class Sketch(NamedTuple):
    """A viewer and a request, as far as settled; None stands for an account or place that nobody mentions.

    Whatever a professional can be or a platform can send without the patient is at its best: eligible,
    verified, appointed. What is left is what the patient's own records decide.
    """

    action: Action
    capacity: Capacity | None = Capacity.PROFESSIONAL
    """None: not governed."""
    assurance: Assurance = Assurance.A4
    wrote_first: bool | NotSentType = False
    help: Help = Help.NONE
    posture: Posture = Posture.INFORMED
    ages: Ages = Ages.ADULTS
    account: str | None = None
    tied: frozenset[str] = frozenset()
    """Other accounts of the same professional."""
    claims: frozenset[tuple[Who, bool]] = frozenset()
    """Professions and organisations, and whether they are verified."""
    platform: PlatformId | None = None
    community: str | NotSentType | None = None
    thread: str | NotSentType | None = None
    post: str | NotSentType | None = None
    at: Instant = BEGINNING
    created: Instant | NotSentType = BEGINNING
    edited: Instant | NotSentType | None = None
    at_until: Instant = FOREVER
    """Each time may still move forward, to before this one."""
    created_until: Instant = FOREVER
    edited_until: Instant = FOREVER
    reason: Provision | Step | None = None
    """Why the action is permitted only after the edit, if that may leave no room for other permits of it.

    A permit that was not in play before, a refusal that was, or a step that had no say.
    """

    @property
    def on_person(self) -> bool:
        """Whether the action is on a person."""
        return self.action in PERSON_ACTIONS

    def bears(self, who: Who) -> bool:
        """Say whether a refusal about this account, profession or organisation is about the viewer."""
        if who.kind is WhoKind.NAMED:
            return who.name == self.account or who.name in self.tied
        return (who, True) in self.claims or (who, False) in self.claims

    def lies_in(self, place: Place) -> bool:
        """Say whether a permit about this place is about these words."""
        if place.scale is Scale.EVERYWHERE:
            return True
        if place.platform != self.platform:
            return False
        return place.scale is Scale.PLATFORM or self.held(place.scale) == place.id

    def asked_within(self, span: Interval) -> "Iterator[Sketch]":
        """Yield the sketch with the request at the earliest time from its own on that is in the span, if any."""
        at, until = max(self.at, span.start), min(self.at_until, span.end)
        if at < until:
            yield self._replace(at=at, at_until=until)

    def created_within(self, span: Interval) -> "Iterator[Sketch]":
        """Yield the sketch with the words created within the span, if they may."""
        if isinstance(self.created, int):
            created, until = max(self.created, span.start), min(self.created_until, span.end)
            if created < until:
                yield self._replace(created=created, created_until=until)

    def edited_within(self, span: Interval) -> "Iterator[Sketch]":
        """Yield the sketch with the words edited within the span, if they were edited and may be."""
        if isinstance(self.edited, int):
            edited, until = max(self.edited, span.start), min(self.edited_until, span.end)
            if edited < until:
                yield self._replace(edited=edited, edited_until=until)

    def held(self, scale: Scale) -> str | NotSentType | None:
        """Return the community, thread or post."""
        if scale is Scale.COMMUNITY:
            return self.community
        return self.thread if scale is Scale.THREAD else self.post

    def holding(self, scale: Scale, place: str | NotSentType) -> "Sketch":
        """Settle the community, thread or post."""
        if scale is Scale.COMMUNITY:
            return self._replace(community=place)
        return self._replace(thread=place) if scale is Scale.THREAD else self._replace(post=place)


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody who may do after an edit what they may not do before it, with all that words need."""

    who: Who
    """The narrowest that the choices know of this viewer: an account, an organisation, a class."""
    also: tuple[Who, ...]
    """What else must be true of the viewer: further accounts, professions, organisations."""
    capacity: Capacity | None
    """None for somebody who is not known to be a professional."""
    where: Place
    """The narrowest place that the choices know; everywhere means any place that they do not mention."""
    action: Action
    at: Instant
    """The earliest time of the request; BEGINNING for as far back as one likes."""
    created: Instant | NotSentType
    edited: Instant | NotSentType | None
    patient_wrote_first: bool | NotSentType
    before: Verdict
    after: Verdict
    request: Request
    facts: Facts
    """With the author as edited: `decide` gives the answers again, for an officer."""
    too_much: bool = False
    """There was too much to compare: nobody was found, and somebody may gain. All the rest is no example then."""

    @property
    def as_peer(self) -> bool:
        """Whether the viewer is here as a patient."""
        return self.capacity is Capacity.PEER


OPEN_CONDUCT: Final = Conduct(assurance=dict.fromkeys(Action, Assurance.A0), permits={Status.GOOD: frozenset(Action)})
"""Conduct rules that stop nobody: the gate is no choice of the patient, and its records change."""


def request_of(sketch: Sketch, author: AccountKey, free: str) -> Request:
    """Write the sketch out as a request; `free` names whatever nobody mentions."""
    words = Words(author, community=_named(sketch.community, free))
    if not sketch.on_person:
        thread, post = _named(sketch.thread, free), _named(sketch.post, free)
        words = Words(author, words.community, thread, post, sketch.created, sketch.edited)
    return Request(
        platform=PlatformId(free) if sketch.platform is None else sketch.platform,
        viewer=AccountKey(free if sketch.account is None else sketch.account),
        action=sketch.action,
        words=(words,),
        at=sketch.at,
        flagged=sketch.help is Help.FLAGGED,
        initiated_by_patient=sketch.wrote_first,
    )


def facts_of(sketch: Sketch, request: Request, author: Author, view_since: Instant) -> Facts:
    """Write out what the records would say; an emergency view, if any, begins at `view_since`."""
    community = request.words[0].community
    setting = Setting(BEGINNING, sketch.posture, sketch.ages)
    moderators = frozenset({request.viewer} if sketch.help is Help.FLAGGED else ())
    communities = {} if community is NOT_SENT else {community: Community((setting,), moderators)}
    viewer = _viewer(sketch, request, view_since)
    return Facts(viewer, {author.account: author}, OPEN_CONDUCT, communities, Room(sketch.posture, sketch.ages))


def _viewer(sketch: Sketch, request: Request, view_since: Instant) -> Viewer:
    if sketch.capacity is None:
        return Viewer(request.viewer)
    views: tuple[EmergencyView, ...] = ()
    thread = request.words[0].thread
    if sketch.help is Help.EMERGENCY and thread is not NOT_SENT:
        views = (EmergencyView(request.platform, thread, Interval(view_since, FOREVER)),)
    hcp = Hcp(
        accounts=frozenset(map(AccountKey, sketch.tied)),
        status=Status.GOOD,
        checked_until=FOREVER,
        attested=ALWAYS,
        assurance=sketch.assurance,
        claims=tuple(Claim(who, ALWAYS if verified else NEVER) for who, verified in sorted(sketch.claims)),
        capacities=(CapacityRecord(sketch.capacity, request.platform, None, ALWAYS),),
        emergency_views=views,
    )
    return Viewer(request.viewer, frozenset({Mark.REGISTERED}), hcp)


def _named(place: str | NotSentType | None, free: str) -> str | NotSentType:
    return free if place is None else place


def people_of(sketch: Sketch) -> tuple[Who, ...]:
    """List what the choices know of the viewer, the narrowest first."""
    account = [] if sketch.account is None else [named(AccountKey(sketch.account))]
    tied = [named(AccountKey(name)) for name in sorted(sketch.tied)]
    return (*account, *tied, *(who for who, _ in sorted(sketch.claims)))


def place_of(sketch: Sketch) -> Place:
    """Return the narrowest place that the sketch settles."""
    if sketch.platform is None:
        return EVERYWHERE
    for scale in (Scale.POST, Scale.THREAD, Scale.COMMUNITY):
        held = sketch.held(scale)
        if isinstance(held, str):
            return Place(scale, sketch.platform, held)
    return Place(Scale.PLATFORM, sketch.platform)
