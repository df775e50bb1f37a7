"""Answers pages from what the replica knows: the state of one moment, the lease, and what was answered before."""

from collections.abc import Sequence
from typing import Final

from governance.decision.vocabulary import Action, Instant
from governance.pep.answers import Answer
from governance.pep.questions import Resource
from governance.pep.replica.asking import Question
from governance.pep.replica.clocks import Clocks, ServiceTime
from governance.pep.replica.exposures import SHOWN, Exposures
from governance.pep.replica.lease import Held, Lease
from governance.pep.replica.state import NotReadyError, State, Tokens
from governance.pep.replica.viewing import REFUSED, Viewing
from governance.pep.wire.facts import account_name, looking

_MOST_KEPT: Final = 400_000
"""So many answers and authors are kept, and those of one page more, before all are forgotten.

THREAT: one professional who asks about everybody's single posts, of which no answer is kept, would fill the memory.
"""
_MOST_VIEWERS: Final = 10_000


class _Now:
    """What a page is decided on: the state, and what was decided on that very state before."""

    __slots__ = ("many", "state", "viewings")

    def __init__(self, state: State) -> None:
        self.state = state
        self.viewings: dict[str, Viewing] = {}
        self.many = 0


_Begun = tuple[Held, _Now, Viewing | None, Instant]
"""A page as it began: the lease, the state, the viewer (None if their row is broken), and when. No object of its own:
making one would take a tenth of a check.
"""


class Evaluator:
    """Decides by the state that was published last. Threads may share it."""

    def __init__(self, tokens: Tokens, lease: Lease, clocks: Clocks, exposures: Exposures) -> None:
        """Know nothing yet."""
        self.tokens = tokens
        self.lease = lease
        self.clocks = clocks
        self.time = ServiceTime(clocks)
        self.observed = 0
        """How many answers only observed a refusal."""
        self._exposures = exposures
        self._now: _Now | None = None

    def publish(self, state: State) -> None:
        """Decide on this from now on. Renew the lease only afterwards: a page takes them in the opposite order."""
        if self._now is None or self._now.state is not state:
            self._now = _Now(state)

    @property
    def state(self) -> State:
        """What is known. Raises `NotReadyError`."""
        if self._now is None:
            raise NotReadyError
        return self._now.state

    def page(self, viewer: str, action: Action, resources: Sequence[Resource], *, shown: bool = True) -> list[Answer]:
        """Return one answer for each resource, in their order. Raises `NotReadyError`.

        `shown` is whether what is permitted is put before the viewer's eyes.
        """
        begun = self._begin(viewer)
        _, now, viewing, at = begun
        if viewing is None:
            return [REFUSED] * len(resources)
        answers = viewing.page(action, resources, at)
        now.many += viewing.counted()
        if not _counts(begun):
            return [REFUSED] * len(resources)
        if viewing.governed and shown:
            self._note(begun, viewer, action, resources, answers)
        return answers

    def answers(self, questions: Sequence[Question]) -> list[Answer]:
        """Return one answer for each question, whoever asks what, in their order. Raises `NotReadyError`."""
        begun = {viewer: self._begin(viewer) for viewer in {question.viewer for question in questions}}
        given = [_answer(begun[question.viewer], question) for question in questions]
        for _, now, viewing, _ in begun.values():
            now.many += 0 if viewing is None else viewing.counted()
        counted = {viewer for viewer, one in begun.items() if _counts(one)}
        told = []
        for question, answer in zip(questions, given, strict=True):
            viewer, (_, _, viewing, _) = question.viewer, begun[question.viewer]
            said = answer if viewer in counted else REFUSED
            if said.permit and viewing is not None and viewing.governed:
                self._note(begun[viewer], viewer, question.action, [question.resource], [said])
            told.append(said)
        return told

    def _begin(self, viewer: str) -> _Begun:
        # INVARIANT: the lease before the state. What is read after it is at least as new as it.
        held = self.lease.taken()
        now = self._now
        if now is None:
            raise NotReadyError
        at = self.time.now()
        viewing = now.viewings.get(viewer)
        if viewing is None or not viewing.since <= at < viewing.until or now.many > _MOST_KEPT:
            viewing = self._look(now, viewer, at)
        return held, now, viewing, at

    def _look(self, now: _Now, viewer: str, at: Instant) -> Viewing | None:
        if now.many > _MOST_KEPT or len(now.viewings) > _MOST_VIEWERS:
            now.viewings.clear()
            now.many = 0
        try:
            token = self.tokens.account(viewer)
        except ValueError:
            # An id that has no bytes is nobody's.
            return None
        state = now.state
        record = state.governed.get(account_name(token))
        found = looking(token, record, state.platform, at, suspended=state.suspended)
        if found is None:
            return None
        viewing = now.viewings[viewer] = Viewing(state, self.tokens, viewer, found, at)
        return viewing

    def _note(
        self, begun: _Begun, viewer: str, action: Action, resources: Sequence[Resource], answers: Sequence[Answer]
    ) -> None:
        """Keep what a professional was shown, that by a trial which refused nobody too."""
        _, now, _, at = begun
        if now.state.observes:
            self.observed += sum(answer.observed is False for answer in answers)
        if action in SHOWN:
            permitted = _permitted(resources, answers)
            if permitted:
                self._exposures.note((viewer, action, at, now.state.revision, permitted))


def _permitted(resources: Sequence[Resource], answers: Sequence[Answer]) -> Sequence[Resource]:
    if len(answers) == 1:
        # Most pages ask one thing, and going through two lists at once takes a tenth of that.
        return resources[:1] if answers[0].permit else ()
    return [resource for resource, answer in zip(resources, answers, strict=True) if answer.permit]


def _answer(begun: _Begun, question: Question) -> Answer:
    _, _, viewing, at = begun
    return REFUSED if viewing is None else viewing.answer(question, at)


def _counts(begun: _Begun) -> bool:
    """Say, when all was answered, whether it counts: for members always, for the governed within the lease."""
    held, now, viewing, at = begun
    return viewing is None or not viewing.governed or (at < now.state.expires and held.holds())
