"""Where a search for a witness may start: what changed towards permitting, and whom it is about."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from governance.decision.facts import Author
from governance.decision.loosens.edit import Edit, gained
from governance.decision.loosens.meeting import bearing, from_on, joining, permitted_by, refused_by, touching
from governance.decision.loosens.witness import Help, Sketch
from governance.decision.provisions import (
    ALWAYS,
    CARE_TEAM,
    NEVER,
    OTHERS,
    Interval,
    Provision,
    Scale,
    Who,
    WhoKind,
    named,
)
from governance.decision.verdicts import Step
from governance.decision.vocabulary import (
    BEGINNING,
    OPEN_ACTIONS,
    UNKNOWN,
    AccountKey,
    Action,
    Ages,
    Capacity,
    Posture,
)

_BINDING_WELCOME_PEERS: Final = frozenset({WhoKind.NAMED, WhoKind.CARE_TEAM})
_ON_A_PROFESSIONALS_POST: Final = OPEN_ACTIONS | {Action.QUOTE}


def starts(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
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
        yield from _from_changed_welcome(edit, manner)
    else:
        yield from _from_changed_trust(edit, manner)


def _from_dropped_lines(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
    for line in edit.dropped(manner.action):
        if manner.capacity is not None or line.who.kind is WhoKind.NAMED:
            yield _from_refusal(edit, manner, line)
    for line in edit.dropped_by_others(manner.action):
        if manner.capacity is not None or line.who.kind is WhoKind.NAMED:
            yield refused_by(manner, line, edit.before)


def _from_added_lines(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
    """A permit is new, or there are new times at which the acknowledged disclosure covers it."""
    for line in edit.added(manner.action):
        yield _from_permit(edit, manner, line)
    for sketch in _within(manner, edit.newly_covered(manner.action)):
        for line in edit.permits(manner.action):
            yield _from_permit(edit, sketch, line)


def _from_permit(edit: Edit, manner: Sketch, line: Provision) -> Iterable[Sketch]:
    """Before, nothing permitted, or a wider refusal decided."""
    return permitted_by(manner._replace(reason=line), line, manner.action, edit.after.author)


def _from_refusal(edit: Edit, manner: Sketch, line: Provision) -> Iterable[Sketch]:
    """Before, this refusal by the patient decided, unless it was absolute (3b)."""
    absolute = line.who.kind is WhoKind.NAMED and line.where.scale is Scale.EVERYWHERE
    return refused_by(manner if absolute else manner._replace(reason=line), line, edit.before)


def _from_changed_team(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
    """Who joins leaves all others for the care team; for whom an entry is gone, it may be the other way round."""
    joined = list(joining(manner, edit.joined()))
    if manner.action is Action.MESSAGE:
        yield joined
    for sketch in joined:
        yield from _from_another_class(edit, sketch, left=OTHERS, entered=CARE_TEAM)
    for sketch in touching(manner, edit.gone()):
        yield from _from_another_class(edit, sketch, left=CARE_TEAM, entered=OTHERS)


def _from_another_class(edit: Edit, sketch: Sketch, *, left: Who, entered: Who) -> Iterator[Iterable[Sketch]]:
    """What refuses the one class is escaped, what permits the other is gained."""
    for line in edit.refusals(sketch.action):
        if line.who == left:
            yield _from_refusal(edit, sketch, line)
    for line in edit.before.layers.get(sketch.action, {}).values():
        if line.who == left:
            yield refused_by(sketch, line, edit.before)
    for line in edit.permits(sketch.action):
        if line.who == entered:
            yield _from_permit(edit, sketch, line)


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
        opened = manner._replace(posture=Posture.HCP_PRESENT, reason=Step.OPEN_COMMUNITY)
        yield _where_newly(edit, opened, _is_open)
    if edit.writes_as_professional() and manner.action in _ON_A_PROFESSIONALS_POST:
        yield [manner]
        for line in edit.refusals(manner.action):
            yield refused_by(manner, line, edit.before)


def _from_changed_welcome(edit: Edit, manner: Sketch) -> Iterator[Iterable[Sketch]]:
    """For a peer who is welcome as any member neither refusals nor permits count that name no one."""
    if manner.capacity is not Capacity.PEER:
        return
    before, after = _welcomes(edit.before.author), _welcomes(edit.after.author)
    for sketch in _within(manner, gained(before, after)):
        for line in edit.refusals(manner.action):
            if line.who.kind not in _BINDING_WELCOME_PEERS:
                yield _from_refusal(edit, sketch, line)
    for sketch in _within(manner, gained(after, before)):
        for line in edit.permits(manner.action):
            if line.who == OTHERS:
                yield _from_permit(edit, sketch, line)


def _within(manner: Sketch, spans: Iterable[Interval]) -> Iterator[Sketch]:
    for span in spans:
        yield from manner.asked_within(span)


def _welcomes(author: Author) -> Interval:
    """When the author's tick for peers counts (3h, 3i)."""
    if not author.peers_welcome or not author.record or author.adult_from is UNKNOWN:
        return NEVER
    return from_on(author.adult_from)


def _where_newly(edit: Edit, manner: Sketch, holds: Callable[[Author, Ages], Interval]) -> Iterator[Sketch]:
    """Yield the sketch in each kind of community, at the times at which something holds only since the edit."""
    for ages in (Ages.ADULTS, Ages.MIXED):
        spans = gained(*(holds(side.author, ages) for side in (edit.before, edit.after)))
        yield from _within(manner._replace(ages=ages), spans)


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
        yield touching(manner, edit.gone())
    elif edit.before.author.emergency_yes_since != edit.after.author.emergency_yes_since:
        yield [manner]
