"""Reading before choosing: the words of the record, the check of understanding, "I have been told"."""

from http import HTTPStatus

import pytest

from governance.db.extension import reading
from governance.disclosure import web
from governance.disclosure.models import Acknowledgement
from governance.policy.current import policies
from governance.policy.records import Variant
from tests.ui.visits import acknowledge, forum, stranger, visitor

__all__ = ["forum", "stranger", "visitor"]

QUESTIONS = policies().disclosure.teach_back()


def acknowledgements(app):
    with app.app_context(), reading() as session:
        return [(a.version, a.language, a.variant, a.text_sha256) for a in session.query(Acknowledgement)]


def one_line(text):
    return " ".join(text.split())


@pytest.mark.parametrize("variant", Variant)
def test_the_six_must_knows_are_shown_in_the_words_of_the_record(visitor, variant):
    visitor.get(f"/disclosure/must-knows?variant={variant.value}")
    must_knows = policies().disclosure.must_knows("en", variant)
    assert len(must_knows) == 6
    for must_know in must_knows:
        assert must_know.words.title in visitor.text
        assert one_line(must_know.words.body) in visitor.text


def test_the_emergency_lines_stand_beside_their_must_know(visitor):
    section = visitor.get("/disclosure/must-knows").page.find(id="emergencies").find_parent("section")
    assert {"tel:999", "tel:112", "tel:911"} <= {link["href"] for link in section.find_all("a")}


def test_the_words_say_their_language(visitor):
    visitor.get("/disclosure/must-knows")
    assert visitor.page.h1.find_parent("div", lang=True)["lang"] == "en"


def test_the_other_variants_are_one_press_away(visitor):
    visitor.get("/disclosure/must-knows").follow("Easy read")
    assert policies().disclosure.must_knows("en", Variant.EASY_READ)[0].words.title in visitor.text


def test_a_chosen_variant_stays_on_the_pages_that_follow(visitor):
    visitor.get("/disclosure/must-knows?variant=child").get("/disclosure/understanding/emergency")
    assert "I wake a grown-up or call for help" in visitor.text


@pytest.mark.parametrize("query", ["variant=other", "language=%22", "tracking=1"])
def test_an_address_that_no_link_has_is_refused(visitor, query):
    assert visitor.get(f"/disclosure/must-knows?{query}").status == HTTPStatus.BAD_REQUEST


def test_a_language_that_we_do_not_have_gets_the_nearest_words(visitor):
    visitor.get("/disclosure/must-knows?language=cy")
    assert visitor.page.h1.find_parent("div", lang=True)["lang"] == "en"


def test_spanish_is_one_press_away_and_so_is_the_way_back(visitor):
    visitor.get("/disclosure/must-knows").follow("Español")
    assert visitor.h1 == "Antes de elegir"
    assert visitor.page.h1.find_parent("div", lang=True)["lang"] == "es"
    assert visitor.get("/disclosure/must-knows").follow("English").h1 == "Before you choose"


@pytest.mark.parametrize("asked", ["language=es", "language=es-MX", "language=es&variant=child"])
def test_spanish_words_stand_beside_spanish_names_of_countries(visitor, asked):
    section = visitor.get(f"/disclosure/must-knows?{asked}").page.find(id="emergencies").find_parent("section")
    assert "Reino Unido" in section.get_text()
    assert "United Kingdom" not in section.get_text()


def test_a_browser_that_asks_for_spanish_gets_it(visitor):
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es-419,es;q=0.9,en;q=0.5"
    assert visitor.get("/disclosure/must-knows").h1 == "Antes de elegir"


def test_risks_stand_with_what_may_go_well_and_what_one_can_do(visitor):
    visitor.get("/disclosure/must-knows").follow("More: what may go well")
    for risk in policies().disclosure.risks():
        details = next(d for d in visitor.page.find_all("details") if risk.title in d.summary.get_text())
        told = one_line(details.get_text())
        assert one_line(risk.risk) in told
        assert one_line(risk.practice) in told
        assert all(benefit.title in told for benefit in risk.benefits)


def test_more_tells_what_we_cannot_do(visitor):
    visitor.get("/disclosure/must-knows").get("/disclosure/more")
    for limit in policies().disclosure.limits():
        assert one_line(limit) in visitor.text


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.slug)
def test_a_right_answer_leads_on(visitor, question):
    visitor.get("/disclosure/must-knows").get(f"/disclosure/understanding/{question.slug}")
    visitor.press("See if that is right", answer=question.right)
    assert visitor.h1 == "Yes, that is right"
    assert visitor.follow("Go on").status == HTTPStatus.OK


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.slug)
def test_a_wrong_answer_shows_the_passage_again_and_another_try(visitor, question):
    visitor.get("/disclosure/must-knows").get(f"/disclosure/understanding/{question.slug}")
    wrong = next(option for option in question.options if option != question.right)
    visitor.press("See if that is right", answer=wrong)
    for must_know in policies().disclosure.must_knows():
        assert (one_line(must_know.words.body) in visitor.text) == (must_know.slug in question.shows_again)
    assert one_line(question.explain) in visitor.text
    assert visitor.follow("Try again").h1 == question.question


def test_wrong_answers_never_close_the_way(visitor):
    visitor.get("/disclosure/must-knows").follow("Go on")
    for question in QUESTIONS:
        wrong = next(option for option in question.options if option != question.right)
        visitor.press("See if that is right", answer=wrong)
        visitor.follow("Go on without another try")
    assert visitor.path == "/disclosure/acknowledge"


def test_no_answer_is_said_at_the_top_and_at_the_question(visitor):
    visitor.get("/disclosure/must-knows").follow("Go on").press("See if that is right")
    assert visitor.status == HTTPStatus.UNPROCESSABLE_ENTITY
    link = visitor.page.select_one(".nhsuk-error-summary a")
    assert visitor.page.find(id=link["href"].removeprefix("#")).name == "input"
    assert "there is a problem" in visitor.page.title.get_text()


def test_an_answer_that_is_not_on_the_page_is_refused(visitor):
    visitor.get("/disclosure/must-knows").follow("Go on").press("See if that is right", answer="z")
    assert visitor.status == HTTPStatus.BAD_REQUEST


def test_an_unknown_question_is_not_found(visitor):
    assert visitor.get("/disclosure/understanding/nothing").status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("variant", Variant)
def test_being_told_keeps_version_language_variant_and_the_hash_of_those_words(visitor, forum, variant, language):
    visitor.get(f"/disclosure/must-knows?variant={variant.value}&language={language}").get("/disclosure/acknowledge")
    visitor.press(visitor.h1)
    text = policies().disclosure.record.text(language, variant)
    assert acknowledgements(forum) == [(policies().disclosure.version, language, variant.value, text.sha256)]


def test_being_told_leads_to_the_choices_and_says_yes_to_nothing(visitor):
    assert acknowledge(visitor).path == "/choices/care-team"
    assert "You have not chosen yet" in visitor.get("/my/choices").text


@pytest.mark.parametrize("path", ["more", "understanding/who_reads", "acknowledge"])
def test_who_has_not_opened_the_must_knows_is_led_there(visitor, path):
    assert visitor.get(f"/disclosure/{path}").path == "/disclosure/must-knows"


def test_nobody_can_say_they_were_told_what_was_never_on_their_screen(visitor, forum):
    visitor.get("/my/choices")
    token = visitor.page.find("input", {"name": "csrf_token"})["value"]
    answer = visitor.client.post("/disclosure/acknowledge", data={"csrf_token": token})
    assert answer.location == "/disclosure/must-knows"
    assert acknowledgements(forum) == []


def test_words_that_changed_meanwhile_must_be_read_again(visitor, forum):
    visitor.get("/disclosure/must-knows").get("/disclosure/acknowledge")
    with visitor.client.session_transaction() as kept:
        kept[web._SHOWN] = {**kept[web._SHOWN], "sha256": "0" * 64}
    visitor.press("I have been told")
    assert visitor.status == HTTPStatus.CONFLICT
    assert visitor.page.main.find("a", href="/disclosure/must-knows")
    assert acknowledgements(forum) == []


def test_words_opened_in_another_tab_are_not_those_of_this_press(visitor, forum):
    """Of a page in Spanish, pressed after English words were opened, neither hash would be kept for sure."""
    visitor.get("/disclosure/must-knows?language=es").get("/disclosure/acknowledge")
    first = visitor.page
    visitor.get("/disclosure/must-knows?lang=en")
    visitor.page, visitor.path = first, "/disclosure/acknowledge"
    visitor.press("Me lo han explicado")
    assert visitor.status == HTTPStatus.CONFLICT
    assert acknowledgements(forum) == []


def test_a_field_that_the_form_does_not_have_is_refused(visitor, forum):
    visitor.get("/disclosure/must-knows").get("/disclosure/acknowledge").press("I have been told", version="9.9.9")
    assert visitor.status == HTTPStatus.BAD_REQUEST
    assert acknowledgements(forum) == []
