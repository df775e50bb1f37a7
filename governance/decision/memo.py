"""Pages from memory: what `decide` answered before, for as long as neither the records nor time can change it.

A remembered answer is given again only for the very same records (the same objects, which never change)
and only until the next instant at which a span of time in them begins or ends. In all other cases `decide`
is asked, so a memo may be slower than `decide`, but never differs from it.
"""

from collections.abc import Hashable, Iterable
from typing import Final, NamedTuple

from governance.decision.decide import decide
from governance.decision.edges import (
    edges_of_author,
    edges_of_community,
    edges_of_viewer,
    looks_at_single_words,
    span_around,
)
from governance.decision.facts import Author, Community, Facts, Request, Words
from governance.decision.verdicts import Decision
from governance.decision.vocabulary import NOT_SENT, PERSON_ACTIONS, AccountKey, Instant, NotSentType

LIMIT: Final = 200_000
"""So many answers are kept, and those of one page more, before all are forgotten; one takes some hundred bytes."""


class Memo:
    """Answers pages: many authors, one viewer. To be kept from page to page; threads may share it.

    Two threads that miss at once ask twice; an answer is put in its place whole or not at all.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        """Forget all before the next page once more than `limit` answers are kept."""
        self._limit = limit
        self._kept = 0
        self._askings: dict[Hashable, _Asking] = {}

    def page(self, requests: Iterable[Request], facts: Facts) -> list[Decision]:
        """Return what `decide` says of each request; quickest if one viewer wants the same of all."""
        self._make_room()
        decisions = []
        asking: _Asking | None = None
        for request in requests:
            try:
                if asking is None or not asking.is_of(request):
                    asking = self._asking(request, facts)
                decision = self._answer(asking, request, facts)
            except Exception:  # noqa: BLE001 - what cannot be remembered can still be decided
                decision = decide(request, facts)
            decisions.append(decision)
        return decisions

    def _make_room(self) -> None:
        if self._kept > self._limit:
            self._askings.clear()
            self._kept = 0

    def _asking(self, request: Request, facts: Facts) -> "_Asking":
        key = (request.platform, request.viewer, request.action, request.flagged, request.initiated_by_patient)
        asking = self._askings.get(key)
        # Keys may be equal and yet not the same to `decide`: True and 1, a word of a closed list and a plain string.
        if asking is None or not (asking.is_of(request) and asking.holds_for(facts)):
            asking = self._askings[key] = _Asking(request, facts)
        return asking

    def _answer(self, asking: "_Asking", request: Request, facts: Facts) -> Decision:
        if len(request.words) > 1 or request.recipients is not NOT_SENT:
            return decide(request, facts)
        words = request.words[0]
        decision = asking.recall(words, request.at, facts)
        if decision is None:
            decision = decide(request, facts)
            if words.author in facts.authors:
                asking.keep(words, request.at, facts, decision)
                self._kept += 1
        return decision


class _Answer(NamedTuple):
    """What was decided, and the community and time for which it holds."""

    decision: Decision
    community: Community | None
    since: Instant
    until: Instant


class _Known:
    """One author's records as they were when asked about, and the answers given on them."""

    __slots__ = ("answers", "author", "edges", "singly")

    def __init__(self, author: Author) -> None:
        self.author = author
        self.singly = looks_at_single_words(author)
        self.edges = edges_of_author(author)
        self.answers: dict[Hashable, _Answer] = {}


class _Asking:
    """One viewer who wants one thing on one platform, by the records they were asked about with."""

    __slots__ = ("_known", "conduct", "edges", "on_person", "request", "singly", "strictest", "viewer")

    def __init__(self, request: Request, facts: Facts) -> None:
        self.request = request
        self.viewer, self.conduct, self.strictest = facts.viewer, facts.conduct, facts.strictest
        self.edges = edges_of_viewer(facts.viewer)
        self.singly = bool(facts.viewer.hcp.emergency_views)
        self.on_person = request.action in PERSON_ACTIONS
        self._known: dict[AccountKey, _Known] = {}

    def holds_for(self, facts: Facts) -> bool:
        """Say whether what the records say of the viewer, and the rules, are still the same."""
        same_rules = self.conduct is facts.conduct and self.strictest == facts.strictest
        return same_rules and self.viewer == facts.viewer

    def is_of(self, request: Request) -> bool:
        """Say whether a request asks the same about somebody's words."""
        mine = self.request
        return (
            request.action is mine.action
            and request.flagged is mine.flagged
            and request.initiated_by_patient is mine.initiated_by_patient
            and request.viewer == mine.viewer
            and request.platform == mine.platform
        )

    def recall(self, words: Words, at: Instant, facts: Facts) -> Decision | None:
        """Return what was decided about such words of this author, if it still holds."""
        known = self._known.get(words.author)
        if known is None or known.author is not facts.authors.get(words.author):
            return None
        community = _community(words, facts)
        answer = known.answers.get(self._shape(words, known, community))
        if answer is None or answer.community is not community or not answer.since <= at < answer.until:
            return None
        return answer.decision

    def keep(self, words: Words, at: Instant, facts: Facts, decision: Decision) -> None:
        """Remember what was decided about such words of this author."""
        author = facts.authors[words.author]
        known = self._known.get(words.author)
        if known is None or known.author is not author:
            known = self._known[words.author] = _Known(author)
        community = _community(words, facts)
        since, until = span_around(at, [self.edges, known.edges, edges_of_community(community)])
        known.answers[self._shape(words, known, community)] = _Answer(decision, community, since, until)

    def _shape(self, words: Words, known: _Known, community: Community | None) -> Hashable:
        """Return what of these words the answer may depend on: mostly nothing but their community."""
        if self.on_person:
            return words.community
        if known.singly or self.singly or not (community is None or _was_one_room(community, words.created)):
            return (words.community, words.thread, words.post, words.created, words.edited)
        return words.community


def _community(words: Words, facts: Facts) -> Community | None:
    return None if words.community is NOT_SENT else facts.communities.get(words.community)


def _was_one_room(community: Community, created: Instant | NotSentType) -> bool:
    """Say whether a community has had one posture and one ages ever since."""
    return community.only_room is not None and created is not NOT_SENT and community.history[0].since <= created
