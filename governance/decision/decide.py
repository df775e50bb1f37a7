"""The decision: steps 0 to 3. Pure, so that the same records give the same answer everywhere, for ever."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from governance.decision.capacity import capacities_of_viewer
from governance.decision.facts import Facts, Request, Words
from governance.decision.gate import passes_gate
from governance.decision.matching import Question
from governance.decision.rules import answer, answer_to_member
from governance.decision.verdicts import BROKEN, Decision, Step, Verdict
from governance.decision.vocabulary import NOT_SENT, PERSON_ACTIONS, Action, Capacity, Reason

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
            reason = _REASON_OF_REFUSAL.get(verdict.step, Reason.REFUSED)
            return Decision(permit=False, reason=reason, verdict=verdict)
    if verdict is None:
        return BROKEN
    return Decision(permit=True, reason=_REASON_OF_PERMIT.get(verdict.step, Reason.PERMITTED), verdict=verdict)


def _verdicts(request: Request, facts: Facts) -> Iterator[Verdict]:
    """Walk steps 0 to 3; the gate comes whole before the first word about any author."""
    if not request.words or facts.viewer.account != request.viewer:
        yield BROKEN.verdict
        return
    others_words = [words for words in request.words if not own_words(words, request)]
    if not others_words:
        yield Verdict(permit=True, step=Step.OWN_WORDS)
    elif not facts.viewer.governed_by:
        for words in others_words:
            yield from _answers(request, facts, words, _AS_A_MEMBER)
    else:
        yield from _for_a_professional(request, facts, others_words)


def _for_a_professional(request: Request, facts: Facts, others_words: list[Words]) -> Iterator[Verdict]:
    hcp, at = facts.viewer.hcp, request.at
    held = [capacities_of_viewer(hcp, request.platform, words.community, at) for words in others_words]
    for capacity in frozenset[Capacity]().union(*held):
        for action in actions_asked(request.action):
            if not passes_gate(hcp, action, capacity, facts.conduct, at):
                yield Verdict(permit=False, step=Step.GATE, action=action, capacity=capacity)
                return
    for words, capacities in zip(others_words, held, strict=True):
        yield from _answers(request, facts, words, capacities)


def _answers(request: Request, facts: Facts, words: Words, capacities: frozenset[Capacity]) -> Iterator[Verdict]:
    """Ask the rules about one author, for every capacity and for all that the action needs."""
    author = facts.authors[words.author]
    ask = answer if facts.viewer.governed_by else answer_to_member
    for capacity in capacities:
        for action in actions_asked(request.action):
            question = Question(request, facts, words, author, action, capacity)
            verdict = ask(question)
            yield verdict._replace(author=words.author, action=action, capacity=capacity)


def own_words(words: Words, request: Request) -> bool:
    """Step 0. One's own words, and a letter addressed to one, belong to oneself."""
    if words.author == request.viewer:
        return True
    addressed = request.recipients is not NOT_SENT and request.viewer in request.recipients
    return addressed and words.author == request.sender and request.action is Action.VIEW


def actions_asked(action: Action) -> tuple[Action, ...]:
    """Return the action and, where nobody can do it without reading, `view` as well."""
    if action in PERSON_ACTIONS or action is Action.VIEW or action is Action.MODERATE:
        return (action,)
    return (action, Action.VIEW)
