"""Does an edit of one author's records open anything to anybody? If so: to whom, where, what and when.

The search starts from what changed in the direction of permitting (`starts`), and lets `mends` settle no
more of the viewer and the request than what stands in the way. Only `decide` says what is a witness.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from governance.decision.facts import Author, Facts
from governance.decision.loosens.edit import Edit, Side
from governance.decision.loosens.mends import ways_to_permit, ways_to_refuse
from governance.decision.loosens.starts import starts
from governance.decision.loosens.witness import Help, Sketch, Witness, people_of, place_of, request_of
from governance.decision.provisions import (
    CARE_TEAM,
    OTHERS,
)
from governance.decision.verdicts import Decision
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    NOT_SENT,
    Action,
    Capacity,
    NotSentType,
    Posture,
)


def loosens(before: Author, after: Author) -> Witness | None:
    """Name somebody who is refused before an edit and permitted after it; None if there is nobody.

    Both are the same person's. All possible viewers, communities, requests and times count, so the answer
    does not change with the clock. The plainest witness found comes first: seeing before the rest,
    everybody before somebody named.
    """
    if before == after:
        return None
    edit = Edit(Side(before), Side(after))
    for manner in _manners(edit):
        for sketches in starts(edit, manner):
            witness = _search(edit, sketches)
            if witness is not None:
                return witness
    return None


def _search(edit: Edit, sketches: Iterable[Sketch]) -> Witness | None:
    """Walk from the sketches to the nearest witness, around one obstacle after the other."""
    waiting, seen = deque(sketches), set[Sketch]()
    author = edit.after.author
    while waiting:
        sketch = waiting.popleft()
        if sketch in seen or sketch.account == author.account:
            continue
        seen.add(sketch)
        before, after, _ = edit.answers(sketch)
        if after.permit and not before.permit:
            return _witness(edit, sketch)
        waiting.extend(_next(edit, sketch, before, after))
    return None


def _next(edit: Edit, sketch: Sketch, before: Decision, after: Decision) -> list[Sketch]:
    """List the ways around one obstacle: any witness lies beyond each of them."""
    if before.permit or before.verdict.action is not sketch.action:
        return list(ways_to_refuse(edit, sketch))
    return list(ways_to_permit(edit, sketch, after.verdict))


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
    for wrote_first in _contacts(edit, blank.action):
        asked = blank._replace(wrote_first=wrote_first, posture=Posture.PEER_ONLY)
        if blank.action in (Action.VIEW, Action.MODERATE):
            yield asked._replace(help=Help.FLAGGED)
        if blank.action is Action.VIEW and edit.view_since < FOREVER:
            yield asked._replace(help=Help.EMERGENCY, at=edit.view_since)


def _contacts(edit: Edit, action: Action) -> Iterator[bool | NotSentType]:
    yield False
    if edit.depends_on_contact(action):
        yield True
    if edit.permits_by_contact(action):
        yield NOT_SENT


def _witness(edit: Edit, sketch: Sketch) -> Witness | None:
    """Let the request come after the words, if it may, and tell who, where and when."""
    times = [time for time in (sketch.created, sketch.edited) if isinstance(time, int)]
    later = sketch._replace(at=max(sketch.at, *times)) if times else sketch
    for told in (later, sketch):
        before, after, facts = edit.answers(told)
        if after.permit and not before.permit:
            return _told(edit, told, (before, after), facts)
    return None


def _told(edit: Edit, sketch: Sketch, decisions: tuple[Decision, Decision], facts: Facts) -> Witness:
    before, after = decisions
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
        before=before.verdict,
        after=after.verdict,
        request=request_of(sketch, edit.after.author.account, edit.free),
        facts=facts,
    )
