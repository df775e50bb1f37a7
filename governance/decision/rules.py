"""Steps 3a to 3k: what one author's records say about one viewer, first answer wins.

Each rule returns a verdict, or None to let the next one speak. `RULES` is the order.
"""

from collections.abc import Callable, Iterator
from typing import Final

from governance.decision.capacity import recorded_as_professional
from governance.decision.matching import Question, in_care_team_now, matches, permit_names
from governance.decision.provisions import CARE_TEAM, Provision, Scale, WhoKind, narrower
from governance.decision.verdicts import Step, Verdict
from governance.decision.vocabulary import (
    NOT_SENT,
    OPEN_ACTIONS,
    PEER_ACTIONS,
    UNKNOWN,
    Action,
    Ages,
    Assurance,
    Capacity,
    Posture,
)

Rule = Callable[[Question], Verdict | None]

_CLASSES = frozenset({WhoKind.CARE_TEAM, WhoKind.OTHERS})


def erased(question: Question) -> Verdict | None:
    """3a. What an erased person wrote before stays closed; so does the person until they come back."""
    tombstone = question.author.erased
    if tombstone is None:
        return None
    if question.on_person:
        return None if question.author.record else _refuse(Step.ERASED)
    created = question.words.created
    return _refuse(Step.ERASED) if created is NOT_SENT or created < tombstone.final_at else None


def blocked(question: Question) -> Verdict | None:
    """3b. A pair block, or the patient's refusal of this one professional everywhere."""
    if pair_blocked(question):
        return _refuse(Step.BLOCK)
    for line in own_refusals_by_name(question):
        if line.where.scale is Scale.EVERYWHERE and matches(line, question):
            return _refuse(Step.BLOCK, line)
    return None


def moderation(question: Question) -> Verdict | None:
    """3c. A moderator may see and act on a flagged post, unless refused by name or in the care team."""
    if question.action is Action.MODERATE:
        return Verdict(_may_moderate(question), Step.MODERATION)
    if question.action is Action.VIEW and question.request.flagged is True and _may_moderate(question):
        return _permit(Step.MODERATION)
    return None


def emergency(question: Question) -> Verdict | None:
    """3d. An officer opened one thread to one professional, and the patient had agreed beforehand."""
    if question.action is not Action.VIEW or not question.viewer.hcp.emergency_views:
        return None
    if _emergency_view_given(question) and not refused_by_name(question):
        return _permit(Step.EMERGENCY)
    return None


def hold_or_layer(question: Question) -> Verdict | None:
    """3e. "Hide me", or a refusal by a guardian or the platform: no permit stands against it."""
    author = question.author
    if author.hold or (author.erased is not None and author.erased.hold):
        return _refuse(Step.HOLD_OR_LAYER)
    for line in layer_refusals(question):
        if refusal_names(line, question) and matches(line, question):
            return _refuse(Step.HOLD_OR_LAYER, line)
    return None


def community(question: Question) -> Verdict | None:
    """3f. Professionals are no part of a peers' community; professionals' own posts are no patient's."""
    if question.on_person or acts_as_peer(question):
        return None
    if question.room.posture is Posture.PEER_ONLY:
        return _refuse(Step.COMMUNITY)
    if question.action in _ON_A_PROFESSIONALS_POST and _written_as_professional(question):
        return _permit(Step.COMMUNITY)
    return None


def age(question: Question) -> Verdict | None:
    """3g. Nobody finds, looks up or befriends a minor; private contact only with the minor's own people."""
    if not question.on_person or not is_minor(question):
        return None
    if question.action in _NEVER_ON_MINORS or question.capacity is Capacity.PEER:
        return _refuse(Step.AGE)
    if question.action is Action.MESSAGE and not _may_message_minor(question):
        return _refuse(Step.AGE)
    return None


def provisions(question: Question) -> Verdict | None:
    """3h. The patient's own choices: of those that match, the most specific decide; any refusal refuses."""
    matching = list(_matching_provisions(question))
    if not matching:
        return None
    decisive = [line for line in matching if not any(narrower(other, line) for other in matching)]
    refusal = next((line for line in decisive if line.refuses), None)
    if refusal is not None:
        return _refuse(Step.PROVISIONS, refusal)
    return _permit(Step.PROVISIONS, decisive[0])


def peer(question: Question) -> Verdict | None:
    """3i. Here as a patient, and nothing said against it: as any member."""
    return _permit(Step.PEER) if acts_as_peer(question) else None


def open_community(question: Question) -> Verdict | None:
    """3j. A community that said before joining that professionals take part, for adults."""
    if question.action not in OPEN_ACTIONS or question.room.posture is not Posture.HCP_PRESENT:
        return None
    author, ages = question.author, question.room.ages
    if author.adult_from is UNKNOWN:
        adult = not author.record and ages is Ages.ADULTS
    else:
        adult = author.adult_from <= question.request.at and (author.record or ages is Ages.ADULTS)
    return _permit(Step.OPEN_COMMUNITY) if adult else None


def nothing_permits(question: Question) -> Verdict:  # noqa: ARG001 - a rule like the others, and the last
    """3k. Nothing permits: refuse."""
    return _refuse(Step.NOTHING_PERMITS)


RULES: Final[tuple[Rule, ...]] = (
    erased,
    blocked,
    moderation,
    emergency,
    hold_or_layer,
    community,
    age,
    provisions,
    peer,
    open_community,
    nothing_permits,
)

_ON_A_PROFESSIONALS_POST: Final = OPEN_ACTIONS | {Action.QUOTE}
_NEVER_ON_MINORS: Final = frozenset({Action.FIND, Action.LOOK_UP, Action.CONNECT})


def answer(question: Question) -> Verdict:
    """Return the first verdict of the rules in their order."""
    for rule in RULES:
        verdict = rule(question)
        if verdict is not None:
            return verdict
    return _refuse(Step.NOTHING_PERMITS)


def answer_to_member(question: Question) -> Verdict:
    """Step 1. Who is not governed is stopped by a block or a refusal by name, and by nothing else."""
    refusal = blocked(question)
    if refusal is not None:
        return refusal
    by_name = (line for line in layer_refusals(question) if line.who.kind is WhoKind.NAMED)
    for line in (*own_refusals_by_name(question), *by_name):
        if refusal_names(line, question) and matches(line, question):
            return _refuse(Step.NOT_GOVERNED, line)
    return _permit(Step.NOT_GOVERNED)


def acts_as_peer(question: Question) -> bool:
    """Say whether the viewer does what members do while here as a patient; all else is professional."""
    return question.capacity is Capacity.PEER and question.action in PEER_ACTIONS


def pair_blocked(question: Question) -> bool:
    """Say whether a measure stands between this author and any account of the viewer."""
    names, at = question.viewer.names, question.request.at
    return any(block.account in names and block.during.covers(at) for block in question.author.blocks)


def own_refusals_by_name(question: Question) -> Iterator[Provision]:
    """Walk the author's refusals of this viewer by name for this action, those kept by a tombstone too."""
    about = question.author.provisions.about(question.action)
    for key in question.viewer.keys:
        if key.kind is WhoKind.NAMED and key in about:
            yield from (line for line in about[key].near(question.places) if line.refuses)
    yield from _kept_by_tombstone(question)


def _kept_by_tombstone(question: Question) -> Iterator[Provision]:
    kept = () if question.author.erased is None else question.author.erased.refusals
    return (line for line in kept if question.action in line.actions and refusal_names(line, question))


def layer_refusals(question: Question) -> Iterator[Provision]:
    """Walk the refusals about this action that others set: guardians' everywhere, a platform's there."""
    for layer in question.author.layers:
        if layer.platform is None or layer.platform == question.request.platform:
            yield from (line for line in layer.refusals if question.action in line.actions)


def refusal_names(line: Provision, question: Question) -> bool:
    """Say whether a refusal is about this viewer: by any account or claim there ever was."""
    if line.who.kind in _CLASSES:
        return line.who in question.team
    return line.who in question.viewer.keys


def refused_by_name(question: Question) -> bool:
    """Say whether the author refused this viewer by name in any line at all."""
    author, names = question.author, question.viewer.names
    if not names.isdisjoint(author.provisions.refused_names):
        return True
    kept = () if author.erased is None else author.erased.refusals
    lines = [*kept, *(line for layer in author.layers for line in layer.refusals)]
    return any(line.who.kind is WhoKind.NAMED and line.who.name in names for line in lines)


def is_minor(question: Question) -> bool:
    """Say whether the author is under 18, or may be where no community vouches for adults."""
    adult_from = question.author.adult_from
    if adult_from is UNKNOWN:
        return question.room.ages is not Ages.ADULTS
    return question.request.at < adult_from


def _matching_provisions(question: Question) -> Iterator[Provision]:
    yield from (line for line in _kept_by_tombstone(question) if matches(line, question))
    about = question.author.provisions.about(question.action)
    if not about:
        return
    covered = question.author.covered.get(question.action)
    permits_count = covered is not None and covered.covers(question.request.at)
    welcome = _welcomed_as_peer(question)
    for key in (*question.viewer.keys, *question.team):
        bucket = about.get(key)
        for line in bucket.near(question.places) if bucket is not None else ():
            if welcome and not _binds_welcome_peer(line):
                continue
            counts = line.refuses or (permits_count and permit_names(line, question))
            if counts and matches(line, question):
                yield line


def _welcomed_as_peer(question: Question) -> bool:
    author = question.author
    ticked = author.record and author.peers_welcome and question.capacity is Capacity.PEER
    return ticked and author.adult_from is not UNKNOWN and author.adult_from <= question.request.at


def _binds_welcome_peer(line: Provision) -> bool:
    return line.who.kind is WhoKind.NAMED or (line.refuses and line.who == CARE_TEAM)


def _may_moderate(question: Question) -> bool:
    room = question.facts.communities.get(str(question.words.community))
    if room is None or question.words.community is NOT_SENT or question.viewer.account not in room.moderators:
        return False
    return question.request.flagged is True and not refused_by_name(question) and not in_care_team_now(question)


def _emergency_view_given(question: Question) -> bool:
    request, thread = question.request, question.words.thread
    return any(
        view.platform == request.platform
        and view.thread == thread
        and view.during.covers(request.at)
        and question.author.emergency_yes_since < view.during.start
        for view in question.viewer.hcp.emergency_views
    )


def _written_as_professional(question: Question) -> bool:
    author, words = question.author, question.words
    if author.hcp is None or author.record or words.created is NOT_SENT:
        return False
    return recorded_as_professional(author.hcp, question.request.platform, words.community, words.created)


def _may_message_minor(question: Question) -> bool:
    if question.viewer.hcp.assurance < Assurance.A4 or question.request.initiated_by_patient is not True:
        return False
    if question.team == frozenset({CARE_TEAM}):
        return True
    about = question.author.provisions.about(Action.MESSAGE)
    return any(
        not line.refuses and matches(line, question)
        for key in question.viewer.keys
        if key.kind is WhoKind.NAMED and key.name == question.viewer.account and key in about
        for line in about[key].lines
    )


def _permit(step: Step, line: Provision | None = None) -> Verdict:
    return Verdict(permit=True, step=step, line=line)


def _refuse(step: Step, line: Provision | None = None) -> Verdict:
    return Verdict(permit=False, step=step, line=line)
