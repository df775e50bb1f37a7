"""How a sketch comes to meet one line, care-team entry or block: every way there is, and nothing else settled.

A sketch only ever grows: an account or place, once settled, stays, and times only move forward.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from governance.decision.facts import Author, TeamEntry
from governance.decision.loosens.edit import Side, both
from governance.decision.loosens.witness import Sketch
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
)
from governance.decision.vocabulary import FOREVER, NOT_SENT, Action, Capacity, Contact, Instant

_OPEN_TO_PEERS: Final = frozenset({WhoKind.NAMED, WhoKind.OTHERS})


def permitted_by(sketch: Sketch, line: Provision, action: Action, author: Author) -> Iterator[Sketch]:
    """Yield the sketches in which this permit of an action matches."""
    covered = author.covered.get(action)
    if covered is None or not _permit_fits(sketch, line):
        return
    for viewer in _whom_a_permit_means(sketch, line.who, author):
        for here in placed(viewer, line.where):
            for now in here.asked_within(both(line.when, covered)):
                yield from _written_within(now, line.reach)


def refused_by(sketch: Sketch, line: Provision, side: Side) -> Iterator[Sketch]:
    """Yield the sketches in which this refusal is about the viewer and the words."""
    if sketch.wrote_first is not NOT_SENT and not _contact_fits(sketch, line):
        return
    unsent = any(permit.where == line.where for permit in side.permits.get(sketch.action, {}).values())
    for viewer in _whom_a_refusal_means(sketch, line.who, side.author):
        for here in placed(viewer, line.where, unsent=unsent):
            for now in here.asked_within(line.when):
                yield from _touched_within(now, line.reach)
            # What was written under a refusal stays under it when it ends.
            for ended in () if here.on_person else here.asked_within(from_on(line.when.end)):
                yield from _touched_within(ended, both(line.when, line.reach))


def bearing(sketch: Sketch, who: Who) -> Iterator[Sketch]:
    """Yield every way to be the one whom a refusal of this account, profession or organisation means."""
    if sketch.bears(who):
        yield sketch
    elif who.kind is not WhoKind.NAMED:
        if sketch.capacity is not None:
            yield from (sketch._replace(claims=sketch.claims | {(who, verified)}) for verified in (True, False))
    else:
        if sketch.account is None:
            yield sketch._replace(account=who.name)
        if sketch.capacity is not None:
            yield sketch._replace(tied=sketch.tied | {who.name})


def touching(sketch: Sketch, entries: Iterable[TeamEntry]) -> Iterator[Sketch]:
    """Yield every way to fall under an entry, now or formerly, as a member or not."""
    for entry in entries:
        for viewer in bearing(sketch, entry.member):
            yield from viewer.asked_within(from_on(entry.during.start))


def joining(sketch: Sketch, entries: Iterable[TeamEntry]) -> Iterator[Sketch]:
    """Yield every way to be a member of the care team."""
    for entry in entries:
        for viewer in _being(sketch, entry.member):
            yield from viewer.asked_within(entry.during)


def from_on(start: Instant) -> Interval:
    """Return all time from an instant on."""
    return Interval(start, FOREVER)


def past(sketch: Sketch, line: Provision) -> Iterator[Sketch]:
    """Yield the ways to leave a line behind: wait, or let the words be younger."""
    if sketch.at < line.when.end:
        yield from sketch.asked_within(from_on(line.when.end))
    yield from written_after(sketch, line.reach)
    if line.when.end <= sketch.at:
        yield from written_after(sketch, line.when)


def written_after(sketch: Sketch, span: Interval) -> Iterator[Sketch]:
    """Yield the ways to take one of the words' times out of a span."""
    if not sketch.on_person:
        yield from sketch.created_within(from_on(span.end))
        yield from sketch.edited_within(from_on(span.end))


def _being(sketch: Sketch, who: Who) -> Iterator[Sketch]:
    """Yield the one way to be the one whom a permit of this account, profession or organisation means."""
    if who.kind is WhoKind.NAMED:
        if sketch.account in (None, who.name):
            yield sketch._replace(account=who.name)
    elif (who, False) not in sketch.claims:
        yield sketch._replace(claims=sketch.claims | {(who, True)})


def _whom_a_permit_means(sketch: Sketch, who: Who, author: Author) -> Iterator[Sketch]:
    if who == OTHERS:
        return iter(() if _once_in_the_team(sketch, author) else (sketch,))
    return joining(sketch, author.care_team) if who == CARE_TEAM else _being(sketch, who)


def _whom_a_refusal_means(sketch: Sketch, who: Who, author: Author) -> Iterator[Sketch]:
    if who == OTHERS:
        return iter((sketch,))
    return in_the_team(sketch, author) if who == CARE_TEAM else bearing(sketch, who)


def in_the_team(sketch: Sketch, author: Author) -> Iterator[Sketch]:
    """Yield every way to be, or once have been, one of the care team."""
    return iter((sketch,)) if _once_in_the_team(sketch, author) else touching(sketch, author.care_team)


def _once_in_the_team(sketch: Sketch, author: Author) -> bool:
    return any(entry.during.start <= sketch.at and sketch.bears(entry.member) for entry in author.care_team)


def _permit_fits(sketch: Sketch, line: Provision) -> bool:
    if sketch.capacity is Capacity.PEER and line.who.kind not in _OPEN_TO_PEERS:
        return False
    return _contact_fits(sketch, line)


def _contact_fits(sketch: Sketch, line: Provision) -> bool:
    return line.contact is Contact.ANY or sketch.wrote_first is (line.contact is Contact.AFTER)


def placed(sketch: Sketch, where: Place, *, unsent: bool = False) -> Iterator[Sketch]:
    """Yield the sketches that lie in a place, and those that the platform does not place, if they count."""
    if where.scale is Scale.EVERYWHERE:
        yield sketch
        return
    if sketch.platform not in (None, where.platform):
        return
    here = sketch._replace(platform=where.platform)
    if where.scale is Scale.PLATFORM:
        yield here
    elif not sketch.on_person:
        yield from _narrowed(here, where, unsent=unsent)
    elif where.scale is Scale.COMMUNITY:
        yield from _narrowed(here, where, unsent=False)


def _narrowed(sketch: Sketch, where: Place, *, unsent: bool) -> Iterator[Sketch]:
    held = sketch.held(where.scale)
    if held in (None, where.id):
        yield sketch.holding(where.scale, where.id)
    if unsent and held in (None, NOT_SENT):
        yield sketch.holding(where.scale, NOT_SENT)


def _written_within(sketch: Sketch, span: Interval) -> Iterator[Sketch]:
    """Yield the sketch with all its words' times inside a span."""
    if span == ALWAYS or sketch.on_person:
        yield sketch
        return
    for created in sketch.created_within(span):
        if created.edited is None:
            yield created
        else:
            yield from created.edited_within(span)


def _touched_within(sketch: Sketch, span: Interval) -> Iterator[Sketch]:
    """Yield the sketches with one of the words' times inside a span, or not sent."""
    if sketch.on_person or NOT_SENT in (sketch.created, sketch.edited):
        yield sketch
        return
    yield from sketch.created_within(span)
    yield from sketch.edited_within(span)
