"""What all pages share: structure, safe words, forms that only our own pages may send, errors that say what next."""

import re
from http import HTTPStatus
from pathlib import Path

import pytest
import textstat
from flask import render_template_string
from jinja2 import UndefinedError
from structlog.testing import capture_logs

import governance
from governance.app import create_app
from governance.db.base import Base
from governance.db.extension import db
from governance.decision.vocabulary import Instant
from governance.errors import BadInputError
from governance.optout.schemas import LevelSchema
from governance.ui.dates import day_and_time, moment, moment_there, time_of_day
from governance.ui.pages import form_values, load, words
from tests.conftest import settings_in
from tests.ui.visits import (
    Visitor,
    acknowledge,
    choose,
    forum,
    found_forum,
    nurse,
    register,
    sign_in,
    stranger,
    visitor,
)

__all__ = ["forum", "nurse", "stranger", "visitor"]
SOURCE = Path(governance.__file__).parent

PAGES = [
    "/",
    "/start/t1d-forum",
    "/whom-to-call",
    "/sign-in",
    "/no-such-page",
    "/my/choices",
    "/disclosure/must-knows",
    "/disclosure/must-knows?variant=child",
    "/disclosure/must-knows?variant=easy_read",
    "/disclosure/more",
    "/disclosure/understanding/emergency",
    "/disclosure/acknowledge",
    "/disclosure/told",
    "/choices/care-team",
    "/choices/others",
    "/choices/team",
    "/choices/people",
    "/my/see-as",
    "/my/copy",
    "/my/delete",
    "/my/contact",
    "/my/put-right",
    "/privacy",
]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """Every page as somebody sees it who is signed in and has the must-knows on the screen already."""
    folder = tmp_path_factory.mktemp("pages")
    app = create_app(settings_in(folder))
    with app.app_context():
        Base.metadata.create_all(db.engine)
    found_forum(app)
    register(app, "Nora Quill", "nurse", "nora")
    visitor = Visitor(app.test_client())
    visitor.client.set_cookie("governance", sign_in(app, "ana"))
    visitor.get("/disclosure/must-knows")
    yield {path: visitor.get(path).page for path in PAGES}
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_heading_that_its_title_starts_with(seen, path):
    (heading,) = seen[path].find_all("h1")
    assert seen[path].title.get_text().startswith(" ".join(heading.get_text().split()))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_its_language_and_lets_people_skip_to_the_content(seen, path):
    assert seen[path].html["lang"] == "en"
    assert seen[path].find(id="maincontent").name == "main"
    assert seen[path].body.find("a")["href"] == "#maincontent"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_no_style_of_its_own_and_the_one_script_that_leaves(seen, path):
    assert [script["src"] for script in seen[path].find_all("script")] == ["/static/leave.js"]
    assert seen[path].find_all("style") == []
    assert seen[path].find_all(style=True) == []


@pytest.mark.parametrize("path", PAGES)
def test_every_field_has_a_label(seen, path):
    labelled = {label["for"] for label in seen[path].find_all("label")}
    assert {field["id"] for field in seen[path].select("input:not([type=hidden])")} == labelled


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_whom_to_call_and_that_nobody_watches(seen, path):
    assert "Nobody watches the forum through this service" in seen[path].find("footer").get_text()
    assert seen[path].find("a", href="tel:999")


def sentences(page):
    """Return the words of a page as sentences: headings, paragraphs and items of lists."""
    blocks = [block for block in page.main.find_all(["h1", "h2", "h3", "p", "li"]) if not block.find(["p", "li"])]
    return " ".join(block.get_text(" ", strip=True).rstrip(".") + "." for block in blocks)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_easy_to_read(seen, path):
    assert textstat.flesch_kincaid_grade(sentences(seen[path])) <= 6
    assert textstat.flesch_reading_ease(sentences(seen[path])) >= 70


@pytest.mark.parametrize("path", [path for path in PAGES if path.startswith(("/my", "/disc", "/choices"))])
def test_pages_for_people_signed_in_send_others_to_the_sign_in(stranger, path):
    stranger.get(path)
    assert (stranger.path, stranger.h1) == ("/sign-in", "You are not signed in")


@pytest.mark.parametrize(
    "path",
    ["/my/hide", "/disclosure/acknowledge", "/choices/care-team", "/choices/others", "/choices/team", "/choices/check"],
)
def test_a_form_without_our_token_is_refused_and_says_what_to_do(visitor, path):
    answer = visitor.client.post(path, data={"level": "answered", "members": []})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "load the page again" in answer.get_data(as_text=True)
    assert "You have not chosen yet" in visitor.get("/my/choices").text


def test_who_presses_hide_after_the_session_ended_learns_that_they_are_not_hidden(visitor):
    visitor.get("/my/choices").client.delete_cookie("governance")
    visitor.press("Hide me")
    assert (visitor.status, visitor.h1) == (HTTPStatus.BAD_REQUEST, "What you just pressed did not count")
    assert "that is not saved yet" in visitor.text
    visitor.follow("Sign in again")
    assert visitor.page.find("a", href="/sign-in/t1d-forum?next=portal.choices")


def test_a_sign_in_that_failed_leads_to_another_try(stranger):
    stranger.get("/auth/t1d-forum/callback?error=access_denied&state=x")
    assert (stranger.status, stranger.h1) == (HTTPStatus.BAD_REQUEST, "You are not signed in")
    assert "you need do nothing more" in stranger.text
    stranger.follow("Sign in again")
    assert stranger.page.find("a", href="/sign-in/t1d-forum?next=portal.my")


def test_an_error_page_says_what_to_do_next_and_gives_a_code_to_quote(stranger):
    stranger.get("/start/nowhere")
    assert stranger.status == HTTPStatus.NOT_FOUND
    assert "What you can do now" in stranger.text
    assert "404, platform_not_found" in stranger.text


def test_a_wrong_link_sends_a_patient_back_to_their_forum_and_tells_the_operator_in_the_log(stranger):
    with capture_logs() as logged:
        stranger.get("/start/nowhere")
    assert stranger.h1 == "We do not know this forum"
    assert "Go back to your forum" in stranger.text
    assert "governance platform" not in stranger.text
    assert [line["hint"] for line in logged] == [
        "there is no platform of this name; `governance platform list` shows them"
    ]


def test_words_of_records_keep_paragraphs_lists_and_emphasis():
    assert words("One **two**\n\n- three") == "<p>One <strong>two</strong></p>\n<ul>\n<li>three</li>\n</ul>\n"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![a](https://x.example/p)",
    ],
)
def test_words_of_records_carry_no_script_link_or_picture(hostile):
    cleaned = words(hostile)
    assert "<script" not in cleaned
    assert "<img" not in cleaned
    assert "<a" not in cleaned


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (1_790_000_000_000_000, "21 September 2026 at 15:13 (UK time)"),
        (1_795_000_000_000_000, "18 November 2026 at 11:06 (UK time)"),
    ],
)
def test_a_time_is_said_in_words_as_clocks_show_it_and_by_which_clock(app, instant, said):
    with app.test_request_context():
        assert moment(Instant(instant)) == said
        assert time_of_day(Instant(instant)) == said.partition(" at ")[2]


def test_a_misspelt_name_in_a_template_breaks_loudly(app):
    with app.test_request_context(), pytest.raises(UndefinedError):
        render_template_string("{{ emergncy }}")


def test_a_name_in_a_macro_is_escaped(app):
    template = "{{ nhsuk.button({'text': name}) }}"
    with app.test_request_context():
        assert "<b>" not in render_template_string(template, name="<b>bold</b>")


def test_a_form_with_an_unknown_field_is_refused():
    with pytest.raises(BadInputError):
        load(LevelSchema(), {"level": "seen", "others": "seen"})


def test_a_form_that_says_a_field_twice_is_refused(app):
    with app.test_request_context(method="POST", data={"level": ["seen", "closed"]}), pytest.raises(BadInputError):
        form_values()


def test_the_token_is_no_answer(app):
    with app.test_request_context(method="POST", data={"csrf_token": "t", "level": "seen"}):
        assert form_values() == {"level": "seen"}


def test_pages_after_choosing_have_one_heading_too(visitor, nurse):
    acknowledge(visitor)
    for page in (choose(visitor, members=[nurse]), visitor.get("/my/choices"), visitor.press("Hide me")):
        assert len(page.page.find_all("h1")) == 1
        assert page.page.title.get_text().startswith(page.h1)


def test_every_time_on_a_page_says_by_whose_clock():
    """By one module alone times are written, and each of its ways names the clock; a day alone has none to name."""
    written = [path for path in SOURCE.rglob("*") if path.suffix in {".py", ".html"} and "demo" not in path.parts]
    by_hand = [path for path in written if re.search(r"strftime|HH:mm|format_time", path.read_text(encoding="utf-8"))]
    assert [str(path.relative_to(SOURCE)) for path in by_hand] == ["ui/dates.py"]
    at = Instant(1_790_000_000_000_000)
    said = [moment(at), day_and_time(at), time_of_day(at), moment_there(at, "Asia/Tokyo")]
    assert [re.search(r"\((.+)\)$", one)[1] for one in said] == ["UK time", "UK time", "UK time", "Asia/Tokyo"]
