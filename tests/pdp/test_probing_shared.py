"""Several processes have one quota: what each counted is put together beside the requests, and tells nobody."""

import multiprocessing
from contextlib import contextmanager
from time import sleep

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from governance.app import create_app
from governance.decision.vocabulary import Instant, Reason
from governance.pdp.log import decisions_of
from governance.pdp.probing.models import ProbingShare
from governance.pdp.probing.sharing import share
from governance.pdp.probing.sketch import Sketch
from governance.pdp.probing.watching import HOUR, ProbingWatch
from governance.policy.views.conduct import ProbingLimits
from governance.ui.clock import now
from tests.forum import Forum, an_hour_ago, asked, with_people
from tests.pdp.conftest import Caller
from tests.pdp.test_probing import AS_USUAL, LIMITS, PEOPLE, ask, forum, many, reasons

__all__ = ["forum"]

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def told():
    return []


@pytest.fixture
def watches(told):
    return [ProbingWatch(lambda: LIMITS, lambda: told.append("beyond")) for _ in range(4)]


def shares(forum, *watches):
    """Each process writes its log, one after the other."""

    @contextmanager
    def same():
        yield forum.session

    for watch in watches:
        share(same, forum.keyring, watch)
        forum.session.flush()
        forum.session.expire_all()


def rows(forum):
    return forum.session.query(ProbingShare).order_by(ProbingShare.name).all()


def test_what_four_processes_counted_is_one_quota(forum, watches, told):
    # Two of them together are three beyond the quota: where two keys fall on one bit they still are.
    for number, watch in enumerate(watches):
        ask(forum, watch, many(10, f"part-{number}"))
        assert reasons(forum, watch, PEOPLE) == AS_USUAL
    shares(forum, *watches)
    # The next question brings each of them up to date; a process that was not asked again knows less and needs no more.
    for watch in watches:
        ask(forum, watch, many(1, "one-more"))
    shares(forum, *watches)
    for watch in watches:
        answers = ask(forum, watch, PEOPLE)
        assert {answer.decision.reason for answer in answers} == {Reason.HCP_NOT_ELIGIBLE}
        assert len({answer.decision for answer in answers}) == 1
    assert told == ["beyond"]


def test_without_sharing_each_of_them_lets_through_as_much(forum, watches, told):
    for number, watch in enumerate(watches):
        ask(forum, watch, many(9, f"part-{number}"))
        assert reasons(forum, watch, PEOPLE) == AS_USUAL
    assert told == []


def test_who_reads_the_same_pages_by_every_process_is_counted_once(forum, watches, told):
    for _ in range(3):
        for watch in watches:
            ask(forum, watch, many(15))
        shares(forum, *watches)
    assert [reasons(forum, watch, PEOPLE) for watch in watches] == [AS_USUAL] * 4
    assert told == []


def test_who_reads_as_most_do_is_never_written_down(forum):
    watch = ProbingWatch(lambda: ProbingLimits(floor_authors=160, times_usual=3, floor_named=5))
    ask(forum, watch, many(9))
    shares(forum, watch)
    assert rows(forum) == []
    ask(forum, watch, many(12))
    shares(forum, watch)
    assert len(rows(forum)) == 1


def test_nothing_is_written_where_nothing_new_was_asked(forum, watches):
    ask(forum, watches[0], many(5))
    shares(forum, watches[0])
    before = [row.sealed_bits for row in rows(forum)]
    ask(forum, watches[0], many(5))
    shares(forum, watches[0])
    assert [row.sealed_bits for row in rows(forum)] == before


def test_a_dump_tells_neither_who_asked_nor_about_whom(forum, watches):
    ask(forum, watches[0], many(15))
    shares(forum, watches[0])
    (row,) = rows(forum)
    assert forum.key("dan") not in row.name
    sketch = Sketch()
    sketch.add_all([forum.key(name) for name in many(15)])
    assert sketch.bits not in row.sealed_bits
    # One size, however many it was.
    size = len(row.sealed_bits)
    ask(forum, watches[0], many(18, "other"))
    shares(forum, watches[0])
    assert len(rows(forum)[0].sealed_bits) == size


def test_it_is_gone_after_two_hours_and_the_next_hour_begins_at_nothing(forum, watches):
    ask(forum, watches[0], many(40))
    shares(forum, watches[0])
    first = rows(forum)[0].hour
    forum.later(hours=1)
    assert reasons(forum, watches[1], PEOPLE) == AS_USUAL
    shares(forum, watches[1])
    assert {row.hour for row in rows(forum)} == {first, first + 1}
    forum.later(hours=1)
    ask(forum, watches[1], PEOPLE)
    shares(forum, watches[1])
    assert {row.hour for row in rows(forum)} == {first + 1, first + 2}


def test_a_row_that_another_hand_changed_wakes_somebody_and_takes_no_count_away(forum, watches):
    ask(forum, watches[0], many(40))
    shares(forum, watches[0])
    rows(forum)[0].sealed_bits = b"\x02nonsense"
    ask(forum, watches[0], many(1, "one-more"))
    with capture_logs() as logs:
        shares(forum, watches[0])
    assert [line["kind"] for line in logs if line["event"] == "broken_row"] == ["probing_share"]
    assert {one.decision.reason for one in ask(forum, watches[0], PEOPLE)} == {Reason.HCP_NOT_ELIGIBLE}


def test_what_could_not_be_shared_is_shared_next_time(forum, watches):
    @contextmanager
    def away():
        raise OperationalError("", {}, Exception())
        yield

    ask(forum, watches[0], many(15))
    share(away, forum.keyring, watches[0])
    assert rows(forum) == []
    shares(forum, watches[0])
    assert len(rows(forum)) == 1


def _asks_in_a_process(settings, credentials, name, going, out):
    """Ask about some people, wait for the other process, ask once more: a real process with an app of its own."""
    app = create_app(settings)
    app.extensions["governance.probing"] = ProbingWatch(lambda: LIMITS)
    caller = Caller(app, credentials)
    caller.send("/access/v1/evaluations", {"evaluations": [asked("nurse", author) for author in many(14, name)]})
    before = caller.decides(asked("nurse", "ana"))
    decisions_of(app).flush()
    going.wait(60)
    caller.send("/access/v1/evaluation", asked("nurse", f"{name}-once-more"))
    decisions_of(app).flush()
    told = []
    for author in ("ana", "nobody-knows"):
        answer = caller.send("/access/v1/evaluation", asked("nurse", author))
        told.append(
            (answer.json["decision"], answer.json["context"]["reason"], len(answer.data), sorted(answer.headers.keys()))
        )
    out.put((before, told))


@pytest.mark.slow
@pytest.mark.timeout(500)
def test_two_processes_close_the_gate_together(settings, session, keyring):
    # The count ends with the hour: one that is about to end is waited for.
    while now() % HOUR > HOUR - 60_000_000:
        sleep(1)
    people = with_people(Forum(session, keyring, at=Instant(an_hour_ago())))
    spawning = multiprocessing.get_context("spawn")
    going, out = spawning.Barrier(2), spawning.Queue()
    given = (settings, people.credentials)
    both = [spawning.Process(target=_asks_in_a_process, args=(*given, name, going, out)) for name in ("one", "two")]
    for process in both:
        process.start()
    found = [out.get(timeout=120) for _ in both]
    for process in both:
        process.join(60)
    for before, (refused, unknown) in found:
        assert before == (True, "permitted")
        assert refused[:2] == (False, "hcp_not_eligible")
        assert refused == unknown
