"""A replica's evaluator with a state put into it, and the questions of tables as a forum's kit asks them."""

from datetime import UTC, datetime, timedelta

from governance.decision.facts import Request
from governance.decision.facts import Words as CoreWords
from governance.decision.vocabulary import NOT_SENT, Instant
from governance.pep.questions import Resource, Words
from governance.pep.replica.asking import Question
from governance.pep.replica.clocks import Clocks
from governance.pep.replica.replica import Replica
from governance.pep.replica.setup import SetUp
from governance.pep.replica.state import State
from governance.pep.wire.bundle import open_bundle
from tests.pep.replica.tables import KEYS, TRUSTED, Forum

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Hands:
    """The clocks of a machine, set by hand; the wall clock may be set back or forward beside the steady one."""

    def __init__(self):
        self.steady, self.step = 1_000.0, 0.0

    @property
    def clocks(self):
        return Clocks(lambda: self.steady, lambda: 1.7e9 + self.steady + self.step)


class Deciding:
    """An evaluator that knows one forum, at a time that is set by hand."""

    def __init__(self, forum: Forum) -> None:
        self.hands = Hands()
        setup = SetUp("http://127.0.0.1:9", "forum", "s3cret", forum.platform, KEYS, TRUSTED)
        self.replica = Replica(setup, clocks=self.hands.clocks)
        self.evaluator, self.exposures = self.replica.evaluator, self.replica.exposures
        self.lease = self.evaluator.lease
        self.knows(forum)

    def knows(self, forum: Forum) -> None:
        self.evaluator.publish(State.of(open_bundle(forum.bundle(), TRUSTED)))
        self.lease.renew(self.hands.clocks.now())

    def at(self, instant: Instant) -> "Deciding":
        self.evaluator.time.set(instant)
        return self

    def reason(self, request: Request) -> str:
        return self.evaluator.answers([question_of(request)])[0].reason


def question_of(request: Request) -> Question:
    """Return the core's request as a kit would have asked it."""
    sender, recipients = request.sender, request.recipients
    flagged, first = request.flagged, request.initiated_by_patient
    return Question(
        viewer=request.viewer,
        action=request.action,
        resource=Resource("thing", "1", tuple(map(words_of, request.words)), None if flagged is NOT_SENT else flagged),
        sender=None if sender is NOT_SENT else sender,
        recipients=None if recipients is NOT_SENT else tuple(sorted(recipients)),
        initiated_by_patient=None if first is NOT_SENT else first,
    )


def words_of(words: CoreWords) -> Words:
    return Words(
        words.author,
        *(None if place is NOT_SENT else place for place in (words.community, words.thread, words.post)),
        created=None if words.created is NOT_SENT else moment(words.created),
        edited=words.edited if words.edited is None or words.edited is NOT_SENT else moment(words.edited),
    )


def moment(instant: int) -> datetime:
    return EPOCH + timedelta(microseconds=instant)
