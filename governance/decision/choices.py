"""Step 3h: which of the patient's own choices match, and which of them are the most specific."""

from collections.abc import Sequence
from typing import Final

from governance.decision.matching import matches, permit_names
from governance.decision.names import kept_by_tombstone
from governance.decision.provisions import CARE_TEAM, Provision, WhoKind, narrower
from governance.decision.question import Question
from governance.decision.vocabulary import UNKNOWN, Capacity

_NAMED: Final = WhoKind.NAMED
_PEER: Final = Capacity.PEER


def matching_choices(question: Question) -> list[Provision]:
    """Return the choices about this action and viewer that match; permits only if the disclosure covers them."""
    author, action = question.author, question.action
    lines = _lines_about(question) if author.erased is None else [*kept_by_tombstone(question), *_lines_about(question)]
    if not lines:
        return lines
    covered = author.covered.get(action)
    permits_count = covered is not None and covered.covers(question.at)
    return [
        line
        for line in lines
        if (line.refuses or (permits_count and permit_names(line, question)))
        and (line.unconditional or matches(line, question))
    ]


def most_specific(matching: Sequence[Provision]) -> Sequence[Provision]:
    """Return the lines that no other one is strictly narrower than."""
    # Lines about the same person and scale of place stand alike, so one of each is enough to compare with.
    standing = {(line.who, line.where.scale): line for line in matching}.values()
    return [line for line in matching if not any(narrower(other, line) for other in standing)]


def _lines_about(question: Question) -> list[Provision]:
    """Return the author's choices about this action that may be about this viewer, near this place."""
    author, about = question.author, question.author.provisions.about(question.action)
    viewer, team = question.viewer, question.team
    lines: list[Provision] = []
    for who in team if about.narrow.isdisjoint(viewer.key_set) else (*viewer.keys, *team):
        bucket = about.by_who.get(who)
        if bucket is not None:
            lines += bucket.lines if bucket.few else question.near(bucket)
    if author.peers_welcome and _welcomed_as_peer(question):
        return [line for line in lines if _binds_welcome_peer(line)]
    return lines


def _welcomed_as_peer(question: Question) -> bool:
    author = question.author
    ticked = author.record and author.peers_welcome and question.capacity is _PEER
    return ticked and author.adult_from is not UNKNOWN and author.adult_from <= question.at


def _binds_welcome_peer(line: Provision) -> bool:
    return line.who.kind is _NAMED or (line.refuses and line.who == CARE_TEAM)
