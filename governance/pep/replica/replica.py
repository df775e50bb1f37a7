"""A replica as a forum's program holds it: asked like the service, answering from this machine."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

from governance.decision.vocabulary import Action
from governance.pep.answers import Answer
from governance.pep.questions import Resource, Words
from governance.pep.replica.asking import Question
from governance.pep.replica.clocks import HERE, Clocks
from governance.pep.replica.evaluator import Evaluator
from governance.pep.replica.exposures import Exposures
from governance.pep.replica.feed import SCOPE, Feed
from governance.pep.replica.follower import Follower
from governance.pep.replica.lease import USUAL_SECONDS, Lease
from governance.pep.replica.roster import Roster
from governance.pep.replica.setup import SetUp
from governance.pep.replica.state import NotReadyError, State, Tokens
from governance.pep.replica.viewing import REFUSED
from governance.pep.tokens import Tokens as AccessTokens
from governance.pep.transport import Address
from governance.pep.wire.facts import account_name

Members = dict[str, Any]
_MOST_AUTHORS: Final = 20_000
"""About so many authors one list is made; it takes some tenths of a second."""


class Replica:
    """Follows the service and decides by itself. Threads may share it; one process needs one."""

    def __init__(self, setup: SetUp, *, lease_seconds: float = USUAL_SECONDS, clocks: Clocks = HERE) -> None:
        """Prepare; nothing is asked before `start`. Raises `ValueError` for a lease longer than 30 seconds."""
        address = Address(setup.service)
        tokens = Tokens(setup.keys)
        access = AccessTokens(address, setup.client_id, setup.client_secret, SCOPE)
        self.exposures = Exposures()
        self.evaluator = Evaluator(tokens, Lease(clocks, lease_seconds), clocks, self.exposures)
        self._roster = Roster(tokens)
        self.follower = Follower(
            Feed(address, access, setup.trusted, setup.platform), self.evaluator, self.exposures, self._roster, clocks
        )

    def start(self) -> None:
        """Follow the service from now on, in a thread of its own."""
        self.follower.start()

    def stop(self) -> None:
        """Ask the service no more."""
        self.follower.stop()

    def evaluate(
        self, viewer: str, action: Action, resource: Resource, *, initiated_by_patient: bool | None = None
    ) -> Answer:
        """Say whether `viewer` may do `action` to one resource; never raises, refuses instead."""
        return self.evaluate_page(viewer, action, [resource], initiated_by_patient=initiated_by_patient)[0]

    def evaluate_page(
        self,
        viewer: str,
        action: Action,
        resources: Sequence[Resource],
        *,
        initiated_by_patient: bool | None = None,
    ) -> list[Answer]:
        """Return one answer for each resource, in order; never raises, refuses instead."""
        first = initiated_by_patient
        try:
            if first is None:
                return self.evaluator.page(viewer, action, resources)
            asked = [Question(viewer, action, resource, initiated_by_patient=first) for resource in resources]
            return self.evaluator.answers(asked)
        except NotReadyError:
            return [REFUSED] * len(resources)

    def answers(self, questions: Sequence[Question]) -> list[Answer]:
        """Return one answer for each question, whoever asks what. Raises `NotReadyError`."""
        self._roster.see(words.author for one in questions for words in one.resource.words if words.author)
        return self.evaluator.answers(questions)

    def governed(self) -> Members:
        """Return the ids of governed accounts; not `complete` while the service did not tell the id of each."""
        state = self.evaluator.state
        accounts, complete = self._roster.governed(state)
        return {"accounts": accounts, "complete": complete, "revision": state.revision}

    def hidden_authors(self, viewer: str, authors: Sequence[str] | None = None) -> Members:
        """Return whose words the viewer may not see wherever and whenever they were written, and whose they may.

        Of the authors named, or else of all whose words were asked about so far. `rest` says what stands for all
        others: `hide` from professionals, `show` to members if no author is missing, or else `ask`, with the authors
        named. Raises `NotReadyError`.
        """
        state = self.evaluator.state
        asked = self._roster.seen()[:_MOST_AUTHORS] if authors is None else authors
        things = [Resource("author", author, (Words(author),)) for author in asked]
        answers = self.evaluator.page(viewer, Action.VIEW, things, shown=False)
        hidden = [author for author, answer in zip(asked, answers, strict=True) if not answer]
        shown = [author for author, answer in zip(asked, answers, strict=True) if answer]
        rest = "show" if self._is_everybody(state, asked) else "ask"
        if state.is_governed(account_name(self.evaluator.tokens.account(viewer))):
            rest = "hide"
        return {"hidden": hidden, "shown": shown, "rest": rest, "revision": state.revision}

    def emergency(self) -> list[Members]:
        """Return whom to call in danger, to be shown where something is hidden."""
        return [asdict(line) for line in self.evaluator.state.emergency]

    def health(self) -> Members:
        """Return how it stands with the service; nothing about anybody."""
        told: Members = {"trouble": self.follower.trouble, "lease": self.evaluator.lease.taken().holds()}
        told |= {"exposures_waiting": self.exposures.waiting, "exposures_lost": self.exposures.lost}
        try:
            state = self.evaluator.state
        except NotReadyError:
            return {"ready": False, **told}
        return {"ready": True, "revision": state.revision, "would_hide": self.evaluator.observed, **told}

    def _is_everybody(self, state: State, asked: Iterable[str]) -> bool:
        tokens = self.evaluator.tokens
        return sum(state.author(tokens.account(author)) is not None for author in asked) == state.many
