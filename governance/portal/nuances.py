"""What an answer about one post does not say: of other places, of older posts, of later. Decided, not guessed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, Literal, NamedTuple

from governance.decision.edges import all_lines
from governance.decision.facts import Author, Words
from governance.decision.provisions import Interval, Place, Scale, Who, WhoKind
from governance.decision.verdicts import Verdict
from governance.decision.vocabulary import BEGINNING, FOREVER, UNKNOWN, Instant
from governance.portal.looks import GROUP, Look, post_in

_MOST: Final = 200
"""Places, and instants, that one look tries: more choices than anybody ever made, and a page that still opens."""
Order = Literal["", "after", "before"]
May = Callable[[Words, Instant], bool]


class Nuances(NamedTuple):
    """Beside one answer."""

    name: str = ""
    """Of the profession or the organisation that a choice speaks of."""
    where: Literal["", "forum", "group"] = ""
    """How far the choice reaches that decided."""
    order: Order = ""
    """Whether it is so only after the patient wrote to them, or only before."""
    elsewhere: bool = False
    """Whether some group, thread or post that a choice names gets another answer."""
    older: bool = False
    """Whether some older post gets another answer."""
    changes: Instant | None = None
    """From when this very post gets another answer."""
    newer: Instant | None = None
    """From when posts written then get another answer; only where this one does not."""


def nuances_of(look: Look, verdict: Verdict, order: Order, may: May) -> Nuances:
    """Return what stands beside an answer, asking `may` about other places and times as the decision would."""
    post = post_in(look, look.groups[0])
    usual = may(post, look.now)
    changes = next((at for at in _to_come(look) if may(post, at) is not usual), None)
    newer = next((at for at in _to_come(look) if may(replace(post, created=at), at) is not usual), None)
    return Nuances(
        name=_name(look, verdict),
        where=_where(verdict),
        order=order,
        elsewhere=any(may(words, look.now) is not usual for words in _elsewhere(look, post)),
        older=any(may(replace(post, created=at), look.now) is not usual for at in _gone(look)),
        changes=changes,
        newer=newer if changes is None else None,
    )


def _name(look: Look, verdict: Verdict) -> str:
    """Return the name that a choice speaks by; not of where a professional works, which is on no badge."""
    who = None if verdict.line is None else verdict.line.who
    told = who is not None and (who.kind is WhoKind.PROFESSION or isinstance(look.whom, Who))
    return who.name if who is not None and told and who.kind is not WhoKind.NAMED else ""


def _where(verdict: Verdict) -> Literal["", "forum", "group"]:
    scale = Scale.EVERYWHERE if verdict.line is None else verdict.line.where.scale
    if scale is Scale.PLATFORM:
        return "forum"
    return "group" if scale is Scale.COMMUNITY else ""


def _elsewhere(look: Look, post: Words) -> Iterator[Words]:
    platform = str(look.patient.platform_id)
    places = {line.where for line in all_lines(look.author) if line.where.platform == platform}
    for place in sorted(places)[:_MOST]:
        yield from _in(look, place, post)


def _in(look: Look, place: Place, post: Words) -> Iterator[Words]:
    if place.scale is Scale.COMMUNITY and look.groups[0] == GROUP:
        yield replace(post, community=place.id)
    elif place.scale is Scale.THREAD:
        yield replace(post, thread=place.id)
    elif place.scale is Scale.POST:
        yield replace(post, post=place.id)


def _gone(look: Look) -> list[Instant]:
    """Return times at which older posts may have been written: about every edge of a choice, and long ago."""
    edges = [edge for edge in _edges(look) if edge <= look.now]
    around = {Instant(at) for edge in edges for at in (edge - 1, edge)}
    return sorted(around)[-_MOST:]


def _to_come(look: Look) -> list[Instant]:
    return sorted({edge for edge in _edges(look) if edge > look.now})[:_MOST]


def _edges(look: Look) -> Iterator[Instant]:
    author = look.author
    spans = [*_spans(author), *(entry.during for entry in author.care_team)]
    yield from (edge for span in spans for edge in span if BEGINNING < edge < FOREVER)
    for community in look.facts.communities.values():
        yield from (setting.since for setting in community.history if setting.since > BEGINNING)
    if author.adult_from is not UNKNOWN:
        yield author.adult_from
    if author.erased is not None:
        yield author.erased.final_at


def _spans(author: Author) -> Iterator[Interval]:
    for line in all_lines(author):
        yield from (line.when, line.reach)
