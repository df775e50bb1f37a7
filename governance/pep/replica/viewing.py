"""One viewer at one revision: the facts as they are for these eyes, and the answers that can be given again.

An answer is kept exactly as long as neither the records nor time can change it, for words of the same author in the
same community, and never for an author whose single words differ; `governance.decision.memo` keeps them by the same
rule.
"""

from collections.abc import Hashable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from governance.decision.decide import decide
from governance.decision.edges import edges_of_community, edges_of_viewer, span_around
from governance.decision.facts import Community, Facts, Request
from governance.decision.facts import Words as CoreWords
from governance.decision.observing import is_observed
from governance.decision.provisions import Interval
from governance.decision.vocabulary import (
    FOREVER,
    NOT_SENT,
    PERSON_ACTIONS,
    AccountKey,
    Action,
    Instant,
    NotSentType,
    Reason,
)
from governance.pep.answers import Answer
from governance.pep.questions import Resource, Words
from governance.pep.replica.asking import Question, instant_of, words_of
from governance.pep.replica.meanings import Known
from governance.pep.replica.met import Met, Shape
from governance.pep.replica.state import State, Tokens
from governance.pep.wire.facts import Looking, account_name

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EVER: Final = datetime.min.replace(tzinfo=UTC)
_NO_TIMES: Final = datetime.max.replace(tzinfo=UTC)


REFUSED: Final = Answer(permit=False, reason=Reason.REFUSED.value)
"""The one answer for whatever could not be decided: it looks like any other refusal."""
_ANSWERS: Final = {
    (permit, reason, observed): Answer(permit or observed, reason.value, observed=permit if observed else None)
    for permit in (False, True)
    for reason in Reason
    for observed in (False, True)
}
"""By decision, and whether it only is observed."""


class _Kept:
    """An answer as it was given at an instant, and what it rests on besides the viewer."""

    __slots__ = ("answer", "at", "community", "during", "known", "written")

    def __init__(self, answer: Answer, at: Instant, known: Known, community: Community | None) -> None:
        self.answer = answer
        self.at = at
        self.known = known
        self.community = community
        self.during: Interval | None = None
        self.written: datetime | None = None
        """It holds for words written from then on; None where that does not matter: on a person."""


class _Memory(NamedTuple):
    """What was answered to one action: by the forum's names of author and community, and by what these stand for."""

    named: dict[str | None, dict[str | None, _Kept]]
    alike: dict[Shape, _Kept]

    def name(self, words: Words, kept: _Kept) -> None:
        """Keep what was answered about words of the same author in the same community."""
        self.named.setdefault(words.community, {})[words.author] = kept


class Viewing:
    """Everything decided for one viewer at one revision; made anew with the next one. Threads may share it.

    Two threads that miss at once decide twice; an answer is put in its place whole or not at all.
    """

    def __init__(self, state: State, tokens: Tokens, viewer: str, looking: Looking, at: Instant) -> None:
        """Lay out the facts about the viewer; authors come as they are asked about."""
        self.since, self.until = at, looking.until
        """Outside of it the viewer has to be read anew: other things pass the gate."""
        self.governed = bool(looking.viewer.governed_by)
        self._kept: dict[Hashable, _Memory] = {}
        self._viewer = viewer
        self._many = 0
        self._state = state
        self._tokens = tokens
        self._met = Met(state, tokens, tokens.account(viewer), looking.viewer)
        self._edges = edges_of_viewer(looking.viewer)
        self._singly = bool(looking.viewer.hcp.emergency_views)
        self._facts = Facts(looking.viewer, self._met.authors, looking.conduct, state.rooms, state.strictest)

    def page(self, action: Action, resources: Sequence[Resource], at: Instant) -> list[Answer]:
        """Return an answer for each resource, from memory where one was kept."""
        answers = []
        kept = self._memory(action, None)
        for resource in resources:
            words = resource.words
            if len(words) == 1 and (resource.type != "user" or words[0].author == resource.id):
                one, flagged, found = words[0], resource.flagged, None
                if flagged is None or flagged is True:
                    mine = kept if flagged is None else self._memory(action, flagged)
                    here = mine.named.get(one.community)
                    found = (None if here is None else here.get(one.author)) or self._recalled(one, mine)
                if found is not None:
                    start, end = found.during or self._settle(found, action)
                    written = found.written
                    if start <= at < end and (written is None or (one.created is not None and one.created >= written)):
                        answers.append(found.answer)
                        continue
            answers.append(self._decided(Question(self._viewer, action, resource), at))
        return answers

    def answer(self, question: Question, at: Instant) -> Answer:
        """Return the answer to one question of this viewer, from memory where one was kept."""
        if question.recipients is None and question.initiated_by_patient is None:
            # Nothing else asks who sent it.
            return self.page(question.action, (question.resource,), at)[0]
        return self._decided(question, at)

    def counted(self) -> int:
        """Return how many answers and authors were kept since this was asked last."""
        many = self._many + self._met.many
        if many:
            self._many = self._met.many = 0
        return many

    def _memory(self, action: Action, flagged: bool | None) -> _Memory:  # noqa: FBT001 - as it was sent
        asked = (action, flagged)
        # Another thread may have made one meanwhile: both go on with the same.
        return self._kept.get(asked) or self._kept.setdefault(asked, _Memory({}, {}))

    def _recalled(self, words: Words, mine: _Memory) -> _Kept | None:
        """Return what was answered about somebody of whom the very same is known, in a place that is the same."""
        try:
            shape = self._met.shape(words.author, words.community)
        except Exception:  # noqa: BLE001 - what cannot be read is refused by whoever decides
            return None
        found = None if shape is None else mine.alike.get(shape)
        if found is not None:
            mine.name(words, found)
            self._many += 1
        return found

    def _decided(self, question: Question, at: Instant) -> Answer:
        """Decide, and keep the answer if it can be given again. Whatever fails on the way refuses."""
        try:
            parts = words_of(question.resource)
            request = self._request(question, parts, at)
            decision = decide(request, self._facts)
            observed = self._state.observes and is_observed(request, self._facts, decision)
            answer = _ANSWERS[decision.permit, decision.reason, observed]
            if len(parts) == 1 and question.recipients is None:
                self._keep(question, parts[0], request, answer)
        except Exception:  # noqa: BLE001 - what cannot be read or decided refuses, and costs nothing else of the page
            return REFUSED
        return answer

    def _request(self, question: Question, parts: tuple[Words, ...], at: Instant) -> Request:
        if not parts:
            raise ValueError("no words")
        name = self._name
        sender, recipients, flagged = question.sender, question.recipients, question.resource.flagged
        wrote_first = question.initiated_by_patient
        return Request(
            self._state.platform,
            self._facts.viewer.account,
            question.action,
            tuple([self._words(words) for words in parts]),
            at,
            NOT_SENT if sender is None else name(sender),
            NOT_SENT if recipients is None else frozenset(map(name, recipients)),
            NOT_SENT if flagged is None else flagged,
            NOT_SENT if wrote_first is None else wrote_first,
        )

    def _words(self, words: Words) -> CoreWords:
        author, found = self._met.named(words.author)
        # A digest costs as much as deciding. Which thread and post it is matters only where a line speaks of one;
        # that they were sent always does.
        exactly = self._singly or found is None or found.singly
        return CoreWords(
            author,
            self._met.where(words.community).place,
            NOT_SENT if words.thread is None else self._tokens.place("thread", words.thread) if exactly else "-",
            NOT_SENT if words.post is None else self._tokens.place("post", words.post) if exactly else "-",
            NOT_SENT if words.created is None else instant_of(words.created),
            instant_of(words.edited) if isinstance(words.edited, datetime) else words.edited,
        )

    def _name(self, account: str) -> AccountKey:
        return account_name(self._tokens.account(account))

    def _keep(self, question: Question, words: Words, request: Request, answer: Answer) -> None:
        flagged = question.resource.flagged
        if (flagged is not None and flagged is not True) or question.initiated_by_patient is not None:
            return
        asked = request.words[0]
        _, found = self._met.author(words.author)
        community = None if asked.community is NOT_SENT else self._state.rooms.get(asked.community)
        if found is None or (community is not None and community.observes_from != FOREVER):
            return
        if question.action not in PERSON_ACTIONS and (
            found.singly or self._singly or not _was_one_room(community, asked.created)
        ):
            return
        mine, kept = self._memory(question.action, flagged), _Kept(answer, request.at, found, community)
        mine.name(words, kept)
        self._many += 1
        shape = self._met.shape(words.author, words.community)
        if shape is not None:
            mine.alike[shape] = kept

    def _settle(self, kept: _Kept, action: Action) -> Interval:
        """Work out for how long an answer holds, now that somebody asks again."""
        kept.written = None if action in PERSON_ACTIONS else _written_from(kept.community)
        edges = (self._edges, kept.known.edges, edges_of_community(kept.community))
        kept.during = span_around(kept.at, edges)
        return kept.during


def _was_one_room(community: Community | None, created: Instant | NotSentType) -> bool:
    """Say whether a community has had one posture and one ages since then; one of which nothing is known, for ever."""
    if community is None:
        return True
    return community.only_room is not None and created is not NOT_SENT and community.history[0].since <= created


def _written_from(community: Community | None) -> datetime | None:
    """Return from when on words are judged by a community's one setting."""
    if community is None or community.only_room is None:
        return _EVER
    try:
        # Rounded up: words of the very microsecond are decided again.
        return _EPOCH + timedelta(microseconds=community.history[0].since)
    except OverflowError:
        return _EVER if community.history[0].since < 0 else _NO_TIMES
