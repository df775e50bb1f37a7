"""When do records begin to count differently? Every instant at which a span of time in them starts or ends."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from governance.decision.facts import Author, Community, Viewer
from governance.decision.provisions import ALWAYS, Interval, Provision, Scale
from governance.decision.vocabulary import UNKNOWN, Instant

Edges = tuple[Instant, ...]
"""Ascending, each once."""


def edges_of_viewer(viewer: Viewer) -> Edges:
    """Return the instants at which what the records say of the viewer changes by itself."""
    hcp = viewer.hcp
    spans = [
        hcp.attested,
        *hcp.blocks,
        *(one.during for one in hcp.restrictions),
        *(claim.verified for claim in hcp.claims),
        *(record.during for record in hcp.capacities),
        *(view.during for view in hcp.emergency_views),
    ]
    return _ascending(spans, hcp.checked_until)


def edges_of_author(author: Author) -> Edges:
    """Return the instants at which what the records say of the author changes by itself."""
    spans = [
        *author.covered.values(),
        *(line.when for line in all_lines(author)),
        *(entry.during for entry in author.care_team),
        *(block.during for block in author.blocks),
    ]
    return _ascending(spans) if author.adult_from is UNKNOWN else _ascending(spans, author.adult_from)


def edges_of_community(community: Community | None) -> Edges:
    """Return the instants at which the community became something else; none of one that nobody told us about."""
    return () if community is None else _ascending((), *(setting.since for setting in community.history))


def all_lines(author: Author) -> Iterator[Provision]:
    """Walk every line about an author: their own, those of others, and what an erasure left."""
    yield from author.provisions.lines
    for layer in author.layers:
        yield from layer.refusals
    if author.erased is not None:
        yield from author.erased.refusals


def looks_at_single_words(author: Author) -> bool:
    """Say whether two posts of this author in one community can get two answers, for their times, threads or names."""
    if author.erased is not None or author.hcp is not None:
        return True
    return any(
        line.where.scale > Scale.COMMUNITY or line.reach != ALWAYS or line.when != ALWAYS for line in all_lines(author)
    )


def span_around(at: Instant, edges: Iterable[Edges]) -> Interval:
    """Return the longest span around an instant in which nothing begins or ends."""
    since, until = ALWAYS
    for ascending in edges:
        index = bisect_right(ascending, at)
        if index > 0:
            since = max(since, ascending[index - 1])
        if index < len(ascending):
            until = min(until, ascending[index])
    return Interval(since, until)


def _ascending(spans: Iterable[Interval], *instants: Instant) -> Edges:
    return tuple(sorted({*instants, *(edge for span in spans for edge in span)}))
