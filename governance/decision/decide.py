"""The decision: steps 0 to 3. Pure, so that the same records give the same answer everywhere, for ever."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from governance.decision.capacity import capacities_of_viewer
from governance.decision.facts import Facts, Request, Words
from governance.decision.gate import passes_gate
from governance.decision.question import Question
from governance.decision.rules import answer, answer_to_member
from governance.decision.verdicts import BROKEN, Decision, Step, Verdict
from governance.decision.vocabulary import NOT_SENT, PERSON_ACTIONS, AccountKey, Action, Capacity, NotSentType, Reason

Ask = Callable[[Question], Verdict]
Asked = Sequence[tuple[Words, frozenset[Capacity]]]
"""The words asked about, each with the capacities in which the viewer meets them."""

_new: Final = tuple.__new__
"""Makes a named tuple without the detour through its own constructor, which costs twice as much."""

_OWN_WORDS: Final = Verdict(permit=True, step=Step.OWN_WORDS)
_PERMITTED, _REFUSED = Reason.PERMITTED, Reason.REFUSED

_AS_A_MEMBER = frozenset({Capacity.PROFESSIONAL})
"""Who is not governed has no capacity; the word only fills the place."""


def decide(request: Request, facts: Facts) -> Decision:
    """Say whether the viewer may act on these words, and which of four reasons the platform is told.

    Never raises: what is missing, broken or unknown refuses.
    """
    try:
        return _conclude(_verdicts(request, facts))
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


def _conclude(verdicts: Iterable[Verdict]) -> Decision:
    """All must permit: the first refusal ends it, and no verdict at all refuses."""
    verdict = None
    for verdict in verdicts:
        if not verdict.permit:
            return _new(Decision, (False, _REASON_OF_REFUSAL.get(verdict.step, _REFUSED), verdict))
    if verdict is None:
        return BROKEN
    return _new(Decision, (True, _REASON_OF_PERMIT.get(verdict.step, _PERMITTED), verdict))


def _verdicts(request: Request, facts: Facts) -> Iterable[Verdict]:
    """Walk steps 0 to 3; the gate comes whole before the first word about any author."""
    viewer = facts.viewer
    if not request.words or viewer.account != request.viewer:
        return (BROKEN.verdict,)
    own = own_accounts(request)
    others_words = [words for words in request.words if words.author not in own]
    if not others_words:
        return (_OWN_WORDS,)
    if not viewer.governed_by:
        return _answers(answer_to_member, request, facts, [(words, _AS_A_MEMBER) for words in others_words])
    hcp, platform, at = viewer.hcp, request.platform, request.at
    asked = [(words, capacities_of_viewer(hcp, platform, words.community, at)) for words in others_words]
    capacities = asked[0][1] if len(asked) == 1 else asked[0][1].union(*[capacities for _, capacities in asked])
    stopped = _stopped_at_gate(request, facts, capacities)
    return (stopped,) if stopped is not None else _answers(answer, request, facts, asked)


def _stopped_at_gate(request: Request, facts: Facts, capacities: frozenset[Capacity]) -> Verdict | None:
    for action in actions_asked(request.action):
        for capacity in capacities:
            if not passes_gate(facts.viewer.hcp, action, capacity, facts.conduct, request.at):
                return Verdict(permit=False, step=Step.GATE, action=action, capacity=capacity)
    return None


def _answers(ask: Ask, request: Request, facts: Facts, asked: Asked) -> Iterator[Verdict]:
    """Ask the rules about every author, for every capacity and for all that the action needs."""
    for words, capacities in asked:
        author = facts.authors[words.author]
        for capacity in capacities:
            for action in actions_asked(request.action):
                yield ask(Question(request, facts, words, author, action, capacity))


def own_accounts(request: Request) -> tuple[AccountKey | NotSentType, ...]:
    """Step 0. One's own words, and a letter addressed to one, belong to oneself: return whose words these are."""
    if request.recipients is NOT_SENT or request.action is not Action.VIEW or request.viewer not in request.recipients:
        return (request.viewer,)
    return (request.viewer, request.sender)


def actions_asked(action: Action) -> tuple[Action, ...]:
    """Return the action and, where nobody can do it without reading, `view` as well."""
    return _ASKED[action]


_ASKED: Final = {
    action: (action,) if action in PERSON_ACTIONS | {Action.VIEW, Action.MODERATE} else (action, Action.VIEW)
    for action in Action
}
