"""English and Spanish whole: no sentence outside the catalogue, none without its translation, one link between them."""

import re

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment

from governance.ui.programs import for_programs
from tests.ui import catalogue
from tests.ui.visits import forum, nurse, stranger, visitor
from tests.ui.words_left import english_in, untranslated

__all__ = ["forum", "nurse", "stranger", "visitor"]

FOLDERS = sorted({path.parent for room in catalogue.rooms() for path in room.rglob("templates/**/*.html")})
JINJA = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 - it renders nothing
PLACES = re.compile(r"%\((\w+)\)[sd]")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_sentence_of_a_template_can_be_translated(folder):
    said = {path.name: untranslated(JINJA, path.read_text(encoding="utf-8")) for path in folder.glob("*.html")}
    assert {name: left for name, left in said.items() if left} == {}


@pytest.mark.parametrize(
    "said",
    [
        "<p>Some words</p>",
        '<nav aria-label="Back"></nav>',
        '{{ nhsuk.button({"text": "Save"}) }}',
        '{% set title = "Your say" %}',
        '{{ "One thing" if x else "another thing" }}',
    ],
)
def test_a_sentence_that_no_translator_would_see_is_found(said):
    assert untranslated(JINJA, said)


def test_the_catalogue_holds_exactly_what_our_pages_say():
    now, kept = catalogue.sentences(), catalogue.written("es")
    assert {one.id for one in now if one.id} == {one.id for one in kept if one.id}, "python -m tests.ui.catalogue"


def test_every_sentence_has_a_translation_with_the_same_places():
    for one in catalogue.written("es"):
        said = one.string if isinstance(one.string, tuple) else (one.string,)
        asked = one.id if isinstance(one.id, tuple) else (one.id,)
        if not one.id:
            continue
        assert all(said), f"no translation: {one.id}"
        assert not one.fuzzy, f"look at it again: {one.id}"
        assert {*PLACES.findall(said[-1])} == {*PLACES.findall(asked[-1])}, one.id


NO_PAGES = {
    "conduct/feeds/applying.py",
    "conduct/feeds/asking.py",
    "conduct/feeds/files.py",
    "ui/mail.py",
    "ui/strict_json.py",
}
"""What these say operators read at the command line and in the log, or programs in an answer."""


def test_no_error_for_people_is_made_of_pieces_that_no_translator_sees():
    files = [path for room in catalogue.rooms() for path in room.rglob("*.py") if path.name != "commands.py"]
    found = {path: [*catalogue.no_sentences(path.read_text(encoding="utf-8"))] for path in files}
    assert {str(path.relative_to(catalogue.SOURCE)) for path, lines in found.items() if lines} == NO_PAGES


def test_an_error_made_of_pieces_is_found():
    assert [*catalogue.no_sentences('raise BadInputError(f"write 1 to {most} letters")')] == [1]
    assert [*catalogue.no_sentences('raise BadInputError(Sentence("write %(most)s", {"most": 1}))')] == []


def test_a_page_speaks_what_the_browser_asks_for(stranger):
    page = stranger.client.get("/", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})
    assert page.headers["Content-Language"] == "es"
    assert BeautifulSoup(page.data, "html.parser").html["lang"] == "es"
    assert {"Accept-Language", "Cookie"} <= set(page.vary)


def test_a_language_nobody_has_pages_in_is_english(stranger):
    assert stranger.client.get("/", headers={"Accept-Language": "cy"}).headers["Content-Language"] == "en"


def test_a_link_changes_the_language_and_it_stays(stranger):
    stranger.get("/")
    stranger.follow("Español")
    assert (stranger.path, stranger.page.html["lang"]) == ("/", "es")
    stranger.get("/whom-to-call")
    assert stranger.page.html["lang"] == "es"
    stranger.follow("English")
    assert (stranger.path, stranger.page.html["lang"]) == ("/whom-to-call", "en")


def test_the_link_leads_to_the_same_page_with_what_was_asked_of_it(visitor):
    answer = visitor.client.get("/my/history?day=2026-05-03&lang=es")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/my/history?day=2026-05-03"


def kept_by(app, path):
    """Which cookies an address sets when it is asked for a language."""
    return [
        cookie.partition("=")[0] for cookie in app.test_client().get(f"{path}?lang=es").headers.getlist("Set-Cookie")
    ]


def addresses(app):
    """Every address that can be asked for as it stands."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments)
    return sorted({rule.rule for rule in rules})


def test_no_address_for_programs_keeps_a_language(forum):
    asked = [path for path in addresses(forum) if for_programs(path)]
    assert {"/v1/policies", "/fhir/metadata", "/metrics", "/healthz", "/openapi.json"} <= set(asked)
    assert {path: kept_by(forum, path) for path in asked if kept_by(forum, path)} == {}


def test_every_page_keeps_one_and_answers_with_html(forum):
    """The control; and no door for programs hides among the pages."""
    pages = [path for path in addresses(forum) if not for_programs(path)]
    assert {path for path in pages if kept_by(forum, path) != ["governance_language"]} == set()
    types = {path: forum.test_client().get(path).mimetype for path in pages}
    assert {path: kind for path, kind in types.items() if kind != "text/html"} == {}


@pytest.mark.parametrize("path", ["//evil.example/?lang=es", "/no-such-page?lang=es", "/%2F/evil.example?lang=es"])
def test_the_link_never_leads_elsewhere(stranger, path):
    assert stranger.client.get(path).headers.get("Location") in {None, "/"}


def test_what_is_no_language_is_dropped(stranger):
    answer = stranger.client.get("/?lang=%0d%0aSet-Cookie:x")
    assert answer.headers["Location"] == "/"
    assert "Set-Cookie" not in answer.headers


def test_the_cookie_says_a_language_and_dies_with_the_browser(stranger):
    kept = stranger.client.get("/?lang=es").headers["Set-Cookie"]
    assert kept.startswith("governance_language=es;")
    assert {"HttpOnly", "SameSite=Lax"} <= {part.strip() for part in kept.split(";")}
    assert "Expires" not in kept
    assert "Max-Age" not in kept


def test_a_spanish_page_has_no_english_in_it(visitor):
    visitor.client.set_cookie("governance_language", "es")
    left = {path: english_in(visitor.get(path).page) for path in ("/", "/whom-to-call", "/my/choices", "/privacy")}
    assert {path: found for path, found in left.items() if found} == {}


def test_english_left_on_a_spanish_page_is_found():
    page = BeautifulSoup('<p>Hola</p><p>This is English</p><p lang="en">This is meant</p>', "html.parser")
    assert english_in(page) == ["This is English"]


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("es-MX,en;q=0.5", "es"), ("en-US,es", "en"), ("fr,es;q=0.5", "es"), ("es;q=0", "en"), ("fr", "en"), ("*", "en")],
)
def test_a_page_speaks_the_first_of_its_languages_that_the_browser_asks_for(stranger, asked, spoken):
    answer = stranger.client.get("/sign-in", headers={"Accept-Language": asked})
    assert answer.headers["Content-Language"] == spoken
