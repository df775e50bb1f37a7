"""Does an edit of one author's records open anything to anybody? If so: to whom, where, what and when.

The search starts from what changed in the direction of permitting (`_starts`), and lets `mends` settle no
more of the viewer and the request than what stands in the way. Only `decide` says what is a witness.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from governance.decision.edit import CLASSES, Edit, Side, gained
from governance.decision.facts import Author, Facts
from governance.decision.meeting import bearing, decided_by, from_on, permitted_by, refused_by, touching
from governance.decision.mends import ways_to_permit, ways_to_refuse
from governance.decision.provisions import (
    ALWAYS,
    CARE_TEAM,
    NEVER,
    OTHERS,
    Interval,
    Provision,
    WhoKind,
    named,
)
from governance.decision.verdicts import Decision
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    NOT_SENT,
    OPEN_ACTIONS,
    PERSON_ACTIONS,
    UNKNOWN,
    AccountKey,
    Action,
    Ages,
    Capacity,
    Instant,
    NotSentType,
    Posture,
)
from governance.decision.witness import Help, Sketch, Witness, people_of, place_of, request_of

_ON_A_PROFESSIONALS_POST: Final = OPEN_ACTIONS | {Action.QUOTE}


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
        for sketches in _starts(edit, manner):
            witness = _search(edit, sketches)
            if witness is not None:
                return witness
    return None


def _search(edit: Edit, sketches: Iterable[Sketch]) -> Witness | None:
    """Walk from the sketches to the nearest witness; where there is a choice of obstacles, the narrower way."""
    waiting, seen = deque(sketches), set[Sketch]()
    while waiting:
        sketch = waiting.popleft()
        if sketch in seen or sketch.account == edit.after.author.account:
            continue
        seen.add(sketch)
        before, after, _ = edit.answers(sketch)
        if after.permit and not before.permit:
            return _witness(edit, sketch)
        waiting.extend(_next(edit, sketch, before, after))
    return None


def _next(edit: Edit, sketch: Sketch, before: Decision, after: Decision) -> list[Sketch]:
    """List the ways around one obstacle: any witness lies beyond each of them."""
    ways = []
    if before.permit or before.verdict.action is not sketch.action:
        ways.append(list(ways_to_refuse(edit, sketch)))
    if not after.permit:
        ways.append(list(ways_to_permit(edit, sketch, after.verdict)))
    return min(ways, key=len)


def _manners(edit: Edit) -> Iterator[Sketch]:
    """Yield every manner of asking that may make a difference, the plainest first."""
    actions = edit.telling_actions()
    for blank in map(Sketch, actions):
        yield from _manners_of_viewer(edit, blank)
    for action in actions:
        for created, edited in _times_of_words(edit, action):
            yield from _manners_of_viewer(edit, Sketch(action, created=created, edited=edited))


def _times_of_words(edit: Edit, action: Action) -> Iterator[tuple[Instant | NotSentType, Instant | NotSentType | None]]:
    """Yield the less plain ways to tell when words were written.

    Whoever is refused for a time that was not sent, or for one of two, is refused for one that was sent as
    well, unless there is no such time, a permit for certain times then steps in, or what counts is only when
    they were created.
    """
    if action in PERSON_ACTIONS:
        return
    after = edit.after.author
    by_creation = after.erased is not None or after.hcp is not None or edit.before.author.hcp is not None
    if edit.permits_by_time(action) or edit.refuses_at_no_time(action):
        yield NOT_SENT, NOT_SENT
    if edit.permits_by_time(action) or (by_creation and edit.refuses_by_time(action)):
        yield BEGINNING, BEGINNING
    if edit.permits_by_time(action) and by_creation:
        yield BEGINNING, NOT_SENT


def _manners_of_viewer(edit: Edit, blank: Sketch) -> Iterator[Sketch]:
    for wrote_first in _contacts(edit, blank.action):
        asked = blank._replace(wrote_first=wrote_first)
        if blank.action is not Action.MODERATE:
            yield asked
            yield asked._replace(capacity=Capacity.PEER)
        if blank.action in (Action.VIEW, Action.MODERATE):
            yield asked._replace(posture=Posture.PEER_ONLY, help=Help.FLAGGED)
        if blank.action is Action.VIEW and edit.view_since < FOREVER:
            yield asked._replace(posture=Posture.PEER_ONLY, help=Help.EMERGENCY, at=edit.view_since)
        yield asked._replace(capacity=None)


def _contacts(edit: Edit, action: Action) -> Iterator[bool | NotSentType]:
    yield False
    if edit.depends_on_contact(action):
        yield True
    if edit.permits_by_contact(action):
        yield NOT_SENT


def _starts(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
    """Yield what changed towards permitting: whoever gains by an edit gains by at least one of these.

    Before, somebody is refused for one reason: a hold, a block, an erasure, an age, one refusal, or for want
    of a permit. That reason went; or a permit came that outranks it; or the viewer's standing changed.
    """
    for block in sorted(set(edit.before.author.blocks) - set(edit.after.author.blocks)):
        for sketch in bearing(manner, named(block.account)):
            yield sketch.asked_within(block.during)
    if manner.help is Help.NONE:
        yield from _from_dropped_lines(edit, manner)
    if manner.capacity is None:
        return
    yield from _from_erasure(edit, manner)
    if manner.help is Help.NONE:
        yield from _from_added_lines(edit, manner)
        yield from _from_changed_team(edit, manner)
        yield from _from_changed_facts(edit, manner)
    else:
        yield from _from_changed_trust(edit, manner)


def _from_dropped_lines(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
    lines = edit.dropped(manner.action)
    if edit.newly_welcome() and manner.capacity is Capacity.PEER:
        lines += [line for line in edit.refusals(manner.action) if line.who.kind is not WhoKind.NAMED]
    for line in lines:
        if manner.capacity is not None or line.who.kind is WhoKind.NAMED:
            yield decided_by(manner, line, edit.before)
    for line in edit.dropped_by_others(manner.action):
        if manner.capacity is not None or line.who.kind is WhoKind.NAMED:
            yield refused_by(manner, line, edit.before)


def _from_added_lines(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
    """A permit is new, or there are new times at which the acknowledged disclosure covers it."""
    for line in edit.added(manner.action):
        yield from _from_permit(edit, manner, line)
    for span in edit.newly_covered(manner.action):
        for sketch in manner.asked_within(span):
            for line in edit.permits(manner.action):
                yield from _from_permit(edit, sketch, line)


def _from_permit(edit: Edit, manner: Sketch, line: Provision) -> Iterator[Iterable[Sketch]]:
    """Before, nothing permitted, or a wider refusal decided."""
    author, action = edit.after.author, manner.action
    yield permitted_by(manner._replace(newcomer=line), line, action, author)
    if action is Action.MESSAGE and line.who.kind is WhoKind.NAMED:
        # To a minor it opens the door (3g), even where another permit decides.
        yield permitted_by(manner, line, action, author, deciding=False)


def _from_changed_team(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
    """Whose standing changed may escape the refusals of one class, or gain the permits of the other."""
    changed, action = edit.changed_entries(), manner.action
    if action is Action.MESSAGE:
        yield touching(manner, changed)
    own, layers = edit.refusals(action), edit.before.layers.get(action, {}).values()
    for sketch in touching(manner, changed):
        yield from (decided_by(sketch, line, edit.before) for line in own if line.who.kind in CLASSES)
        yield from (refused_by(sketch, line, edit.before) for line in layers if line.who.kind in CLASSES)
        for line in edit.permits(action):
            if line.who.kind in CLASSES:
                yield from _from_permit(edit, sketch, line)


def _from_erasure(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
    erased = edit.before.author.erased
    if erased is None:
        return
    if not manner.on_person:
        yield manner.created_within(Interval(BEGINNING, erased.final_at))
    elif not edit.before.author.record:
        yield [manner]


def _from_changed_facts(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
    """A hold lifted, an age that was in the way (3g, 3j), words that are no patient's any more (3f)."""
    if edit.before.hold and not edit.after.hold:
        yield [manner]
    if manner.on_person:
        yield _where_newly(edit, manner, _is_of_age)
    elif manner.action in OPEN_ACTIONS:
        opened = manner._replace(posture=Posture.HCP_PRESENT, unaided=True)
        yield _where_newly(edit, opened, _is_open)
    if edit.writes_as_professional() and manner.action in _ON_A_PROFESSIONALS_POST:
        alone = manner._replace(unaided=True)
        yield [alone]
        for line in edit.refusals(manner.action):
            yield decided_by(alone, line, edit.before)


def _where_newly(edit: Edit, manner: Sketch, holds: Callable[[Author, Ages], Interval]) -> Iterator[Sketch]:
    """Yield the sketch in each kind of community, at the times at which something holds only since the edit."""
    for ages in (Ages.ADULTS, Ages.MIXED):
        for span in gained(holds(edit.before.author, ages), holds(edit.after.author, ages)):
            yield from manner._replace(ages=ages).asked_within(span)


def _is_of_age(author: Author, ages: Ages) -> Interval:
    """When the author is no minor for step 3g."""
    if author.adult_from is UNKNOWN:
        return ALWAYS if ages is Ages.ADULTS else NEVER
    return from_on(author.adult_from)


def _is_open(author: Author, ages: Ages) -> Interval:
    """When an open community opens the author's words by itself (3j)."""
    if author.adult_from is UNKNOWN:
        return NEVER if author.record or ages is Ages.MIXED else ALWAYS
    return from_on(author.adult_from) if author.record or ages is Ages.ADULTS else NEVER


def _from_changed_trust(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
    """A moderator or an emergency view is stopped by any refusal by name; a moderator by being in the team."""
    for name in sorted(edit.before.refused_names() - edit.after.refused_names()):
        yield bearing(manner, named(AccountKey(name)))
    if manner.help is Help.FLAGGED:
        yield touching(manner, edit.changed_entries())
    elif edit.differs("emergency_yes_since"):
        yield [manner]


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
