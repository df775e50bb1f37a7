"""What stands between a sketch and a witness, and every way around it.

Wherever a witness lies that includes the sketch, one of the ways offered leads towards it: this is what
makes the search complete. A way that leads nowhere costs time and nothing else.
"""

from collections.abc import Callable, Iterator
from typing import Final

from governance.decision.facts import Author, CapacityRecord
from governance.decision.loosens.edit import CLASSES, Edit
from governance.decision.loosens.meeting import from_on, in_the_team, joining, past, permitted_by, placed, refused_by
from governance.decision.loosens.witness import Help, Sketch
from governance.decision.provisions import (
    OTHERS,
    Interval,
    Place,
    Provision,
    Scale,
    WhoKind,
    named,
    narrower,
)
from governance.decision.verdicts import Step, Verdict
from governance.decision.vocabulary import (
    OPEN_ACTIONS,
    UNKNOWN,
    Action,
    Ages,
    Assurance,
    Posture,
)

Ways = Iterator[Sketch]


def ways_to_permit(edit: Edit, sketch: Sketch, refusal: Verdict) -> Ways:
    """Yield the ways around what refuses after the edit."""
    if refusal.line is not None:
        yield from past(sketch, refusal.line)
    if sketch.help is Help.FLAGGED:
        yield from _out_of_the_team(sketch, edit.after.author)
    way = _AROUND.get(refusal.step)
    if way is not None:
        yield from way(edit, sketch, refusal)


def ways_to_refuse(edit: Edit, sketch: Sketch) -> Ways:
    """Yield the ways to be refused before the edit: what permitted must not match, or a wider refusal decide."""
    author = edit.before.author
    yield from _without_permits(edit, sketch)
    yield from _by_another_hat(sketch, author)
    yield from _by_another_standing(edit, sketch)
    if author.adult_from is UNKNOWN:
        yield sketch._replace(ages=Ages.MIXED)
    for line in edit.refusals(sketch.action):
        if isinstance(sketch.reason, Provision) and narrower(sketch.reason, line):
            yield from refused_by(sketch, line, edit.before)


def _without_permits(edit: Edit, sketch: Sketch) -> Ways:
    """A permit ends, or its disclosure does."""
    for line in edit.before.permits.get(sketch.action, {}).values():
        if _is_about(line, sketch):
            yield from past(sketch, line)
    covered = edit.before.author.covered.get(sketch.action)
    if covered is not None:
        yield from _after(sketch, covered)


def _by_another_standing(edit: Edit, sketch: Sketch) -> Ways:
    """Members of the care team may leave it, or be less well known; others may have been in it once."""
    author = edit.before.author
    if sketch.assurance is Assurance.A4 and any(sketch.bears(entry.member) for entry in author.care_team):
        yield sketch._replace(assurance=Assurance.A3)
    yield from _out_of_the_team(sketch, author)
    yield from in_the_team(sketch, author)


def _is_about(line: Provision, sketch: Sketch) -> bool:
    return (line.who.kind in CLASSES or sketch.bears(line.who)) and sketch.lies_in(line.where)


def _around_erasure(edit: Edit, sketch: Sketch, _refusal: Verdict) -> Ways:
    erased = edit.after.author.erased
    if erased is not None:
        yield from sketch.created_within(from_on(erased.final_at))


def _around_block(edit: Edit, sketch: Sketch, _refusal: Verdict) -> Ways:
    for block in edit.after.author.blocks:
        if sketch.bears(named(block.account)):
            yield from _after(sketch, block.during)


def _around_age(edit: Edit, sketch: Sketch, _refusal: Verdict) -> Ways:
    yield from _of_age(edit, sketch)
    if sketch.action is Action.MESSAGE:
        yield from joining(sketch, edit.after.author.care_team)
        for line in edit.permits(sketch.action):
            if line.who.kind is WhoKind.NAMED:
                yield from permitted_by(sketch, line, sketch.action, edit.after.author)


def _around_line(edit: Edit, sketch: Sketch, refusal: Verdict) -> Ways:
    """A refusal of the patient's is outranked by a narrower permit."""
    action, refusing = refusal.action or sketch.action, refusal.line
    yield from _of_age(edit, sketch)
    yield from _by_another_hat(sketch, edit.after.author)
    yield from _around_class(edit, sketch, refusal)
    if refusing is None:
        return
    for line in edit.permits(action):
        if narrower(line, refusing) and _leaves_room(sketch, action, line):
            yield from permitted_by(sketch, line, action, edit.after.author)


def _leaves_room(sketch: Sketch, action: Action, permit: Provision) -> bool:
    """Say whether a further permit of an action would leave it to the reason of the gain to decide."""
    reason = sketch.reason
    if action is not sketch.action or reason is None:
        return True
    if isinstance(reason, Step):
        return False
    return not narrower(permit, reason) and (reason.refuses or not narrower(reason, permit))


def _around_class(edit: Edit, sketch: Sketch, refusal: Verdict) -> Ways:
    """What refuses all others does not refuse a member of the care team."""
    yield from _around_view(edit, sketch, refusal)
    if refusal.line is not None and refusal.line.who == OTHERS:
        yield from joining(sketch, edit.after.author.care_team)


def _around_view(edit: Edit, sketch: Sketch, refusal: Verdict) -> Ways:
    """A moderator of a flagged post, or whoever was given an emergency view, reads what nobody else may."""
    if refusal.action is Action.VIEW and sketch.action is not Action.VIEW and sketch.help is Help.NONE:
        yield sketch._replace(help=Help.FLAGGED)
        yield from sketch._replace(help=Help.EMERGENCY).asked_within(from_on(edit.view_since))


def _around_nothing(edit: Edit, sketch: Sketch, refusal: Verdict) -> Ways:
    """Where nothing permits, any permit helps, and so does a community that is open to professionals."""
    action = refusal.action or sketch.action
    for line in edit.permits(action):
        if _leaves_room(sketch, action, line):
            yield from permitted_by(sketch, line, action, edit.after.author)
    if action in OPEN_ACTIONS:
        yield sketch._replace(posture=Posture.HCP_PRESENT)
    yield from _of_age(edit, sketch)
    yield from _by_another_hat(sketch, edit.after.author)
    yield from _around_view(edit, sketch, refusal)


_AROUND: Final[dict[Step, Callable[[Edit, Sketch, Verdict], Ways]]] = {
    Step.ERASED: _around_erasure,
    Step.BLOCK: _around_block,
    Step.HOLD_OR_LAYER: _around_class,
    Step.AGE: _around_age,
    Step.PROVISIONS: _around_line,
    Step.NOTHING_PERMITS: _around_nothing,
}


def _of_age(edit: Edit, sketch: Sketch) -> Ways:
    adult_from = edit.after.author.adult_from
    if adult_from is not UNKNOWN:
        yield from sketch.asked_within(from_on(adult_from))


def _out_of_the_team(sketch: Sketch, author: Author) -> Ways:
    for entry in author.care_team:
        if sketch.bears(entry.member):
            yield from _after(sketch, entry.during)


def _after(sketch: Sketch, span: Interval) -> Ways:
    if span.covers(sketch.at):
        yield from sketch.asked_within(from_on(span.end))


def _by_another_hat(sketch: Sketch, author: Author) -> Ways:
    """What an author wrote as a professional is no patient's: try each time and place of such a record."""
    for record in () if author.hcp is None else author.hcp.capacities:
        yield from placed(sketch, _where(record))
        for edge in record.during:
            yield from sketch.created_within(from_on(edge))


def _where(record: CapacityRecord) -> Place:
    if record.community is None:
        return Place(Scale.PLATFORM, record.platform)
    return Place(Scale.COMMUNITY, record.platform, record.community)
