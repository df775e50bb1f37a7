"""When does what an edit opens stand open? Rules run for a time of their own: one that runs still refuses after it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from governance.decision.decide import decide
from governance.decision.edges import edges_of_author, edges_of_viewer
from governance.decision.loosens.witness import Witness
from governance.decision.vocabulary import FOREVER, Instant

Span = tuple[int, int]
NEVER: Final[tuple[Span, ...]] = ((0, 0),)


def open_from(witness: Witness, since: Instant) -> tuple[Span, ...]:
    """Return when the witness may do after the edit what they could not before, from an instant on.

    Half-open and ascending; `NEVER` if it is over by then, and nothing where there was too much to compare.
    """
    if witness.too_much:
        return ()
    found: list[Span] = []
    for start, end in _pieces(witness, since):
        if not decide(replace(witness.request, at=Instant(start)), witness.facts).permit:
            continue
        goes_on = bool(found) and found[-1][1] == start
        found.append((found.pop()[0] if goes_on else start, end))
    return tuple(found) or NEVER


def _pieces(witness: Witness, since: Instant) -> Iterator[Span]:
    """Yield the spans in which nothing that the records say begins or ends."""
    facts = witness.facts
    edges = {
        *edges_of_viewer(facts.viewer),
        *(edge for author in facts.authors.values() for edge in edges_of_author(author)),
    }
    starts = [int(since), *sorted(int(edge) for edge in edges if since < edge < FOREVER)]
    yield from zip(starts, [*starts[1:], int(FOREVER)], strict=True)
