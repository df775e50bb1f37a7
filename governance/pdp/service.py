"""Use cases of the decision counter: a page of questions in, an answer each out. Decides nothing itself."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import structlog

from governance.decision.decide import decide
from governance.decision.facts import Conduct, Facts, Request
from governance.decision.observing import is_observed
from governance.decision.provisions import CARE_TEAM, OTHERS
from governance.decision.verdicts import BROKEN, Decision
from governance.decision.vocabulary import NOT_SENT, AccountKey, Action, Instant, Level
from governance.effective.documents import PatientDocument
from governance.effective.errors import BrokenRowError
from governance.effective.facts import FactsReader, People
from governance.effective.said import extras_said
from governance.pdp.digests import Digests
from governance.pdp.messages import Question, request_of
from governance.pdp.probing.watching import ProbingWatch

_log = structlog.get_logger()


class OptOut(NamedTuple):
    """What a platform may know of one account's choices; never whom a choice names."""

    account: str
    hold: bool
    care_team: Level
    others: Level
    care_team_extras: tuple[Action, ...] = ()
    others_extras: tuple[Action, ...] = ()
    """What each class may do that is in no level, in the order of the alphabet."""


class Answer(NamedTuple):
    """A decision and what it was taken on; nothing of a question whose action is none of ours."""

    decision: Decision
    request: Request | None = None
    facts: Facts | None = None
    observed: bool = False
    """Whether the platform passes through, whatever was decided."""
    beyond_quota: bool = False


class Desk:
    """Answers one platform by the published conduct record."""

    def __init__(
        self, digests: Digests, reader: FactsReader, conduct: Conduct, watch: ProbingWatch | None = None
    ) -> None:
        """Answer this platform by what the reader finds in force on it, now or then; who asks too much is watched."""
        self._digests = digests
        self._reader = reader
        self._conduct = conduct
        self._watch = watch

    @property
    def revision(self) -> int:
        """The platform's revision on which the answers stand."""
        return self._reader.revision()

    def answer(self, questions: Sequence[Question], now: Instant) -> list[Answer]:
        """Return one answer a question, in their order; an action that is none of ours refuses."""
        requests = [request_of(question, self._digests, now) for question in questions]
        by_viewer: dict[AccountKey, list[Request]] = defaultdict(list)
        for request in requests:
            if request is not None:
                by_viewer[request.viewer].append(request)
        facts = {viewer: self._facts(viewer, asked) for viewer, asked in by_viewer.items()}
        return [
            Answer(BROKEN) if request is None else _answered(request, *facts[request.viewer]) for request in requests
        ]

    def opt_outs(self, accounts: Sequence[str]) -> list[OptOut]:
        """Return the opt-out status of accounts; unknown and closed look alike."""
        documents = self._reader.patients(self._digests.account(account) for account in accounts)
        return [opt_out_of(account, documents[self._digests.account(account)]) for account in accounts]

    def _facts(self, viewer: AccountKey, requests: Sequence[Request]) -> tuple[Facts | None, bool]:
        """Return the facts, none if they are broken, and whether the viewer asked about too many people."""
        words = [part for request in requests for part in request.words]
        communities = {part.community for part in words if part.community is not NOT_SENT}
        people = People(viewer, frozenset(part.author for part in words))
        try:
            return self._watched(self._reader.facts(people, communities, self._conduct), people, requests[0].at)
        except BrokenRowError:
            # A row that was changed by another hand refuses and must wake somebody.
            _log.critical("broken_row", kind="viewer_or_community")
            return None, False

    def _watched(self, facts: Facts, people: People, now: Instant) -> tuple[Facts, bool]:
        if self._watch is None or not facts.viewer.governed_by:
            return facts, False
        watched = self._watch.seen(self._digests.platform, facts, people.authors, now)
        return watched, watched is not facts


def _answered(request: Request, facts: Facts | None, beyond_quota: bool) -> Answer:  # noqa: FBT001 - as `_facts` says it
    if facts is None:
        return Answer(BROKEN, request)
    decision = decide(request, facts)
    return Answer(decision, request, facts, is_observed(request, facts, decision), beyond_quota)


def opt_out_of(account: str, document: PatientDocument) -> OptOut:
    """Return one account's status, as far as a forum may know it."""
    extras = (tuple(sorted(extras_said(who, document.lines))) for who in (CARE_TEAM, OTHERS))
    return OptOut(account, document.hold, *document.levels, *extras)
