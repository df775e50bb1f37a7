"""Step 3h: which of the patient's own choices match, and which of them are the most specific."""

from collections.abc import Sequence
from typing import Final

from governance.decision.matching import matches, permit_names
from governance.decision.names import kept_by_tombstone
from governance.decision.provisions import CARE_TEAM, About, Provision, Who, narrower
from governance.decision.question import Question
from governance.decision.vocabulary import UNKNOWN, Capacity

_PEER: Final = Capacity.PEER


def deciding_line(question: Question) -> Provision | None:
    """Return the line that decides: one of the most specific that match, a refusal if any of these refuses."""
    author = question.author
    about = author.provisions.about[question.action]
    whos: Sequence[Who] = question.team
    if author.peers_welcome or (about.narrow and not about.narrow.isdisjoint(question.viewer.key_set)):
        whos = _all_names(question)
    if len(whos) == 1 and author.erased is None:
        bucket = about.by_who.get(whos[0])
        if bucket is None:
            return None
        settled, elsewhere = bucket.settled, bucket.elsewhere
        if elsewhere is not None and not (elsewhere and question.may_lie_in(elsewhere)):
            return settled if settled is not None and _counts(settled, question) else None
    decisive = most_specific(_matching(question, about, whos))
    return next((line for line in decisive if line.refuses), decisive[0] if decisive else None)


def most_specific(matching: Sequence[Provision]) -> Sequence[Provision]:
    """Return the lines that no other one is strictly narrower than."""
    if len(matching) <= 1:
        return matching
    # Lines about the same person and scale of place stand alike, so one of each is enough to compare with.
    standing = {(line.who, line.where.scale): line for line in matching}.values()
    return [line for line in matching if not any(narrower(other, line) for other in standing)]


def _matching(question: Question, about: About, whos: Sequence[Who]) -> list[Provision]:
    lines = [*kept_by_tombstone(question)]
    for who in whos:
        bucket = about.by_who.get(who)
        if bucket is not None:
            lines += question.near(bucket)
    return [line for line in lines if _counts(line, question) and matches(line, question)]


def _all_names(question: Question) -> Sequence[Who]:
    """Return all by which the patient's choices can mean this viewer."""
    viewer, team = question.viewer, question.team
    if _welcomed_as_peer(question):
        return (*viewer.by_name, *[who for who in team if who == CARE_TEAM])
    return (*viewer.keys, *team)


def _counts(line: Provision, question: Question) -> bool:
    """A permit counts only if the acknowledged disclosure covers it and this viewer is surely meant."""
    if line.refuses:
        return True
    covered = question.author.covered.get(question.action)
    return covered is not None and covered.start <= question.at < covered.end and permit_names(line, question)


def _welcomed_as_peer(question: Question) -> bool:
    author = question.author
    ticked = author.record and author.peers_welcome and question.capacity is _PEER
    return ticked and author.adult_from is not UNKNOWN and author.adult_from <= question.at
