"""What the rules are asked: one author's words, one viewer in one capacity, one action."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from governance.decision.facts import Author, Facts, Request, Room, Viewer, Words
from governance.decision.provisions import EVERYWHERE, Bucket, Place, Provision, Scale
from governance.decision.rooms import room_of
from governance.decision.team import ONLY_OTHERS, Classes, classes_of
from governance.decision.verdicts import Step, Verdict
from governance.decision.vocabulary import NOT_SENT, PERSON_ACTIONS, Action, Capacity, Instant

_new: Final = tuple.__new__
"""Makes a named tuple without the detour through its own constructor, which costs twice as much."""

# Looked up once: before Python 3.12 a word of a closed list costs as much as two calls.
_PLATFORM, _COMMUNITY, _THREAD, _POST = Scale.PLATFORM, Scale.COMMUNITY, Scale.THREAD, Scale.POST


@dataclass(slots=True, eq=False)
class Question:
    """One author's words, one viewer in one capacity, one action.

    What only some rules need and costs a search (room, places) is worked out when a rule asks for it.
    """

    request: Request
    facts: Facts
    words: Words
    author: Author
    action: Action
    capacity: Capacity
    viewer: Viewer = field(init=False)
    """The account that wants to act."""
    at: Instant = field(init=False)
    on_person: bool = field(init=False)
    """Whether the action is on a person; such a one has no times, thread or post."""
    team: Classes = field(init=False)
    """The classes whose refusals bind the viewer: one, or both for who left or is below A4."""
    _room: Room | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Lay out what nearly every rule reads."""
        self.viewer = self.facts.viewer
        self.at = self.request.at
        self.on_person = self.action in PERSON_ACTIONS
        self.team = classes_of(self.viewer, self.author, self.at) if self.author.care_team else ONLY_OTHERS

    @property
    def room(self) -> Room:
        """The posture and ages by which these words are judged."""
        if self._room is None:
            self._room = room_of(self.facts, self.words, self.at, now_only=self.on_person)
        return self._room

    def near(self, bucket: Bucket) -> Sequence[Provision]:
        """Return those lines of a bucket that can match here: all of a few, of many those filed under these places."""
        return bucket.lines if bucket.few else bucket.near(self._places())

    def permit(self, step: Step, line: Provision | None = None) -> Verdict:
        """Answer yes, found at this step, in this line."""
        return _new(Verdict, (True, step, line, self.words.author, self.action, self.capacity))

    def refuse(self, step: Step, line: Provision | None = None) -> Verdict:
        """Answer no, found at this step, in this line."""
        return _new(Verdict, (False, step, line, self.words.author, self.action, self.capacity))

    def _places(self) -> tuple[Place, ...] | None:
        """Every place these words lie in, widest first; None if the platform left one out."""
        words, platform = self.words, self.request.platform
        if NOT_SENT in (words.community, words.thread, words.post):
            return None
        return (
            EVERYWHERE,
            _new(Place, (_PLATFORM, platform, "")),
            _new(Place, (_COMMUNITY, platform, words.community)),
            _new(Place, (_THREAD, platform, words.thread)),
            _new(Place, (_POST, platform, words.post)),
        )
