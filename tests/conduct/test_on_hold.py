"""A professional on a forum that is on hold reads what it means, that it is not about them, and what happens next."""

import pytest

from governance.db.extension import reading, transaction
from governance.effective.life import holds
from governance.effective.life.service import Life
from governance.effective.life.states import Why
from governance.identity.service import platform_named
from governance.ui.clock import now
from governance.ui.house import house
from tests.conduct.visits import accept_rules, forum, marks, nora, register, stranger, vera
from tests.ui.spanish import in_spanish
from tests.ui.visits import FORUM

__all__ = ["forum", "nora", "stranger", "vera"]
PAGES = ("/professional", "/professional/measures")
SHORTER = {
    "/professional/capacity": "You can choose all the same",
    "/professional/badge": "It goes on showing your badge",
}
NOT_ABOUT_YOU = "It is nothing that you did, and it is no measure against you."


def holds_on(app, why=Why.STAFF):
    with app.app_context(), transaction() as session:
        Life(session, house().keyring, platform_named(session, FORUM).id, now()).suspend(why)


@pytest.fixture
def at_work(nora, vera):
    """Nora is in good standing on a forum that is on hold."""
    register(nora)
    accept_rules(nora)
    marks(vera)
    return nora


def test_before_a_hold_no_page_speaks_of_one(at_work):
    for page in (*PAGES, *SHORTER):
        assert "on hold" not in at_work.get(page).text
    assert "You can take part as a professional, as far as" in at_work.get("/professional").text


def test_each_page_says_what_it_means_whose_fault_it_is_not_and_what_happens_next(forum, at_work):
    holds_on(forum)
    for page in PAGES:
        at_work.get(page)
        assert "This forum has been on hold since" in at_work.text, page
        assert NOT_ABOUT_YOU in at_work.text, page
        assert "What happens next:" in at_work.text, page
        assert "A check found" not in at_work.text, page


def test_nobody_on_hold_reads_that_they_can_take_part(forum, at_work):
    holds_on(forum, Why.CANARY)
    at_work.get("/professional")
    assert "You can take part as a professional, as far as" not in at_work.text
    assert "You yourself are in order. When this forum goes on, you can take part" in at_work.text
    assert "A check found that words could be read there which patients had hidden." in at_work.text
    assert "Nothing shuts you out everywhere." in at_work.get("/professional/measures").text


def test_who_lacks_something_reads_that_as_well(forum, nora):
    register(nora)
    holds_on(forum)
    nora.get("/professional")
    assert NOT_ABOUT_YOU in nora.text
    assert "You cannot take part as a professional now." in nora.text
    assert "You yourself are in order." not in nora.text


def test_a_page_with_a_question_says_in_a_line_what_of_it_goes_on(forum, at_work):
    holds_on(forum)
    for page, line in SHORTER.items():
        at_work.get(page)
        assert "This forum is on hold for all professionals." in at_work.text, page
        assert line in at_work.text, page


def test_pages_go_by_what_decisions_read_and_by_nothing_else(forum, at_work, monkeypatch):
    """The row in force decides: what a forum's life says beside it is words alone."""
    holds_on(forum)
    with forum.app_context(), transaction() as session:
        platform_id = platform_named(session, FORUM).id
        life = Life(session, house().keyring, platform_id, now())
        life._gate(shut=False)
    assert "on hold" not in at_work.get("/professional").text
    # A second rule beside the decision would go on saying so.
    asked = lambda session, _, which: holds.standing_of(session, which)  # noqa: E731
    monkeypatch.setattr("governance.conduct.overview.hold_on", asked)
    assert "on hold" in at_work.get("/professional").text


def test_a_row_that_cannot_be_read_refuses_and_the_page_opens(forum, at_work):
    with forum.app_context(), transaction() as session:
        platform_id = platform_named(session, FORUM).id
        Life(session, house().keyring, platform_id, now())._gate(shut=False)
        session.connection().exec_driver_sql("UPDATE effective_row SET mac = x'00' WHERE kind = 'platform'")
    with forum.app_context(), reading() as session:
        assert holds.hold_on(session, house().keyring, platform_id) is not None
    assert "This forum is on hold." in at_work.get("/professional").text


def test_all_of_it_in_spanish(forum, nora, vera):
    register(nora)
    accept_rules(nora)
    marks(vera, reason="todo coincide")
    holds_on(forum, Why.LEAK)
    reader = in_spanish(nora)
    for page in (*PAGES, *SHORTER):
        reader.get(page)
    assert reader.left == {}
    assert "No es por nada que usted haya hecho" in reader.get("/professional").text
