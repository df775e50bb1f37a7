"""The decision: steps 0 to 3. Pure, so that the same records give the same answer everywhere, for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from governance.decision.capacity import capacities_of_viewer
from governance.decision.facts import Facts, Hcp, Request, Words
from governance.decision.gate import passes_gate
from governance.decision.question import Question
from governance.decision.rules import answer, answer_to_member
from governance.decision.verdicts import BROKEN, Decision, Step, Verdict
from governance.decision.vocabulary import NOT_SENT, PERSON_ACTIONS, AccountKey, Action, Capacity, NotSentType, Reason

_ASKED: Final = {
    action: (action,) if action in PERSON_ACTIONS | {Action.VIEW, Action.MODERATE} else (action, Action.VIEW)
    for action in Action
}
"""The action and, where nobody can do it without reading, `view` as well."""

_new: Final = tuple.__new__
"""Makes a named tuple without the detour through its own constructor, which costs twice as much."""

_A_MEMBER: Final = Hcp()
"""Who is not governed has no capacity; `professional` only fills the place."""
_OWN_WORDS: Final = Verdict(permit=True, step=Step.OWN_WORDS)
_PERMITTED, _REFUSED = Reason.PERMITTED, Reason.REFUSED


def decide(request: Request, facts: Facts) -> Decision:
    """Say whether the viewer may act on these words, and which of four reasons the platform is told.

    Never raises: what is missing, broken or unknown refuses.
    """
    try:
        return _told(_deciding_verdict(request, facts))
    except Exception:  # noqa: BLE001 - an error inside a rule must refuse, never skip the rule
        return BROKEN


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision and every verdict that it rests on, the deciding one first if it refuses."""

    decision: Decision
    verdicts: tuple[Verdict, ...]


def explain(request: Request, facts: Facts) -> Explanation:
    """Return the decision with the full reason, the line that decided for each author included.

    For the decision log, the patient and the officer of a case; never for a platform or a professional.
    """
    decision = decide(request, facts)
    try:
        verdicts = tuple(_verdicts(request, facts))
    except Exception:  # noqa: BLE001 - what cannot be explained was refused as broken
        verdicts = (decision.verdict,)
    return Explanation(decision, tuple(sorted(verdicts, key=lambda verdict: verdict.permit)))


_REASON_OF_PERMIT = {Step.OWN_WORDS: Reason.NOT_GOVERNED, Step.NOT_GOVERNED: Reason.NOT_GOVERNED}
_REASON_OF_REFUSAL = {Step.GATE: Reason.HCP_NOT_ELIGIBLE}


def _told(verdict: Verdict) -> Decision:
    if verdict.permit:
        return _new(Decision, (True, _REASON_OF_PERMIT.get(verdict.step, _PERMITTED), verdict))
    return _new(Decision, (False, _REASON_OF_REFUSAL.get(verdict.step, _REFUSED), verdict))


def _deciding_verdict(request: Request, facts: Facts) -> Verdict:
    """Walk steps 0 to 3. All must permit: the first refusal ends it, and no verdict at all refuses."""
    asked = _asked(request, facts)
    if isinstance(asked, Verdict):
        return asked
    ask = answer if facts.viewer.governed_by else answer_to_member
    verdict = BROKEN.verdict
    for words, action, capacity in asked:
        verdict = ask(Question(request, facts, words, action, capacity))
        if not verdict.permit:
            return verdict
    return verdict


def _verdicts(request: Request, facts: Facts) -> Sequence[Verdict]:
    """Walk steps 0 to 3 to the end, whoever refuses on the way."""
    asked = _asked(request, facts)
    if isinstance(asked, Verdict):
        return (asked,)
    ask = answer if facts.viewer.governed_by else answer_to_member
    return [ask(Question(request, facts, words, action, capacity)) for words, action, capacity in asked]


def _asked(request: Request, facts: Facts) -> list[tuple[Words, Action, Capacity]] | Verdict:
    """Steps 0 to 2: return what to ask about the words of others, or the verdict that no author has a part in.

    The gate comes whole before the first word about any author, so that its answer tells nothing of them.
    """
    viewer, own, actions = facts.viewer, own_accounts(request), _ASKED[request.action]
    if not request.words or viewer.account != request.viewer:
        return BROKEN.verdict
    governed = viewer.governed_by
    hcp = viewer.hcp if governed else _A_MEMBER
    asked = []
    for words in request.words:
        if words.author in own:
            continue
        for capacity in capacities_of_viewer(hcp, request.platform, words.community, request.at):
            for action in actions:
                if governed and not passes_gate(hcp, action, capacity, facts.conduct, request.at):
                    return Verdict(permit=False, step=Step.GATE, action=action, capacity=capacity)
                asked.append((words, action, capacity))
    return asked or _OWN_WORDS


def own_accounts(request: Request) -> tuple[AccountKey | NotSentType, ...]:
    """Step 0. One's own words, and a letter addressed to one, belong to oneself: return whose words these are."""
    if request.recipients is NOT_SENT or request.viewer not in request.recipients or request.action is not Action.VIEW:
        return (request.viewer,)
    return (request.viewer, request.sender)


def actions_asked(action: Action) -> tuple[Action, ...]:
    """Return the action and, where nobody can do it without reading, `view` as well."""
    return _ASKED[action]
