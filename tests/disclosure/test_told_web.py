"""What somebody was told, at its pages: old words, notices, what comes back; the story S7 is among the stories."""

import hashlib
from http import HTTPStatus

import pytest

from governance.crypto.keys import Keyring
from governance.db.extension import reading, transaction
from governance.disclosure import web
from governance.disclosure.models import Acknowledgement, Reader
from governance.disclosure.rollout import carry_on, publish_disclosure
from governance.policy.current import policies
from governance.ui import clock
from governance.ui.house import house as house_here
from tests.conftest import session_of
from tests.contract.house import House
from tests.disclosure.editions import NEW, editions
from tests.forum import Forum, an_hour_ago, asked
from tests.optout.wishes import prove
from tests.ui.visits import Visitor

ACTIONS = ("view", "reply", "research")
PAUSED = "Some of what you said yes to is paused."


def publishes(app, name):
    with app.app_context():
        with transaction() as session:
            publish_disclosure(session, house_here().keyring, editions()[name], clock.now())
        left = 0
        while left is not None:
            with transaction() as session:
                left = carry_on(session, house_here().keyring, clock.now())


@pytest.fixture
def house(app, settings):
    """A forum with a doctor, on the first version."""
    with session_of(app) as session:
        people = Forum(session, Keyring(settings.keys), at=an_hour_ago())
        people.registers("doctor", "doctor")
        session.commit()
        yield House(app, people, people)


def may(house, account):
    """What the doctor may do, as the forum is told."""
    client, headers = house.app.test_client(), house.token(house.people)
    answers = {
        action: client.post("/access/v1/evaluation", json=asked("doctor", account, action), headers=headers)
        for action in ACTIONS
    }
    return {action for action, answer in answers.items() if answer.json["decision"]}


def reads(visitor, language="en"):
    visitor.get(f"/disclosure/must-knows?language={language}").get("/disclosure/acknowledge")
    return visitor.press(visitor.h1)


def says_yes(house, account, language="en"):
    """Somebody who read it in a language, and lets all professionals read, answer, and use their posts in studies."""
    visitor = Visitor(house.browser(account))
    reads(visitor, language)
    for part, value in (("care-team", "closed"), ("others", "answered")):
        visitor.answers(f"/choices/{part}", level=value)
    visitor.answers("/choices/team", members=[])
    visitor.get("/choices/more/others").press("Go on", actions=["research"])
    visitor.press("Save my choices")
    assert visitor.path == "/my/choices/saved"
    return visitor


def test_old_words_stay_readable_by_their_hash_for_anybody(house):
    publishes(house.app, "first")
    publishes(house.app, "second")
    stranger = Visitor(house.app.test_client())
    for name in ("first", "second"):
        text = editions()[name].text("en")
        stranger.get(f"/disclosure/texts/{text.sha256}")
        assert (NEW in stranger.text) is (name == "second")
        assert " ".join(text.sections["must_know.cost_of_no.body"].split()[:5]) in stranger.text
    assert stranger.get("/disclosure/texts/0").status == HTTPStatus.NOT_FOUND


def test_a_receipt_and_the_list_of_what_was_told_lead_to_the_words(house):
    publishes(house.app, "first")
    ana = says_yes(house, "ana")
    publishes(house.app, "second")
    ana.get("/my/receipts").follow("Receipt 1").follow("Read the words that I was told")
    assert ana.path.endswith(editions()["first"].text("en").sha256)
    assert NEW not in ana.text
    prove(house.app, ana)
    ana.get("/my/history").follow("What I was told").follow("Read these words")
    assert ana.path.endswith(editions()["first"].text("en").sha256)


def test_words_with_better_wording_are_a_notice_that_can_be_put_away(house):
    for name in ("first", "second", "second, in Welsh"):
        publishes(house.app, name)
    ana = says_yes(house, "ana")
    publishes(house.app, "typo")
    assert "We changed the words" not in ana.get("/my/choices").text
    publishes(house.app, "clearer")
    assert may(house, "ana") == set(ACTIONS)
    assert "We changed the words" in ana.get("/my/choices").text
    ana.press("Do not show this again")
    assert ana.path == "/my/choices"
    assert "We changed the words" not in ana.text


def test_before_the_grace_is_over_the_page_says_from_when(house):
    publishes(house.app, "first")
    ana = says_yes(house, "ana")
    publishes(house.app, "gentle")
    assert may(house, "ana") == set(ACTIONS)
    assert "will pause on" in ana.get("/my/choices").text
    ana.get("/disclosure/must-knows").get("/disclosure/acknowledge")
    assert "What goes on counting" in ana.text
    assert "Use my posts in studies" in ana.text
    ana.press("I have been told")
    assert "will pause on" not in ana.get("/my/choices").text


def test_what_comes_back_must_be_what_was_shown(house):
    publishes(house.app, "first")
    ana = says_yes(house, "ana")
    publishes(house.app, "second")
    ana.get("/disclosure/must-knows").get("/disclosure/acknowledge")
    ana.press("I have been told", back="")
    assert ana.status == HTTPStatus.CONFLICT
    assert may(house, "ana") == {"view", "reply"}


def test_the_control_without_the_comparison_it_would_come_back_unseen(house, monkeypatch):
    publishes(house.app, "first")
    ana = says_yes(house, "ana")
    publishes(house.app, "second")
    ana.get("/disclosure/must-knows").get("/disclosure/acknowledge")
    monkeypatch.setattr(web, "digest_of", lambda _: "")
    ana.press("I have been told", back="")
    assert may(house, "ana") == set(ACTIONS)


@pytest.mark.slow
def test_a_year_later_a_notice_reminds_and_is_put_away(house):
    publishes(house.app, "first")
    ana = says_yes(house, "ana")
    assert "a year ago" not in ana.get("/my/choices").text
    with house.app.app_context(), transaction() as session:
        for row in (*session.query(Acknowledgement), *session.query(Reader)):
            for name in ("at", "seen"):
                if hasattr(row, name):
                    setattr(row, name, clock.now() - 366 * 24 * 3600 * 1_000_000)
    assert "a year ago" in ana.get("/my/choices").text
    assert "a year ago" not in ana.press("Do not show this again").text


def test_of_the_check_only_the_result_and_the_number_of_tries_is_kept(house):
    publishes(house.app, "first")
    ana = Visitor(house.browser("ana"))
    ana.get("/disclosure/must-knows").follow("Go on")
    questions = web.open_reading(_history(house.app), "en", web.Variant.STANDARD, clock.now()).questions
    for question in questions:
        wrong = next(option for option in question.options if option != question.right)
        ana.press("See if that is right", answer=wrong).follow("Try again")
        ana.press("See if that is right", answer=question.right).follow("Go on")
    ana.press("I have been told")
    with house.app.app_context(), reading() as session:
        kept = session.query(Acknowledgement).one()
    assert (kept.understood, kept.tries) == (True, 2 * len(questions))


def _history(app):
    with app.app_context(), reading() as session:
        return web.history_of(session, "disclosure")


def test_the_records_are_public_with_their_words_and_a_hash_that_holds(house):
    client = house.app.test_client()
    before = client.get("/v1/policies")
    assert {one["record"] for one in before.json["records"]} >= {"disclosure", "optout", "ages", "conduct", "reporting"}
    publishes(house.app, "first")
    publishes(house.app, "second")
    listed = [one for one in client.get("/v1/policies").json["records"] if one["record"] == "disclosure"]
    assert [one["version"] for one in listed] == ["1.0.0", "2.0.0"]
    assert "text" not in listed[0]["texts"][0]
    answer = client.get("/v1/policies/disclosure/1.0.0")
    for text in answer.json["texts"]:
        assert hashlib.sha256(text["text"].encode()).hexdigest() == text["sha256"]
    assert {text["language"] for text in answer.json["texts"]} >= {"en", "cy"}
    again = client.get("/v1/policies/disclosure/1.0.0", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (HTTPStatus.NOT_MODIFIED, b"")
    assert client.get("/v1/policies/disclosure/9.0.0").status_code == HTTPStatus.NOT_FOUND
    ages = policies().records["ages"].version
    assert client.get(f"/v1/policies/ages/{ages}").json["procedure"] == "optout"


def test_signing_in_is_what_renews_two_years(house):
    house.people.acknowledges("ana")
    house.people.session.commit()
    with house.app.app_context(), transaction() as session:
        session.query(Reader).one().seen -= 3 * 24 * 3600 * 1_000_000
    before = _seen(house.app)
    link = house.app.test_client().post("/v1/link-tokens", json={"account": "ana"}, headers=house.token(house.people))
    arriving = Visitor(house.app.test_client()).get(link.json["link"].removeprefix("http://127.0.0.1:8080"))
    arriving.press("ana")
    assert arriving.path == "/disclosure/must-knows"
    assert _seen(house.app) > before


def _seen(app):
    with app.app_context(), reading() as session:
        return session.query(Reader).one().seen
