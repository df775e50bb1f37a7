"""What the rules are asked: one author's words, one viewer in one capacity, one action."""

from collections.abc import Sequence
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


class Question:
    """One author's words, one viewer in one capacity, one action.

    What only some rules need and costs a search (room, places) is worked out when a rule asks for it.
    """

    __slots__ = (
        "_room",
        "action",
        "at",
        "author",
        "capacity",
        "facts",
        "on_person",
        "request",
        "team",
        "viewer",
        "words",
    )

    def __init__(self, request: Request, facts: Facts, words: Words, action: Action, capacity: Capacity) -> None:
        """Lay out what nearly every rule reads. Raises `KeyError` if nothing is known of the author."""
        self.request = request
        self.facts = facts
        self.words = words
        self.action = action
        self.capacity = capacity
        self.at: Instant = request.at
        self.viewer: Viewer = facts.viewer
        """The account that wants to act."""
        self.author: Author = facts.authors[words.author]
        self.on_person: bool = action in PERSON_ACTIONS
        """Whether the action is on a person; such a one has no times, thread or post."""
        self.team: Classes = ONLY_OTHERS
        """The classes whose refusals bind the viewer: one, or both for who left or is below A4."""
        self._room: Room | None = None
        if not self.viewer.key_set.isdisjoint(self.author.team_members):
            self.team = classes_of(self.viewer, self.author, self.at)

    @property
    def room(self) -> Room:
        """The posture and ages by which these words are judged."""
        if self._room is None:
            self._room = room_of(self.facts, self.words, self.at, now_only=self.on_person)
        return self._room

    def near(self, bucket: Bucket) -> Sequence[Provision]:
        """Return those lines of a bucket that can match here: all of a few, of many those filed under these places."""
        return bucket.lines if bucket.few else bucket.near(self._places())

    def may_lie_in(self, places: frozenset[str]) -> bool:
        """Say whether these words may lie in one of these communities, threads or posts; what was not sent may."""
        words = self.words
        if words.community is NOT_SENT or words.thread is NOT_SENT or words.post is NOT_SENT:
            return True
        return words.community in places or words.thread in places or words.post in places

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
