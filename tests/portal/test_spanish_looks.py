"""See as, putting right, receipts and what waits in Spanish; and that no page keeps the language of an earlier one."""

import pytest
from bs4 import BeautifulSoup

from governance.decision.vocabulary import Action, Instant
from governance.portal.nuances import Nuances
from governance.portal.reasons import Why
from governance.portal.seeing import Seen
from governance.ui.clock import now, on_the_wall
from tests.optout.wishes import prove
from tests.portal.test_see_as_pages import chosen, forum, nurse
from tests.ui import catalogue
from tests.ui.visits import Visitor, acknowledge, choose, sign_in
from tests.ui.words_left import english_in

__all__ = ["chosen", "forum", "nurse"]
SAID = {one.id: one.string for one in catalogue.written("es")}
"""What a button is called."""
SPANISH = {"Accept-Language": "es"}


def speaks(app, account="ana", language="es"):
    client = app.test_client()
    client.set_cookie("governance", sign_in(app, account))
    client.set_cookie("governance_language", language)
    return Visitor(client)


def english(visitor, path=""):
    """What of a page is English, but for its frame."""
    page = visitor.get(path).page if path else visitor.page
    assert page.html["lang"] == "es", visitor.status
    return english_in(page.main)


@pytest.fixture
def ana(forum, chosen):  # noqa: ARG001 - it chooses
    """Ana of the other file, in Spanish."""
    return speaks(forum)


def test_looking_is_spanish_through_all_eyes_now_and_then(ana, nurse):
    today = on_the_wall(now()).date().isoformat()
    looks = (
        (nurse, "one", ""),
        ("team", "informed", today),
        ("other", "hcp_present", ""),
        ("profession:nurse", "peer_only", today),
        ("member", "one", today),
        ("signed_out", "informed", ""),
    )
    found = english(ana, "/my/see-as")
    for whom, group, day in looks:
        given = {"community": "open-talk", "day": day, "time": "23:59"}
        found += english(ana.press(SAID["Who looks?"], whom=whom, group=group, **given))
        assert ana.status == 200
    assert found == []


def test_what_cannot_be_shown_is_said_in_spanish(ana, nurse):
    found = english(ana.get("/my/see-as").press(SAID["Who looks?"], group="one", community="x", day="soon"))
    assert ana.status == 400
    found += english(ana.press(SAID["Who looks?"], whom=nurse, day="2020-05-03", time="12:00"))
    assert "3 de mayo de 2020, 12:00 (" in ana.text
    assert found == []


@pytest.mark.parametrize("past", [False, True])
def test_every_reason_and_all_beside_it_is_spanish(forum, past):
    beside = [Nuances(order=order, where=where) for order, where in (("after", "forum"), ("before", "group"))]
    beside.append(Nuances("Quill", elsewhere=True, older=True, changes=Instant(0), newer=Instant(0)))
    with forum.test_request_context(headers=SPANISH):
        words = forum.jinja_env.get_template("portal/see_as_words.html").make_module()
        shown = [Seen(Action.VIEW, permit=True, why=why) for why in Why]
        shown += [Seen(Action.VIEW, permit=True, why=Why.HIDDEN, nuances=one) for one in beside]
        said = [words.why(one, past) for one in shown]
    assert english_in(BeautifulSoup("<br>".join(said), "html.parser")) == []


@pytest.mark.usefixtures("chosen")
def test_a_reason_is_said_in_the_language_of_each_page(forum):
    english, spanish = "You let your care team do it.", SAID["You let your care team do it."]
    for language, said in (("en", english), ("es", spanish), ("en", english)):
        page = speaks(forum, language=language).get("/my/see-as")
        token = page.page.find("input", attrs={"name": "csrf_token"})["value"]
        answer = page.client.post("/my/see-as", data={"csrf_token": token, "whom": "team", "group": "informed"})
        assert said in answer.get_data(as_text=True)


def test_putting_right_is_spanish(forum):
    eve = speaks(forum, "eve")
    found = english(eve, "/my/put-right") + english(eve.press(SAID["Do it now"]))
    found += english(eve.press(SAID["Do it now"], what="stop", others="yes"))
    assert eve.h1 == SAID["It is done"]
    assert found == []


def test_pages_about_what_was_chosen_are_spanish(ana):
    found = english(ana, "/my/receipts") + english(ana, "/my/waiting") + english(ana, "/my/choices/saved")
    found += english(ana.get("/my/receipts").follow(SAID["Receipt %(number)s"] % {"number": 1}))
    assert found == []


@pytest.mark.slow
def test_what_became_of_a_change_is_told_in_spanish(forum, nurse):
    fay = speaks(forum, "fay", "en")
    acknowledge(fay)
    choose(fay, members=[nurse])
    fay.client.set_cookie("governance_language", "es")
    fay.get("/my/put-right").press(SAID["Do it now"], what="hide")
    prove(forum, fay)
    fay.get("/my/show-again").press(SAID["Stop hiding me"], age="reached")
    found = english(fay, "/my/waiting") + english(fay.press(SAID["Stop this"]))
    assert SAID["You stopped it."] in fay.text
    assert found == []


def test_who_hides_is_told_in_spanish_how_it_ends(forum):
    eve = speaks(forum, "eve")
    eve.get("/my/put-right").press(SAID["Do it now"], what="hide")
    assert english(eve, "/my/show-again") == []


def test_the_first_pages_are_spanish(forum):
    assert english(speaks(forum), "/start/t1d-forum") == []


def test_the_privacy_notice_speaks_a_language_or_says_which(forum):
    assert english(speaks(forum), "/privacy") == []
