"""Who counts as under 18, and whom a minor may write with in private (step 3g)."""

from typing import Final

from governance.decision.matching import matches
from governance.decision.provisions import named
from governance.decision.question import Question
from governance.decision.team import ONLY_CARE_TEAM
from governance.decision.vocabulary import UNKNOWN, Action, Ages, Assurance

NEVER_ON_MINORS: Final = frozenset({Action.FIND, Action.LOOK_UP, Action.CONNECT})


def is_minor(question: Question) -> bool:
    """Say whether the author is under 18, or may be where no community vouches for adults."""
    adult_from = question.author.adult_from
    if adult_from is UNKNOWN:
        return question.room.ages is not Ages.ADULTS
    return question.at < adult_from


def may_message_minor(question: Question) -> bool:
    """Say whether the viewer is somebody a minor may write with: one of the minor's own people, after the minor."""
    if question.viewer.hcp.assurance < Assurance.A4 or question.request.initiated_by_patient is not True:
        return False
    if question.team is ONLY_CARE_TEAM:
        return True
    bucket = question.author.provisions.about[Action.MESSAGE].by_who.get(named(question.viewer.account))
    return bucket is not None and any(not line.refuses and matches(line, question) for line in bucket.lines)
