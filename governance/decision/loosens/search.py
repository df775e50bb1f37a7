"""Does an edit of one author's records open anything to anybody? If so: to whom, where, what and when.

The search starts from what changed in the direction of permitting (`starts`), and lets `mends` settle no
more of the viewer and the request than what stands in the way. Only `decide` says what is a witness.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from governance.decision.facts import Author
from governance.decision.loosens.edit import Asked, Edit, Side
from governance.decision.loosens.meeting import from_on
from governance.decision.loosens.mends import ways_to_permit, ways_to_refuse
from governance.decision.loosens.starts import starts
from governance.decision.loosens.witness import Help, Sketch, Witness, people_of, place_of
from governance.decision.provisions import CARE_TEAM, OTHERS
from governance.decision.vocabulary import (
    BEGINNING,
    NOT_SENT,
    Action,
    Capacity,
    NotSentType,
    Posture,
)

MOST_CANDIDATES: Final = 30_000
"""So many sketches are looked at. Records of 200 lines need some hundreds, seldom some thousands."""


def loosens(before: Author, after: Author) -> Witness | None:
    """Name somebody who is refused before an edit and permitted after it; None if there is nobody.

    Both are the same person's. All possible viewers, communities, requests and times count, so the answer
    does not change with the clock. The plainest witness found comes first: seeing before the rest,
    everybody before somebody named. Where there is too much to compare, the witness says just that.
    """
    if before == after:
        return None
    search = _Search(Edit(Side(before), Side(after)))
    for manner in _manners(search.edit):
        for sketches in starts(search.edit, manner):
            witness = search.witness(sketches)
            if witness is not None:
                return witness
    return None


class _Search:
    """Walks from sketches to the nearest witness, around one obstacle after the other."""

    def __init__(self, edit: Edit) -> None:
        self.edit = edit
        self._candidates = 0

    def witness(self, sketches: Iterable[Sketch]) -> Witness | None:
        """Return the nearest, if there is any; or one that says that there was too much to compare."""
        waiting, seen = deque[Sketch](), set[Sketch]()
        while True:
            new = [sketch for sketch in dict.fromkeys(sketches) if sketch not in seen]
            self._candidates += len(new)
            if self._candidates > MOST_CANDIDATES:
                return _told(self.edit, Asked(self.edit, Sketch(new[0].action)), too_much=True)
            seen.update(new)
            waiting.extend(new)
            if not waiting:
                return None
            asked = Asked(self.edit, waiting.popleft())
            if asked.opens:
                return _witness(self.edit, asked)
            sketches = _next(self.edit, asked)


def _next(edit: Edit, asked: Asked) -> list[Sketch]:
    """List the ways around one obstacle, that which leaves the fewest: any witness lies beyond each of them."""
    sketch = asked.sketch
    if asked.after.permit:
        return list(ways_to_refuse(edit, sketch))
    ways = list(ways_to_permit(edit, sketch, asked.after.verdict))
    return min(ways, list(ways_to_refuse(edit, sketch)), key=len) if ways and asked.was_open else ways


def _manners(edit: Edit) -> Iterator[Sketch]:
    """Yield every manner of asking that may make a difference, the plainest first."""
    blanks = [Sketch(action) for action in edit.telling_actions()]
    for viewer in (_plain_viewers, _trusted_viewers):
        for blank in blanks:
            yield from viewer(edit, blank)
    for blank in blanks:
        for created, edited in _TIMES_OF_WORDS if edit.depends_on_times(blank.action) else ():
            asked = blank._replace(created=created, edited=edited)
            yield from _plain_viewers(edit, asked)


_TIMES_OF_WORDS: Final = ((NOT_SENT, NOT_SENT), (BEGINNING, BEGINNING), (BEGINNING, NOT_SENT))
"""The less plain ways to tell when words were created and edited."""


def _plain_viewers(edit: Edit, blank: Sketch) -> Iterator[Sketch]:
    """Yield a professional, one who is here as a patient, and somebody who is none."""
    for wrote_first in _contacts(edit, blank.action):
        asked = blank._replace(wrote_first=wrote_first)
        if asked.action is not Action.MODERATE:
            yield asked
            yield asked._replace(capacity=Capacity.PEER)
        yield asked._replace(capacity=None)


def _trusted_viewers(edit: Edit, blank: Sketch) -> Iterator[Sketch]:
    """Yield a moderator of a flagged post, and somebody who was given an emergency view.

    The community is closed to professionals, so that nothing but this trust can open the post.
    """
    asked = blank._replace(posture=Posture.PEER_ONLY)
    if blank.action in (Action.VIEW, Action.MODERATE):
        yield asked._replace(help=Help.FLAGGED)
    if blank.action is Action.VIEW:
        yield from asked._replace(help=Help.EMERGENCY).asked_within(from_on(edit.view_since))


def _contacts(edit: Edit, action: Action) -> Iterator[bool | NotSentType]:
    yield False
    if edit.depends_on_contact(action):
        yield True
    if edit.permits_by_contact(action):
        yield NOT_SENT


def _witness(edit: Edit, asked: Asked) -> Witness:
    """Let the request come after the words, if it may, and tell who, where and when."""
    sketch = asked.sketch
    times = [time for time in (sketch.created, sketch.edited) if isinstance(time, int)]
    later = Asked(edit, sketch._replace(at=max([sketch.at, *times])))
    return _told(edit, later if later.opens else asked)


def _told(edit: Edit, asked: Asked, *, too_much: bool = False) -> Witness:
    sketch = asked.sketch
    team = (entry for entry in edit.after.author.care_team if entry.during.start <= sketch.at)
    standing = CARE_TEAM if any(sketch.bears(entry.member) for entry in team) else OTHERS
    people = (*people_of(sketch), standing)
    return Witness(
        who=people[0],
        also=people[1:],
        capacity=sketch.capacity,
        where=place_of(sketch),
        action=sketch.action,
        at=sketch.at,
        created=sketch.created,
        edited=sketch.edited,
        patient_wrote_first=sketch.wrote_first,
        before=asked.before.verdict,
        after=asked.after.verdict,
        request=asked.request,
        facts=asked.facts,
        too_much=too_much,
    )
