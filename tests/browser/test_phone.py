"""Every page on a phone of 360 by 740: no fault that axe finds, nothing cut off, nothing too small to press.

Nothing is cut off either on a screen of 320 pixels (WCAG 1.4.10), there with letters twice as large too (1.4.4).
"""

import re

import pytest
from flask import abort

from tests.browser.pressing import press

pytestmark = pytest.mark.browser

SIZES = """() => [...document.querySelectorAll('a[href], button, summary, [class$=radios__item], [class$=boxes__item]')]
  .filter(e => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const inSentence = e.tagName === 'A' && e.parentElement.tagName === 'P' && style.display === 'inline';
    const offScreen = e.classList.contains('nhsuk-skip-link');
    return box.width && box.height < 43.5 && !inSentence && !offScreen;
  })
  .map(e => `${e.textContent.trim().slice(0, 40)}: ${e.getBoundingClientRect().height} px high`)"""
REFUSED = re.compile(r"status of (404|409|422)")
"""What a browser says of a page that refuses: no fault of ours."""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

CUT = """() => [...document.querySelectorAll('body *')].filter(e => {
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || style.visibility === 'hidden' || style.position === 'absolute') return false;
    const clips = ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
    const cut = clips && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
    return cut || box.right > document.documentElement.clientWidth + 1 || box.left < -1;
  }).slice(0, 5).map(e => `<${e.tagName.toLowerCase()} class="${e.className}"> ${e.textContent.trim().slice(0, 40)}`)"""
NARROW = {"width": 320, "height": 640}
LARGE = "size => { document.documentElement.style.fontSize = size }"

FOR_ANYBODY = ["/", "/start/t1d-forum", "/whom-to-call", "/sign-in", "/no-such-page"]
SIGNED_IN = [
    "/my/choices",
    "/disclosure/must-knows",
    "/disclosure/must-knows?variant=child",
    "/disclosure/must-knows?variant=easy_read",
    "/disclosure/more",
    "/disclosure/understanding/who_reads",
    "/disclosure/acknowledge",
    "/choices/care-team",
    "/choices/others",
    "/choices/team",
    "/choices/people",
    "/my/see-as",
    "/my/sessions",
    "/prove",
    "/my/proof",
    "/professional",
    "/professional/register/register",
]
LANGUAGES = ["en", "es"]


def faults(phone):
    """Return everything that is wrong with the page on the screen."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe: pip install -e '.[dev]'")
    found = [f"axe: {v['id']}: {v['nodes'][0]['html'][:120]}" for v in axe.Axe().run(phone.page).response["violations"]]
    found += phone.page.evaluate(SIZES)
    found += [*too_wide(phone), *when_narrow(phone)]
    found += [f"asks {asked}" for asked in phone.asked if not asked.startswith(phone.address)]
    return [*found, *(line for line in phone.complaints if not REFUSED.search(line))]


def too_wide(phone, when=""):
    wide = phone.page.evaluate(TOO_WIDE)
    return [f"{wide} px too wide{when}"] if wide > 0 else []


def when_narrow(phone):
    """Return what is cut off on the narrowest screen, with letters as they are and twice as large."""
    before, found = phone.page.viewport_size, []
    phone.page.set_viewport_size(NARROW)
    for size in ("100%", "200%"):
        phone.page.evaluate(LARGE, size)
        when = f" at 320 px, letters {size}"
        found += [*too_wide(phone, when), *(f"cut off{when}: {what}" for what in phone.page.evaluate(CUT))]
    phone.shoot_narrow()
    phone.page.evaluate(LARGE, "")
    phone.page.set_viewport_size(before)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", FOR_ANYBODY)
def test_a_page_for_anybody_has_no_fault(phones, path, language):
    phone = phones(language=language)
    phone.open(path)
    phone.shoot(f"{language}-anybody{path.replace('/', '-')}")
    assert faults(phone) == []


@pytest.mark.usefixtures("nurse", "doctor")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_somebody_signed_in_have_no_fault(phones, forum, language):
    phone = phones(forum, "ana", language=language)
    found = {}
    for path in SIGNED_IN:
        phone.open(path)
        assert phone.page.locator("html").get_attribute("lang") == language
        phone.shoot(f"{language}-new{path.replace('/', '-').replace('?', '-')}")
        found[path] = faults(phone)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.usefixtures("nurse", "doctor")
def test_the_whole_way_from_reading_to_hidden_has_no_fault(phones, forum):
    phone = phones(forum, "ana")
    found = {}
    for name in walk(phone):
        phone.shoot(name)
        found[name] = faults(phone)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.usefixtures("nurse", "doctor")
def test_the_whole_way_works_without_javascript_and_under_our_content_policy(phones, forum):
    phone = phones(forum, "ana", javascript=False)
    seen = list(walk(phone))
    assert seen[-1] == "hidden"
    assert "You are hidden" in phone.page.content()
    assert [line for line in phone.complaints if not REFUSED.search(line)] == []


@pytest.mark.usefixtures("nurse", "doctor")
def test_the_whole_way_has_no_fault_in_the_readers_own_colours(phones, forum):
    phone = phones(forum, "ana")
    phone.page.emulate_media(forced_colors="active")
    found = {}
    for name in walk(phone):
        phone.shoot(f"forced-{name}")
        found[name] = faults(phone)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("status", [400, 403, 405, 409, 413, 429, 500])
def test_a_page_that_refuses_has_no_fault_and_leads_home(phones, forum, status):
    forum.add_url_rule("/fails", "fails", lambda: abort(status))
    phone = phones()
    phone.open("/fails")
    phone.shoot(f"error-{status}")
    assert [line for line in faults(phone) if f"status of {status}" not in line] == []
    press(phone.page.get_by_role("link", name="Go to the first page"))
    assert phone.page.url == f"{phone.address}/"


def test_opening_more_closes_again_on_every_page_with_a_keyboard_alone(phones, forum):
    phone = phones(forum, "ana")
    phone.open("/disclosure/more")
    summary = phone.page.locator("summary").first
    summary.focus()
    phone.page.keyboard.press("Enter")
    assert phone.page.locator("details").first.get_attribute("open") is not None


def test_the_skip_link_is_the_first_stop_of_the_keyboard(phones):
    phone = phones()
    phone.open("/")
    phone.page.keyboard.press("Tab")
    assert phone.page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"


def walk(phone):
    """Go the whole way, yielding the name of each page that was not opened by its address before."""
    page = phone.page
    phone.open("/disclosure/must-knows")
    press(page.get_by_role("button", name="Go on"))
    phone.press("See if that is right")
    yield "question-nothing-picked"
    page.get_by_label("No nurse or doctor at all").check()
    phone.press("See if that is right")
    yield "answer-wrong"
    press(page.get_by_role("button", name="Try again"))
    page.get_by_label("People who are signed out").check()
    phone.press("See if that is right")
    yield "answer-right"
    phone.open("/disclosure/acknowledge")
    phone.press("I have been told")
    phone.press("Go on")
    yield "level-nothing-picked"
    page.get_by_label("Answered", exact=True).check()
    phone.press("Go on")
    page.get_by_label("Closed", exact=True).check()
    phone.press("Go on")
    page.get_by_label("Nora Quill").check()
    phone.press("Go on")
    yield "check"
    phone.press("Save my choices")
    yield "saved"
    phone.open("/choices/others")
    page.get_by_label("Seen", exact=True).check()
    phone.press("Go on")
    phone.press("Save my choices")
    yield "not-yet"
    phone.open("/my/choices")
    yield "my-choices"
    phone.press("Hide me from everyone")
    yield "hidden"
