"""The page of who could have seen one's posts: asked and shown in words of their own, for the person's eyes alone."""

from dataclasses import fields

import pytest
import sqlalchemy as sa
import textstat

from governance.db.extension import transaction
from governance.decision.vocabulary import Action
from governance.doors import MAY_RETURN_TO
from governance.effective.models import GovernedAccount
from governance.identity.access import SIGNED_IN, who_may_call
from governance.identity.permissions import OWN_EYES
from governance.identity.service import account_for, platform_named
from governance.identity.sessions.service import SignedIn
from governance.ledger.decisions.models import LoggedDecision
from governance.ledger.decisions.service import Shown, write_shown
from governance.portal import onlookers as module
from governance.portal.own_forums import own_forums
from governance.ui.clock import now
from governance.ui.house import house
from tests.conftest import running, settings_in
from tests.optout.wishes import prove
from tests.patients.family import Family
from tests.portal.test_layers import GUARDIAN, put_over
from tests.ui.test_pages import sentences
from tests.ui.visits import FORUM, Visitor, found_forum, register, sign_in

PATH = "/my/could-have-seen"


@pytest.fixture(scope="module")
def forum(tmp_path_factory):
    with running(settings_in(tmp_path_factory.mktemp("onlookers"))) as app:
        found_forum(app)
        yield app


@pytest.fixture(scope="module")
def nurse(forum):
    return register(forum, "Nora Quill", "nurse", "nora")


@pytest.fixture
def visitor(forum):
    """Ana, about whom nothing stands in the log yet."""
    with forum.app_context(), transaction() as session:
        session.execute(sa.delete(LoggedDecision))
    visitor = Visitor(forum.test_client())
    visitor.client.set_cookie("governance", sign_in(forum, "ana"))
    return visitor


def tell(app, viewer, author="ana"):
    """The forum says that it showed something."""
    with app.app_context(), transaction() as session:
        forum = platform_named(session, FORUM)
        key = account_for(session, house().keyring, forum, author, now()).key
        write_shown(session, house().keyring, forum.id, [Shown(key, viewer, Action.VIEW, now())])


@pytest.fixture
def proved(forum, visitor):
    prove(forum, visitor)
    return visitor


def test_without_a_fresh_proof_nothing_is_shown_and_after_it_one_comes_back(forum, visitor, nurse):
    tell(forum, nurse)
    assert visitor.get(PATH).path == "/prove"
    assert "Nora Quill" not in visitor.page.get_text()
    assert "could_have_seen.shown" in MAY_RETURN_TO
    prove(forum, visitor)
    assert visitor.get(PATH).path == PATH
    assert "Nora Quill" in visitor.text


def test_the_words_for_asked_and_shown_differ(forum, proved, nurse):
    tell(forum, nurse)
    proved.get("/my/choices").follow("Professionals who could have seen my posts")
    (box,) = proved.page.select(".box")
    assert "they were shown something of yours" in box.get_text()
    assert "whether they could see" not in box.get_text()


def test_nobody_is_what_we_know_and_not_what_happened(proved):
    assert "We know of nobody in the last 30 days." in proved.get(PATH).text
    assert "People who are signed out are not recorded." in proved.text


def test_the_page_is_easy_to_read(forum, proved, nurse):
    for filled in (False, True):
        if filled:
            tell(forum, nurse)
        proved.get(PATH)
        assert textstat.flesch_kincaid_grade(sentences(proved.page)) <= 6


def test_looking_leaves_nothing_behind(forum, proved, nurse):
    tell(forum, nurse)
    with forum.app_context(), transaction() as session:
        before = session.query(LoggedDecision).count()
    proved.get(PATH)
    with forum.app_context(), transaction() as session:
        assert session.query(LoggedDecision).count() == before


def test_a_guardian_sees_nothing_of_it_whatever_they_ask_for(forum, nurse):
    """Raj closed everything for Ana; what he can open shows what is about himself."""
    tell(forum, nurse)
    put_over(forum, "ana", GUARDIAN, adult=False)
    with forum.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        ana = account_for(session, house().keyring, platform, "ana", now())
        names = ("ana", ana.key, ana.id, session.get(GovernedAccount, ana.key).patient)
    raj = Visitor(forum.test_client())
    raj.client.set_cookie("governance", sign_in(forum, "raj"))
    prove(forum, raj)
    for name in names:
        wanted = ("account", "account_id", "patient", "for", "as", "child", "member")
        raj.get(f"{PATH}?{'&'.join(f'{by}={name}' for by in wanted)}")
        assert (raj.status, "Nora Quill" in raj.text) == (200, False)
    assert "We know of nobody" in raj.text


def test_a_linked_guardian_is_led_to_none_of_it_and_reads_nothing_of_it(forum, nurse):
    """By imports no page of guardians can call one of these: the portal is above the patients' rooms."""
    family = Family(forum)
    family.is_under_13()
    link = family.links_guardian()
    tell(forum, nurse, "maya")
    raj, addresses = (
        family.comes("raj"),
        {rule.rule for rule in forum.url_map.iter_rules() if rule.endpoint in OWN_EYES},
    )
    for path in ("/guardian", "/guardian/ask", f"/guardian/{link}"):
        main = raj.get(path).page.main
        led_to = {tag.get("href") or tag.get("action") for tag in main.find_all(["a", "form"])}
        assert (raj.status, addresses & led_to, "Nora Quill" in raj.text) == (200, set(), False)
    for address in addresses:
        assert "Nora Quill" not in raj.get(f"{address}?link={link}&link_id={link}&for=maya").text
    # The control: she herself reads it there.
    assert "Nora Quill" in family.comes("maya").get(PATH).text


def test_a_page_that_took_the_account_from_elsewhere_would_be_found(forum, nurse, monkeypatch):
    """The control: with Ana's account in the place of his own, Raj sees who met her words."""
    tell(forum, nurse)
    with forum.app_context(), transaction() as session:
        ana = account_for(session, house().keyring, platform_named(session, FORUM), "ana", now()).id
    monkeypatch.setattr(module, "own_forums", lambda session, _: own_forums(session, ana))
    raj = Visitor(forum.test_client())
    raj.client.set_cookie("governance", sign_in(forum, "raj"))
    prove(forum, raj)
    assert "Nora Quill" in raj.get(PATH).text


def test_no_session_is_on_behalf_of_somebody_else(forum):
    """Whoever lets a guardian act in a child's session must first turn them away from what is for own eyes."""
    known = {"account_id", "account_key", "platform_id", "platform_name", "forum", "auth_time", "session_digest"}
    assert {field.name for field in fields(SignedIn)} == known | {"proved"}
    for endpoint in OWN_EYES:
        (rule,) = [rule for rule in forum.url_map.iter_rules() if rule.endpoint == endpoint]
        assert rule.arguments == set()
        assert rule.methods == {"GET", "HEAD", "OPTIONS"}
        assert who_may_call(forum.view_functions[endpoint]) == SIGNED_IN
