"""Use cases of the decision counter: a page of questions in, an answer each out. Decides nothing itself."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.blind_index import account_key
from governance.crypto.keys import Keyring
from governance.decision.decide import decide
from governance.decision.facts import Conduct, Facts, Request
from governance.decision.verdicts import BROKEN, Decision
from governance.decision.vocabulary import NOT_SENT, AccountKey, Instant, Level, PlatformId
from governance.effective.documents import PatientDocument
from governance.effective.errors import BrokenRowError
from governance.effective.facts import InForceReader, People
from governance.pdp.messages import Question, request_of

_log = structlog.get_logger()


class OptOut(NamedTuple):
    """What a platform may know of one account's choices; never whom a choice names."""

    account: str
    hold: bool
    care_team: Level
    others: Level


class Desk:
    """Answers one platform, in one session, by the published conduct record."""

    def __init__(self, session: Session, keyring: Keyring, platform_id: UUID, conduct: Conduct) -> None:
        """Answer this platform."""
        self._keyring = keyring
        self._platform_id = platform_id
        self._conduct = conduct
        self._reader = InForceReader(session, keyring, platform_id)
        self._keys: dict[str, AccountKey] = {}

    def key_of(self, account: str) -> AccountKey:
        """Return the key of one of the platform's accounts, made once a page."""
        key = self._keys.get(account)
        if key is None:
            key = self._keys[account] = account_key(self._keyring, self._platform_id, account)
        return key

    def answer(self, questions: Sequence[Question], now: Instant) -> list[Decision]:
        """Return one decision a question, in their order; an action that is none of ours refuses."""
        platform = PlatformId(str(self._platform_id))
        requests = [request_of(question, platform, self.key_of, now) for question in questions]
        by_viewer: dict[AccountKey, list[Request]] = defaultdict(list)
        for request in requests:
            if request is not None:
                by_viewer[request.viewer].append(request)
        facts = {viewer: self._facts(viewer, asked) for viewer, asked in by_viewer.items()}
        return [BROKEN if request is None else _decided(request, facts[request.viewer]) for request in requests]

    def opt_outs(self, accounts: Sequence[str]) -> list[OptOut]:
        """Return the opt-out status of accounts; unknown and closed look alike."""
        documents = self._reader.patients(self.key_of(account) for account in accounts)
        return [_opt_out(account, documents[self.key_of(account)]) for account in accounts]

    def _facts(self, viewer: AccountKey, requests: Sequence[Request]) -> Facts | None:
        words = [part for request in requests for part in request.words]
        communities = {part.community for part in words if part.community is not NOT_SENT}
        people = People(viewer, frozenset(part.author for part in words))
        try:
            return self._reader.facts(people, communities, self._conduct)
        except BrokenRowError:
            # A row that was changed by another hand refuses and must wake somebody.
            _log.critical("broken_row", kind="viewer_or_community")
            return None


def _decided(request: Request, facts: Facts | None) -> Decision:
    return BROKEN if facts is None else decide(request, facts)


def _opt_out(account: str, document: PatientDocument) -> OptOut:
    return OptOut(account, document.hold, document.levels[0], document.levels[1])
