"""Does one line of somebody's choices match this request? Refusals match on doubt, permits never do."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from governance.decision.facts import Author, Facts, Request, Room, TeamEntry, Viewer, Words
from governance.decision.provisions import (
    ALWAYS,
    CARE_TEAM,
    OTHERS,
    Interval,
    Place,
    Provision,
    Scale,
    Who,
    WhoKind,
    named,
)
from governance.decision.rooms import room_of
from governance.decision.vocabulary import (
    NOT_SENT,
    PERSON_ACTIONS,
    Action,
    Assurance,
    Capacity,
    Contact,
    Instant,
    NotSentType,
)


@dataclass
class Question:
    """One author's words, one viewer in one capacity, one action: what the rules are asked."""

    request: Request
    facts: Facts
    words: Words
    author: Author
    action: Action
    capacity: Capacity

    @property
    def viewer(self) -> Viewer:
        """The account that wants to act."""
        return self.facts.viewer

    @cached_property
    def on_person(self) -> bool:
        """Whether the action is on a person; such a one has no times, thread or post."""
        return self.action in PERSON_ACTIONS

    @cached_property
    def room(self) -> Room:
        """The posture and ages by which these words are judged."""
        return room_of(self.facts, self.words, self.request.at, now_only=self.on_person)

    @cached_property
    def team(self) -> frozenset[Who]:
        """The classes whose refusals bind the viewer: one, or both for who left or is below A4."""
        return classes_of(self.viewer, self.author, self.request.at)

    @cached_property
    def places(self) -> tuple[Place, ...] | None:
        """Every place these words lie in, widest first; None if the platform left one out."""
        words, platform = self.words, self.request.platform
        if NOT_SENT in (words.community, words.thread, words.post):
            return None
        ids = ((Scale.COMMUNITY, words.community), (Scale.THREAD, words.thread), (Scale.POST, words.post))
        narrow = tuple(Place(scale, platform, str(place_id)) for scale, place_id in ids)
        return (Place(Scale.EVERYWHERE), Place(Scale.PLATFORM, platform), *narrow)


def matches(line: Provision, question: Question) -> bool:
    """Say whether a line about this action and viewer matches the place, time and contact asked about."""
    return _contact_matches(line, question.request) and _place_matches(line, question) and _time_matches(line, question)


def permit_names(line: Provision, question: Question) -> bool:
    """Say whether a permit is about this viewer: by verified, current facts only."""
    viewer, who = question.viewer, line.who
    if who.kind is WhoKind.NAMED:
        return who.name == viewer.account
    if who.kind is WhoKind.OTHERS:
        return question.team == _OTHERS_ONLY
    if question.capacity is Capacity.PEER:
        return False
    if who.kind is WhoKind.CARE_TEAM:
        return question.team == _CARE_TEAM_ONLY
    return verified(viewer, who, question.request.at)


def verified(viewer: Viewer, who: Who, at: Instant) -> bool:
    """Say whether a profession or organisation of the viewer is verified now."""
    return any(claim.who == who and claim.verified.covers(at) for claim in viewer.hcp.claims)


_OTHERS_ONLY = frozenset({OTHERS})
_CARE_TEAM_ONLY = frozenset({CARE_TEAM})
_BOTH_CLASSES = _OTHERS_ONLY | _CARE_TEAM_ONLY


def classes_of(viewer: Viewer, author: Author, at: Instant) -> frozenset[Who]:
    """Return care team for a member at A4, both classes for who left or is below it, else others."""
    touched = [entry for entry in author.care_team if entry.during.start <= at and entry.member in viewer.keys]
    if not touched:
        return _OTHERS_ONLY
    if viewer.hcp.assurance >= Assurance.A4 and any(_is_member(viewer, entry, at) for entry in touched):
        return _CARE_TEAM_ONLY
    return _BOTH_CLASSES


def _is_member(viewer: Viewer, entry: TeamEntry, at: Instant) -> bool:
    if not entry.during.covers(at):
        return False
    return entry.member == named(viewer.account) or verified(viewer, entry.member, at)


def in_care_team_now(question: Question) -> bool:
    """Say whether the patient counts the viewer, by any account or claim, among the care team today."""
    at, keys = question.request.at, question.viewer.keys
    return any(entry.during.covers(at) and entry.member in keys for entry in question.author.care_team)


def _contact_matches(line: Provision, request: Request) -> bool:
    if line.contact is Contact.ANY:
        return True
    patient_wrote_first = request.initiated_by_patient
    if not isinstance(patient_wrote_first, bool):
        return line.refuses
    return patient_wrote_first is (line.contact is Contact.AFTER)


def _place_matches(line: Provision, question: Question) -> bool:
    scale, platform, place_id = line.where
    if scale is Scale.EVERYWHERE:
        return True
    if platform != question.request.platform:
        return False
    if scale is Scale.PLATFORM:
        return True
    if question.on_person and scale is not Scale.COMMUNITY:
        return False
    sent = _sent_id(question.words, scale)
    if sent is NOT_SENT:
        return line.refuses and not question.on_person
    return sent == place_id


def _sent_id(words: Words, scale: Scale) -> str | NotSentType:
    if scale is Scale.COMMUNITY:
        return words.community
    return words.thread if scale is Scale.THREAD else words.post


def _time_matches(line: Provision, question: Question) -> bool:
    at, when = question.request.at, line.when
    if at < when.start:
        return False
    if at < when.end:
        return question.on_person or _reach_matches(line, question.words)
    # An ended refusal goes on covering what was written under it: its end must expose nothing.
    return line.refuses and not question.on_person and _any_time_in((when, line.reach), question.words)


def _reach_matches(line: Provision, words: Words) -> bool:
    if line.refuses:
        return _any_time_in((line.reach,), words)
    start, end = line.reach
    return not _limited(line) or all(time is not NOT_SENT and start <= time < end for time in _times(words))


def _limited(line: Provision) -> bool:
    return line.reach != ALWAYS


def _any_time_in(spans: Iterable[Interval], words: Words) -> bool:
    spans = [span for span in spans if span != ALWAYS]
    if not spans:
        return True
    return any(time is NOT_SENT or all(span.covers(time) for span in spans) for time in _times(words))


def _times(words: Words) -> list[Instant | NotSentType]:
    if words.edited is None:
        return [words.created]
    return [words.created, words.edited]
