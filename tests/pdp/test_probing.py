"""Who asks about very many people finds a closed gate, the same whoever is asked about, and officers hear of it."""

import json
from contextlib import nullcontext
from hashlib import sha256
from uuid import UUID

import pytest
from click.testing import CliRunner

from governance.db.base import new_id
from governance.decision.vocabulary import AccountKey, Instant, Mark, PlatformId, Reason
from governance.effective.models import GovernedAccount
from governance.effective.present import in_force
from governance.effective.service import Register
from governance.ledger.decisions.service import Noted, write
from governance.optout.choices import Choices, Named
from governance.pdp.api import conduct_in_force
from governance.pdp.digests import Digests
from governance.pdp.messages import question_of
from governance.pdp.probing import watching
from governance.pdp.probing.commands import probing
from governance.pdp.probing.counting import LATE, counted, counting_handler, judge
from governance.pdp.probing.models import ProbingAlarm, ProbingHour
from governance.pdp.probing.sketch import Sketch, ones_for
from governance.pdp.probing.watching import HOUR, ProbingWatch, quota_of
from governance.pdp.service import Desk
from governance.policy.views.conduct import ProbingLimits
from tests.forum import ANSWERED, CLOSED, SEEN, Forum, an_hour_ago, asked, with_people
from tests.pdp.conftest import Caller

LIMITS = ProbingLimits(floor_authors=20, times_usual=3, floor_named=5)


@pytest.fixture
def forum(session, keyring):
    """Ana lets all read but Dan, Bea everybody; Dan is a doctor, Sam a member."""
    found = Forum(session, keyring)
    for name in ("ana", "bea"):
        found.acknowledges(name)
    found.registers("dan", "doctor")
    found.wants("ana", Choices(CLOSED, SEEN, named=frozenset({Named(found.key("dan"), CLOSED)})))
    found.chooses("bea", CLOSED, ANSWERED)
    return found


@pytest.fixture
def heard():
    return []


@pytest.fixture
def watch(heard):
    return ProbingWatch(lambda: LIMITS, lambda: heard.append("beyond"))


def ask(forum, watch, authors, viewer="dan"):
    """What a process with this watch answers, in one page."""
    desk = Desk(
        Digests(forum.keyring, forum.id), in_force(forum.session, forum.keyring, forum.id), conduct_in_force(), watch
    )
    forum.session.flush()
    return desk.answer([question_of(asked(viewer, author)) for author in authors], forum.now)


def reasons(forum, watch, authors, viewer="dan"):
    return [answer.decision.reason for answer in ask(forum, watch, authors, viewer)]


def many(number, name="member"):
    return [f"{name}-{one}" for one in range(number)]


PEOPLE = ["ana", "bea", "nobody-knows"]
AS_USUAL = [Reason.REFUSED, Reason.PERMITTED, Reason.REFUSED]


@pytest.mark.parametrize("number", [1, 20, 600, 5_000])
def test_a_sketch_counts_well_enough_and_each_once(number):
    sketch = Sketch()
    # Keys are digests; names that differ by a digit alone would fill the bits too evenly.
    for key in [sha256(name.encode()).hexdigest() for name in many(number)] * 2:
        sketch.add(key)
    assert sketch.count == pytest.approx(number, rel=0.05, abs=1)
    assert not sketch.is_above(ones_for(round(number * 1.1) + 2))


def test_up_to_the_quota_everything_is_as_it_was(forum, watch, heard):
    assert reasons(forum, watch, [*many(15), *PEOPLE])[15:] == AS_USUAL
    assert reasons(forum, watch, [*many(15), *PEOPLE])[15:] == AS_USUAL
    assert heard == []


def test_beyond_it_the_gate_is_closed_the_same_whoever_is_asked_about(forum, watch, heard):
    ask(forum, watch, many(40))
    answers = ask(forum, watch, PEOPLE)
    assert {answer.decision.reason for answer in answers} == {Reason.HCP_NOT_ELIGIBLE}
    # Not one of them was looked at: the whole verdict is the same.
    assert len({answer.decision for answer in answers}) == 1
    assert all(answer.beyond_quota for answer in answers)
    assert heard == ["beyond"]


def test_without_the_guard_the_same_questions_tell_people_apart(forum):
    assert reasons(forum, None, [*many(40), *PEOPLE])[40:] == AS_USUAL


@pytest.mark.slow
def test_it_opens_again_with_the_next_hour(forum, watch):
    ask(forum, watch, many(40))
    forum.later(hours=1)
    assert reasons(forum, watch, PEOPLE) == AS_USUAL


def test_ones_own_words_stay_ones_own_and_members_are_not_watched(forum, watch):
    ask(forum, watch, many(40))
    assert reasons(forum, watch, ["dan"]) == [Reason.NOT_GOVERNED]
    assert reasons(forum, watch, [*many(40), "bea"], viewer="sam")[-1] is Reason.NOT_GOVERNED


@pytest.mark.slow
def test_what_is_usual_on_a_forum_makes_room_in_the_next_hour(forum, watch):
    for name in ("eva", "fay", "gus"):
        forum.registers(name)
        ask(forum, watch, many(18), viewer=name)
    forum.later(hours=1)
    assert quota_of(LIMITS, 18) == 54
    assert reasons(forum, watch, [*many(40), *PEOPLE])[40:] == AS_USUAL
    assert reasons(forum, watch, [*many(60), *PEOPLE])[60:] == [Reason.HCP_NOT_ELIGIBLE] * 3


def test_nobody_widens_their_own_quota(forum, watch):
    ask(forum, watch, many(200))
    forum.later(hours=1)
    assert reasons(forum, watch, [*many(40), *PEOPLE])[40:] == [Reason.HCP_NOT_ELIGIBLE] * 3


def test_a_second_account_is_no_second_quota_and_makes_nothing_usual(forum, watch):
    register = Register(forum.session, forum.keyring, forum.now)
    dan = forum.session.get(GovernedAccount, forum.key("dan")).hcp
    said = register.said("hcp", dan, "conduct")
    register.put("hcp", dan, "conduct", {**said, "accounts": [forum.key("dan"), forum.key("dan-2")]})
    register.bind(forum.id, forum.key("dan-2"), hcp=UUID(dan))
    register.mark(forum.id, forum.key("dan-2"), Mark.REGISTERED)
    for viewer in ("dan", "dan-2"):
        ask(forum, watch, many(15, viewer), viewer)
    assert reasons(forum, watch, PEOPLE) == [Reason.HCP_NOT_ELIGIBLE] * 3
    forum.later(hours=1)
    for viewer in ("dan", "dan-2"):
        ask(forum, watch, many(15, viewer), viewer)
    assert reasons(forum, watch, PEOPLE) == [Reason.HCP_NOT_ELIGIBLE] * 3


@pytest.mark.slow
def test_its_memory_has_an_end(forum, watch, monkeypatch):
    monkeypatch.setattr(watching, "MOST", 5)
    facts = ask(forum, watch, ["bea"])[0].facts
    for number in range(20):
        watch.seen(PlatformId(f"p{number}"), facts, [AccountKey("a")], forum.now)
    assert len(watch._window.counted) == 5


def logs(forum, answers):
    """What a process's log remembers of answers."""
    noted = [Noted(new_id(), forum.id, 1, one.request, one.facts, *[one.decision, *one[3:]]) for one in answers]
    write(forum.session, forum.keyring, noted)


def counts(forum):
    """What the worker does when the hour is over; return the alarms."""
    hour = Instant(forum.now // HOUR * HOUR)
    judge(forum.session, hour, counted(forum.session, forum.keyring, hour), LIMITS)
    forum.session.flush()
    return [(one.kind, one.account, one.counted) for one in ProbingAlarm.open(forum.session)]


def test_each_process_counts_its_own_and_the_worker_counts_them_all(forum, heard):
    for part in range(4):
        own = ProbingWatch(lambda: LIMITS, lambda: heard.append("beyond"))
        logs(forum, ask(forum, own, many(15, f"part-{part}")))
    assert heard == []
    ((kind, account, number),) = counts(forum)
    assert (kind, account) == ("authors", forum.key("dan"))
    assert number == pytest.approx(60, abs=2)


@pytest.mark.slow
def test_who_asks_as_others_do_raises_no_alarm(forum):
    logs(forum, ask(forum, None, many(19)))
    assert counts(forum) == []


def test_a_forum_that_asks_about_many_named_pairs_raises_one(forum):
    names = many(8, "patient")
    for name in names:
        forum.wants(name, Choices(CLOSED, CLOSED, named=frozenset({Named(forum.key("dan"), CLOSED)})))
    logs(forum, ask(forum, None, names[:5]))
    assert counts(forum) == []
    logs(forum, ask(forum, None, names))
    assert [kind for kind, *_ in counts(forum)] == ["named"]


@pytest.mark.slow
def test_the_worker_counts_each_whole_hour_once(forum):
    logs(forum, ask(forum, None, many(40)))
    end = Instant(forum.now // HOUR * HOUR + HOUR + LATE)

    class Reading:
        def __enter__(self):
            return forum.session

        def __exit__(self, *_):
            return None

    def run(at):
        counting_handler(Reading, forum.keyring, lambda: at, lambda: LIMITS)(None)(forum.session)
        forum.session.flush()
        return len(ProbingAlarm.open(forum.session))

    assert run(Instant(end - 1)) == 0
    assert [run(end), run(end), run(Instant(end + HOUR))] == [1, 1, 1]
    assert forum.session.query(ProbingHour).count() == 1


def test_a_clock_that_was_ahead_silences_no_alarm(forum):
    logs(forum, ask(forum, None, many(40)))
    hour = forum.now // HOUR * HOUR
    forum.session.add(ProbingHour(platform_id=forum.id, hour=hour + 72 * HOUR, viewers=0, usual=0, named=0))
    forum.session.flush()
    handler = counting_handler(
        lambda: nullcontext(forum.session), forum.keyring, lambda: Instant(hour + HOUR + LATE), lambda: LIMITS
    )
    handler(None)(forum.session)
    assert len(ProbingAlarm.open(forum.session)) == 1


@pytest.mark.slow
def test_staff_see_the_alarm_by_the_accounts_own_name_and_close_it(app, session, keyring):
    forum = Forum(session, keyring)
    forum.registers("dan", "doctor")
    session.add(
        ProbingAlarm(platform_id=forum.id, hour=0, kind="authors", account=forum.key("dan"), counted=5_000, usual=12)
    )
    session.commit()

    def run(*words):
        with app.app_context():
            return CliRunner().invoke(probing, words).output

    (alarm,) = json.loads(run("list", "--json"))["alarms"]
    assert (alarm["account"], alarm["platform"], alarm["counted"], alarm["usual"]) == ("dan", "forum", 5_000, 12)
    assert "dan" in run("list")
    assert run("close", alarm["id"]) == "closed\n"
    assert run("list") == "no alarm is open\n"


def test_the_bytes_beyond_the_quota_are_the_same_for_everybody(app, session, keyring):
    """Over HTTP, and by their length: as before for who is not eligible, whatever was chosen."""
    forum = with_people(Forum(session, keyring, at=an_hour_ago()))
    caller = Caller(app, forum.credentials)
    app.extensions["governance.probing"] = ProbingWatch(lambda: LIMITS)

    def sent(author):
        answer = caller.send("/access/v1/evaluation", asked("nurse", author))
        return answer.status_code, len(answer.data), {**answer.json["context"], "id": ""}, {*answer.headers.keys()}

    assert sent("ana") != sent("nobody-knows")
    caller.send("/access/v1/evaluations", {"evaluations": [asked("nurse", author) for author in many(40)]})
    assert sent("ana") == sent("nobody-knows")
    assert "governance_probing_quotas_reached_total" in caller.client.get("/metrics", headers=caller.headers).text
