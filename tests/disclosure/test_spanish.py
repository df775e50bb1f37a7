"""Before choosing, in Spanish: every page, and one language for the words and for the pages round them."""

import pytest

from governance.policy.current import policies
from governance.policy.records import Variant
from tests.disclosure.test_told_web import house, publishes, reads, says_yes
from tests.ui.spanish import in_spanish
from tests.ui.visits import Visitor, forum, stranger, visitor

__all__ = ["forum", "house", "stranger", "visitor"]

QUESTIONS = policies().disclosure.teach_back("es")


def language(visitor):
    """Return in which language the pages speak, and in which one their words are."""
    return visitor.page.html["lang"], visitor.page.h1.find_parent("div", lang=True)["lang"]


def test_every_page_before_choosing_is_spanish(visitor):
    reader = in_spanish(visitor)
    for variant in Variant:
        reader.get(f"/disclosure/must-knows?variant={variant.value}").get("/disclosure/more")
    reader.get("/disclosure/must-knows?variant=standard")
    for question in QUESTIONS:
        path = f"/disclosure/understanding/{question.slug}"
        reader.get(path).press("Ver si es correcta").press("Ver si es correcta", answer=question.right)
        reader.get(path).press("Ver si es correcta", answer=next(a for a in question.options if a != question.right))
    reader.get("/disclosure/told").get("/disclosure/acknowledge").press(reader.h1)
    reader.get("/disclosure/must-knows").get("/disclosure/told").follow("Leer este texto")
    reader.get("/disclosure/understanding/none").get("/disclosure/texts/0")
    assert {path: left for path, left in reader.left.items() if path.startswith("/disclosure")} == {}
    assert reader.pages > 20


def test_what_pauses_and_comes_back_is_said_in_spanish(house):
    publishes(house.app, "first")
    ana = says_yes(house, "ana")
    publishes(house.app, "second")
    reader = in_spanish(ana).get("/disclosure/told").get("/disclosure/must-knows")
    reader.get("/disclosure/acknowledge")
    assert {path: left for path, left in reader.left.items() if path.startswith("/disclosure")} == {}


def test_who_picks_spanish_words_has_spanish_pages(visitor):
    visitor.get("/disclosure/must-knows").follow("Español")
    assert language(visitor) == ("es", "es")
    assert visitor.get("/whom-to-call").page.html["lang"] == "es"
    visitor.get("/disclosure/must-knows?language=en")
    assert language(visitor) == ("en", "en")


def test_words_in_a_language_without_pages_leave_the_pages_as_they_are(house):
    publishes(house.app, "first")
    gwen = Visitor(house.browser("gwen")).get("/disclosure/must-knows?language=cy")
    assert language(gwen) == ("en", "cy")
    assert language(in_spanish(gwen).get("/disclosure/must-knows?language=cy")) == ("es", "cy")


def test_a_picked_language_of_the_pages_counts_before_what_was_read_last(visitor):
    visitor.get("/disclosure/must-knows?language=en").get("/whom-to-call?lang=es").get("/disclosure/must-knows")
    assert language(visitor) == ("es", "es")


def test_who_was_told_in_spanish_and_picked_nothing_has_spanish_pages(visitor, forum):
    reads(visitor, "es")
    later = forum.test_client()
    later.set_cookie("governance", visitor.client.get_cookie("governance").value)
    later = Visitor(later).get("/disclosure/must-knows")
    assert language(later) == ("es", "es")
    assert later.get("/whom-to-call").page.html["lang"] == "es"


def test_who_was_told_in_spanish_and_picked_english_has_english_pages(visitor):
    reads(visitor, "es")
    visitor.get("/whom-to-call?lang=en").get("/disclosure/must-knows")
    assert language(visitor) == ("en", "en")


@pytest.mark.parametrize("page", ["more", "understanding/danger", "acknowledge"])
def test_who_changes_the_language_half_way_reads_the_words_in_it_first(visitor, page):
    visitor.get("/disclosure/must-knows").get(f"/disclosure/{page}").follow("Español")
    assert (visitor.path, language(visitor)) == ("/disclosure/must-knows", ("es", "es"))


def test_a_browser_that_asks_for_spanish_is_asked_for_no_cookie(visitor):
    answer = visitor.client.get("/disclosure/must-knows", headers={"Accept-Language": "es"})
    assert (answer.headers["Content-Language"], "governance_language" in str(answer.headers)) == ("es", False)
