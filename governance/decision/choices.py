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
    found = [line for line in kept_by_tombstone(question) if matches(line, question)]
    about = question.author.provisions.about(question.action)
    if not about:
        return found
    permits_count = _disclosure_covers(question)
    welcome = question.author.peers_welcome and _welcomed_as_peer(question)
    for who in (*question.viewer.keys, *question.team):
        bucket = about.get(who)
        for line in question.near(bucket) if bucket is not None else ():
            if welcome and not _binds_welcome_peer(line):
                continue
            counts = line.refuses or (permits_count and permit_names(line, question))
            if counts and matches(line, question):
                found.append(line)
    return found


def most_specific(matching: Sequence[Provision]) -> Sequence[Provision]:
    """Return the lines that no other one is strictly narrower than."""
    if len(matching) == 1:
        return matching
    # Lines about the same person and scale of place stand alike, so one of each is enough to compare with.
    standing = {(line.who, line.where.scale): line for line in matching}.values()
    return [line for line in matching if not any(narrower(other, line) for other in standing)]


def _disclosure_covers(question: Question) -> bool:
    covered = question.author.covered.get(question.action)
    return covered is not None and covered.covers(question.at)


def _welcomed_as_peer(question: Question) -> bool:
    author = question.author
    ticked = author.record and author.peers_welcome and question.capacity is _PEER
    return ticked and author.adult_from is not UNKNOWN and author.adult_from <= question.at


def _binds_welcome_peer(line: Provision) -> bool:
    return line.who.kind is _NAMED or (line.refuses and line.who == CARE_TEAM)
