"""Refusals by name, and refusals by others: a guardian, the platform, what an erased record left behind."""

from collections.abc import Iterable, Iterator
from typing import Final

from governance.decision.matching import refusal_names
from governance.decision.provisions import Provision, WhoKind
from governance.decision.question import Question

_NAMED: Final = WhoKind.NAMED


def pair_blocked(question: Question) -> bool:
    """Say whether a measure stands between this author and any account of the viewer."""
    names, at = question.viewer.names, question.at
    return any(block.account in names and block.during.covers(at) for block in question.author.blocks)


def own_refusals_by_name(question: Question) -> Iterable[Provision]:
    """Return the author's refusals of this viewer by name for this action, those kept by a tombstone too."""
    if question.viewer.names.isdisjoint(question.author.provisions.refused_names):
        return kept_by_tombstone(question)
    return [*_chosen_by_name(question), *kept_by_tombstone(question)]


def kept_by_tombstone(question: Question) -> Iterable[Provision]:
    """Return the refusals of this viewer for this action that erasure left in force."""
    erased = question.author.erased
    if erased is None:
        return ()
    return [line for line in erased.refusals if question.action in line.actions and refusal_names(line, question)]


def layer_refusals(question: Question) -> Iterator[Provision]:
    """Walk the refusals about this action that others set: guardians' everywhere, a platform's there."""
    for layer in question.author.layers:
        if layer.platform is None or layer.platform == question.request.platform:
            yield from (line for line in layer.refusals if question.action in line.actions)


def refused_by_name(question: Question) -> bool:
    """Say whether the author refused this viewer by name in any line at all."""
    author, names = question.author, question.viewer.names
    if not names.isdisjoint(author.provisions.refused_names):
        return True
    kept = () if author.erased is None else author.erased.refusals
    lines = [*kept, *(line for layer in author.layers for line in layer.refusals)]
    return any(line.who.kind is _NAMED and line.who.name in names for line in lines)


def _chosen_by_name(question: Question) -> Iterator[Provision]:
    buckets = question.author.provisions.about[question.action].by_who
    for who in question.viewer.by_name:
        if who in buckets:
            yield from (line for line in question.near(buckets[who]) if line.refuses)
