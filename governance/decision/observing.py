"""Where a community only observes: it shows everything and counts what would have been refused."""

from governance.decision.facts import Facts, Request, Words
from governance.decision.verdicts import Decision, Step
from governance.decision.vocabulary import NOT_SENT, PERSON_ACTIONS


def is_observed(request: Request, facts: Facts, decision: Decision) -> bool:
    """Say whether a platform passes through whatever was decided, because all of it stands where it only observes.

    What is unknown is enforced: no community, no time, a community that nobody registered, a broken decision. Words
    from before the community began to observe were written under enforcement, and stay under it.
    """
    if not request.words or decision.verdict.step is Step.BROKEN:
        return False
    for words in request.words:  # noqa: SIM110 - asked for every item of a page; `all` costs as much again
        if not _observes(request, facts, words):
            return False
    return True


def _observes(request: Request, facts: Facts, words: Words) -> bool:
    community = None if words.community is NOT_SENT else facts.communities.get(words.community)
    if community is None or request.at < community.observes_from:
        return False
    if request.action in PERSON_ACTIONS:
        return True
    return words.created is not NOT_SENT and words.created >= community.observes_from
