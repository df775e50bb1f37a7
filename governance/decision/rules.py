"""Steps 3a to 3k: what one author's records say about one viewer, first answer wins.

Each rule returns a verdict, or None to let the next one speak. `answer` is the order.
"""

from typing import Final

from governance.decision.capacity import recorded_as_professional
from governance.decision.choices import deciding_line
from governance.decision.facts import Hcp
from governance.decision.matching import matches, refusal_names
from governance.decision.minors import NEVER_ON_MINORS, is_minor, may_message_minor
from governance.decision.names import layer_refusals, own_refusals_by_name, pair_blocked, refused_by_name
from governance.decision.provisions import Scale, WhoKind
from governance.decision.question import Question
from governance.decision.team import in_care_team_now
from governance.decision.verdicts import Step, Verdict
from governance.decision.vocabulary import (
    NOT_SENT,
    OPEN_ACTIONS,
    PEER_ACTIONS,
    UNKNOWN,
    Action,
    Ages,
    Capacity,
    Posture,
)

# Looked up once: before Python 3.12 a word of a closed list costs as much as two calls.
_VIEW, _MODERATE = Action.VIEW, Action.MODERATE
_PEER: Final = Capacity.PEER
_PROVISIONS: Final = Step.PROVISIONS
_PEER_ONLY, _HCP_PRESENT = Posture.PEER_ONLY, Posture.HCP_PRESENT

_ON_A_PROFESSIONALS_POST: Final = OPEN_ACTIONS | {Action.QUOTE}


def erased(question: Question) -> Verdict | None:
    """3a. What an erased person wrote before stays closed; so does the person until they come back."""
    tombstone = question.author.erased
    if tombstone is None:
        return None
    if question.on_person:
        return None if question.author.record else question.refuse(Step.ERASED)
    created = question.words.created
    return question.refuse(Step.ERASED) if created is NOT_SENT or created < tombstone.final_at else None


def blocked(question: Question) -> Verdict | None:
    """3b. A pair block, or the patient's refusal of this one professional everywhere."""
    if question.author.blocks and pair_blocked(question):
        return question.refuse(Step.BLOCK)
    for line in own_refusals_by_name(question) if question.author.names_somebody else ():
        if line.where.scale is Scale.EVERYWHERE and matches(line, question):
            return question.refuse(Step.BLOCK, line)
    return None


def moderation(question: Question) -> Verdict | None:
    """3c. A moderator may see and act on a flagged post, unless refused by name or in the care team."""
    if question.action is _MODERATE:
        return question.permit(Step.MODERATION) if _may_moderate(question) else question.refuse(Step.MODERATION)
    if question.request.flagged is True and question.action is _VIEW and _may_moderate(question):
        return question.permit(Step.MODERATION)
    return None


def emergency(question: Question) -> Verdict | None:
    """3d. An officer opened one thread to one professional, and the patient had agreed beforehand."""
    if not question.viewer.hcp.emergency_views or question.action is not _VIEW:
        return None
    if _emergency_view_given(question) and not refused_by_name(question):
        return question.permit(Step.EMERGENCY)
    return None


def hold_or_layer(question: Question) -> Verdict | None:
    """3e. "Hide me", or a refusal by a guardian or the platform: no permit stands against it."""
    author = question.author
    if author.hold or (author.erased is not None and author.erased.hold):
        return question.refuse(Step.HOLD_OR_LAYER)
    for line in layer_refusals(question) if author.layers else ():
        if refusal_names(line, question) and matches(line, question):
            return question.refuse(Step.HOLD_OR_LAYER, line)
    return None


def community(question: Question) -> Verdict | None:
    """3f, on content. Professionals are no part of a peers' community; professionals' own posts are no patient's."""
    if acts_as_peer(question):
        return None
    if question.room.posture is _PEER_ONLY:
        return question.refuse(Step.COMMUNITY)
    if question.author.hcp is not None and _written_as_professional(question, question.author.hcp):
        return question.permit(Step.COMMUNITY)
    return None


def age(question: Question) -> Verdict | None:
    """3g, on a person. Nobody finds or befriends a minor; private contact only with the minor's own people."""
    if not is_minor(question):
        return None
    if question.action in NEVER_ON_MINORS or question.capacity is _PEER:
        return question.refuse(Step.AGE)
    if question.action is Action.MESSAGE and not may_message_minor(question):
        return question.refuse(Step.AGE)
    return None


def provisions(question: Question) -> Verdict | None:
    """3h. The patient's own choices: of those that match, the most specific decide; any refusal refuses."""
    line = deciding_line(question)
    if line is None:
        return None
    return question.refuse(_PROVISIONS, line) if line.refuses else question.permit(_PROVISIONS, line)


def peer(question: Question) -> Verdict | None:
    """3i. Here as a patient, and nothing said against it: as any member."""
    return question.permit(Step.PEER) if acts_as_peer(question) else None


def open_community(question: Question) -> Verdict | None:
    """3j. A community that said before joining that professionals take part, for adults."""
    if question.action not in OPEN_ACTIONS or question.room.posture is not _HCP_PRESENT:
        return None
    author, ages = question.author, question.room.ages
    if author.adult_from is UNKNOWN:
        adult = not author.record and ages is Ages.ADULTS
    else:
        adult = author.adult_from <= question.at and (author.record or ages is Ages.ADULTS)
    return question.permit(Step.OPEN_COMMUNITY) if adult else None


def nothing_permits(question: Question) -> Verdict:
    """3k. Nothing permits: refuse."""
    return question.refuse(Step.NOTHING_PERMITS)


def answer(question: Question) -> Verdict:
    """Return the first verdict of the rules, in the order of the decision; a rule without one returns None."""
    return (
        erased(question)
        or blocked(question)
        or moderation(question)
        or emergency(question)
        or hold_or_layer(question)
        or (age(question) if question.on_person else community(question))
        or provisions(question)
        or peer(question)
        or open_community(question)
        or nothing_permits(question)
    )


def answer_to_member(question: Question) -> Verdict:
    """Step 1. Who is not governed is stopped by a block or a refusal by name, and by nothing else."""
    refusal = blocked(question)
    if refusal is not None:
        return refusal
    by_name = (line for line in layer_refusals(question) if line.who.kind is WhoKind.NAMED)
    for line in (*own_refusals_by_name(question), *by_name):
        if refusal_names(line, question) and matches(line, question):
            return question.refuse(Step.NOT_GOVERNED, line)
    return question.permit(Step.NOT_GOVERNED)


def acts_as_peer(question: Question) -> bool:
    """Say whether the viewer does what members do while here as a patient; all else is professional."""
    return question.capacity is _PEER and question.action in PEER_ACTIONS


def _may_moderate(question: Question) -> bool:
    room = question.facts.communities.get(str(question.words.community))
    if room is None or question.words.community is NOT_SENT or question.viewer.account not in room.moderators:
        return False
    return question.request.flagged is True and not refused_by_name(question) and not _in_care_team(question)


def _in_care_team(question: Question) -> bool:
    return in_care_team_now(question.viewer, question.author, question.at)


def _emergency_view_given(question: Question) -> bool:
    request, thread = question.request, question.words.thread
    return any(
        view.platform == request.platform
        and view.thread == thread
        and view.during.covers(question.at)
        and question.author.emergency_yes_since < view.during.start
        for view in question.viewer.hcp.emergency_views
    )


def _written_as_professional(question: Question, author: Hcp) -> bool:
    if question.author.record or question.action not in _ON_A_PROFESSIONALS_POST:
        return False
    platform, community_id, created = question.request.platform, question.words.community, question.words.created
    return created is not NOT_SENT and recorded_as_professional(author, platform, community_id, created)
