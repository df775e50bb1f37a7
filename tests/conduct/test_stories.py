"""S4, S5 and S13 from end to end: a forum's program, the pages of people, the commands of staff, the worker."""

import json

import pytest
from click.testing import CliRunner

from governance.conduct.capacities import PeerPosts, Scope, choose_capacity, is_patient_there, switch_capacity
from governance.conduct.errors import NotMatchedError, PeerPostsError
from governance.conduct.sanctions.commands import sanction
from governance.conduct.standing import say
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Ages, Capacity, Instant, Posture, Status
from governance.identity.sessions import service as sessions
from governance.ledger.outbox.wiring import tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.optout.choices import Choices, Named
from governance.pdp.log import decisions_of
from governance.pdp.probing.commands import probing
from governance.pdp.probing.counting import counted, judge
from governance.pdp.probing.watching import HOUR
from governance.policy.current import policies
from governance.ui.clock import now
from tests.conduct.officers import officer
from tests.conduct.people import PIN, accepts, checks, in_good_standing, marks, says
from tests.forum import ANSWERED, CLOSED, IN_TOUCH, SEEN, Forum, asked
from tests.pdp.conftest import Caller
from tests.ui.visits import Visitor


@pytest.fixture
def forum(session, keyring):
    """A forum whose clock is the real one, as tokens and pages need it."""
    found = Forum(session, keyring, at=Instant(now() - 60 * 1_000_000))
    found.opens("c")
    return found


@pytest.fixture
def caller(app, forum):
    forum.session.commit()
    return Caller(app, forum.credentials)


def at_pages(app, forum, name):
    """A person signed in at our pages."""
    cookie = sessions.start_signed_in(forum.session, forum.keyring, forum.account(name), forum.now, now=now())
    forum.session.commit()
    client = app.test_client()
    client.set_cookie("governance", cookie)
    return Visitor(client)


def badge(caller, account):
    return caller.send("/v1/hcps/badges", {"accounts": [account]}).json["badges"][0]["badge"]


def message(viewer, author, **properties):
    said = dict.fromkeys(("thread", "created", "edited"), "not sent")
    return asked(viewer, author, "message", **{**said, "wrote_first": True, **properties})


def run(app, group, *words):
    with app.app_context():
        result = CliRunner().invoke(group, words)
    assert result.exit_code == 0, result.output
    return result.output


def here_as(forum, hcp, capacity, community=None):
    """A capacity whose day has come."""
    scope = Scope(str(forum.id), community)
    choose_capacity(forum.session, forum.keyring, hcp, scope, capacity, now=forum.now, begins=forum.now)
    forum.session.commit()


def test_s4_a_registration_lapses_and_comes_back_by_a_new_check_alone(app, forum, caller):
    for name in ("ana", "ben"):
        forum.acknowledges(name)
        forum.chooses(name, CLOSED, IN_TOUCH)
    nia = in_good_standing(forum, "nia")
    forum.session.commit()
    assert caller.decides(message("nia", "ana")) == (True, "permitted")
    assert badge(caller, "nia")["text"].startswith("On the NMC register, checked ")
    decisions_of(app).flush()

    marks(forum, nia, Status.LAPSED)
    forum.session.commit()
    for author in ("ana", "ben", "nobody-knows"):
        for action in ("view", "reply"):
            assert caller.decides(asked("nia", author, action)) == (False, "hcp_not_eligible")
    assert caller.decides(message("nia", "ana")) == (False, "hcp_not_eligible")
    assert badge(caller, "nia") is None
    letter = asked("nia", "ana", sender="ana", recipients=["nia"])
    assert caller.decides(letter) == (True, "not_governed")

    Worker(tools_of(app), Hands()).step()
    assert (
        "Private messages with a health professional on your forum are paused"
        in at_pages(app, forum, "ana").get("/my").text
    )
    assert "paused" not in at_pages(app, forum, "ben").get("/my").text
    page = at_pages(app, forum, "nia").get("/professional").text
    assert "You cannot take part as a professional now" in page

    with pytest.raises(NotMatchedError):
        marks(forum, nia, Status.GOOD)
    forum.now = now()
    says(forum, "nia", number=PIN)
    accepts(forum, nia)
    forum.session.commit()
    assert caller.decides(asked("nia", "ana")) == (False, "hcp_not_eligible")
    here_as(forum, nia, Capacity.PEER)
    assert caller.decides(asked("nia", "nobody-knows")) == (True, "permitted")
    forum.now = now()
    here_as(forum, nia, Capacity.PROFESSIONAL)
    checks(forum, nia)
    forum.session.commit()
    assert caller.decides(asked("nia", "ana")) == (True, "permitted")
    assert badge(caller, "nia")


def test_s5_a_doctor_who_is_a_patient_is_not_shown_and_does_not_peek(app, forum, caller):
    forum.opens("peers", Posture.PEER_ONLY, Ages.MIXED)
    for name in ("ana", "cal", "eve"):
        forum.acknowledges(name)
    forum.wants("ana", Choices(CLOSED, CLOSED))
    forum.wants("cal", Choices(CLOSED, CLOSED, peers=True), proved=True, of_age=True)
    forum.wants("eve", Choices(CLOSED, ANSWERED, named=frozenset({Named(forum.key("dan"), CLOSED)})))
    forum.patient("kid", adult=False)
    dan = in_good_standing(forum, "dan")
    forum.session.commit()
    assert badge(caller, "dan")
    assert caller.decides(asked("dan", "sam", community="peers")) == (False, "refused")

    here_as(forum, dan, Capacity.PEER)
    assert badge(caller, "dan") is None
    standing = caller.send("/v1/hcps/query", {"accounts": ["dan"]}).json["hcps"][0]
    assert (standing["badge"], standing["profession"], standing["assurance"]) == (None, None, None)
    assert caller.decides(asked("dan", "sam", community="peers")) == (True, "permitted")
    for action in ("view", "reply"):
        assert caller.decides(asked("dan", "cal", action)) == (True, "permitted")
        assert caller.decides(asked("dan", "ana", action)) == (False, "refused")
        assert caller.decides(asked("dan", "eve", action)) == (False, "refused")
    for action in ("look_up", "quote", "record", "use_in_care", "research", "moderate"):
        assert caller.decides(asked("dan", "cal", action))[0] is False
    for action in ("find", "connect", "mention", "message"):
        said = message("dan", "kid", community="peers")
        said["action"]["name"] = action
        assert caller.decides(said) == (False, "refused")
    page = at_pages(app, forum, "dan").get("/professional").text
    assert "On this forum: as a patient" in page
    shown = at_pages(app, forum, "dan").get("/professional/badge").text
    assert "You wear none on this forum now" in shown


def test_s5_the_hat_of_a_patient_does_not_come_off_ones_own_clinic(forum, caller):
    """Eve named her clinic as her own team and closed it; Dan works there, and nobody has to have checked that."""
    forum.acknowledges("eve")
    forum.chooses("eve", CLOSED, ANSWERED, team=["dan"])
    dan = in_good_standing(forum, "dan")
    claim = {"who": WhoKind.ORGANISATION, "name": "hillview", "verified": [0, 2**60]}
    say(forum.session, forum.keyring, dan, forum.now, claims=[claim])
    here_as(forum, dan, Capacity.PEER)
    assert caller.decides(asked("dan", "eve")) == (False, "refused")
    assert caller.decides(asked("dan", "sam")) == (True, "permitted")


def test_s5_who_wrote_as_a_patient_is_no_professional_there_before_they_said_what_becomes_of_it(app, forum, caller):
    forum.opens("peers", Posture.PEER_ONLY, Ages.MIXED)
    dan = in_good_standing(forum, "dan")
    here_as(forum, dan, Capacity.PEER)
    page = at_pages(app, forum, "dan").get("/professional/capacity")
    page.press("Choose this", capacity="professional", community="")
    assert page.h1 == "What you wrote here as a patient"
    assert "it may stand beside all that this account wrote" in page.text
    assert page.page.select("input[name=posts][checked]") == []
    page.press("Be here as a professional")
    assert (page.status, "Pick what becomes of it" in page.text) == (422, True)
    # Until they said so they are here as a patient, and nothing else.
    assert caller.decides(asked("dan", "sam", community="peers")) == (True, "permitted")
    assert badge(caller, "dan") is None
    page.press("Be here as a professional", posts="told")
    assert "We have written it down" in page.text
    assert caller.decides(asked("dan", "sam", community="peers")) == (False, "refused")
    forum.session.expire_all()
    assert badge(caller, "dan")


def test_s5_it_is_asked_in_a_group_too_and_never_of_who_was_no_patient_there(app, forum, caller):
    forum.opens("peers", Posture.PEER_ONLY, Ages.MIXED)
    dan = in_good_standing(forum, "dan")
    forum.session.commit()
    page = at_pages(app, forum, "dan").get("/professional/capacity")
    page.press("Choose this", capacity="professional", community="")
    assert "We have written it down" in page.text
    here_as(forum, dan, Capacity.PEER)
    page.get("/professional/capacity").press("Choose this", capacity="professional", community="peers")
    assert "In peers you are here as a patient" in page.text
    page.press("Be here as a professional", posts="gone")
    assert page.path == "/professional/capacity"
    page.get("/professional/capacity/posts")
    assert page.path == "/professional/capacity"
    assert caller.decides(asked("dan", "sam", community="c")) == (True, "permitted")


def test_s5_what_was_said_of_peer_posts_cannot_be_left_out_or_made_up(forum):
    dan = in_good_standing(forum, "dan")
    here_as(forum, dan, Capacity.PEER)
    scope = Scope(str(forum.id))
    given = (forum.session, forum.keyring, dan, scope, Capacity.PROFESSIONAL)
    with pytest.raises(PeerPostsError):
        switch_capacity(*given, now=forum.now, begins=forum.now)
    switch_capacity(*given, now=forum.now, begins=forum.now, posts=PeerPosts.GONE)
    assert not is_patient_there(forum.session, forum.keyring, dan, scope, forum.now)


def test_s13_two_thousand_questions_tell_nothing_and_wake_somebody(app, forum, caller):
    forum.acknowledges("byname")
    forum.chooses("byname", CLOSED, SEEN)
    forum.wants("byname", forum.choices("byname")._replace(named=frozenset({Named(forum.key("dan"), CLOSED)})))
    forum.acknowledges("byall")
    forum.acknowledges("open")
    forum.chooses("open", CLOSED, SEEN)
    dan, olu = in_good_standing(forum, "dan"), officer(forum)
    forum.session.commit()

    def told(author):
        answer = caller.send("/access/v1/evaluation", asked("dan", author))
        context = {
            **answer.json["context"],
            "id": "",
        }
        return answer.json["decision"], context, len(answer.data), sorted(answer.headers.keys())

    assert told("byname") == told("byall") == told("nobody-knows") != told("open")
    for page in range(4):
        batch = [asked("dan", f"member-{page}-{number}") for number in range(500)]
        caller.send("/access/v1/evaluations", {"evaluations": batch})
    assert told("byname") == told("byall") == told("nobody-knows") == told("open")
    assert told("open")[1]["reason"] == "hcp_not_eligible"

    decisions_of(app).flush()
    for hour in (now() // HOUR - 1, now() // HOUR):
        start = Instant(hour * HOUR)
        judge(forum.session, start, counted(forum.session, forum.keyring, start), policies().conduct.probing)
    forum.session.commit()
    alarms = json.loads(run(app, probing, "list", "--json"))["alarms"]
    assert {(alarm["kind"], alarm["account"]) for alarm in alarms} == {("authors", "dan")}
    assert max(alarm["counted"] for alarm in alarms) > 1_500

    said = ("--facts", "asked about 2,000 people", "--reason", "rule C21", "--rule", "C21", "--by", str(olu))
    run(app, sanction, "suspend", "--platform", "forum", "--account", "dan", *said, "--days", "7")
    assert (
        "Do not try to find out who said no"
        in at_pages(app, forum, "dan").get("/professional/measures").follow("shut you out").text
    )
    assert dan
