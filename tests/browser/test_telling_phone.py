"""Telling us something on a phone: a person in trouble, in three minutes, without JavaScript too."""

import time

import pytest

from tests.browser.pressing import press
from tests.browser.test_phone import faults
from tests.reporting.telling import answers, opens_an_office, picture

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "start": "Start",
        "on": "Go on",
        "send": "Send",
        "add": "Add this picture",
        "have": "I have the code",
        "open": "Open",
    },
    "es": {
        "start": "Empezar",
        "on": "Seguir",
        "send": "Enviar",
        "add": "Añadir esta imagen",
        "have": "Tengo el código",
        "open": "Abrir",
    },
}


@pytest.fixture
def office(forum):
    return opens_an_office(forum)


def press_button(phone, text):
    press(phone.page.get_by_role("button", name=text, exact=True).first)


def walk(phone, words, *, danger="no", shots=()):
    """Go the whole way as somebody does who is in a hurry; yield each page's name before it is answered."""
    page = phone.page
    phone.open("/tell-us")
    yield "start"
    press_button(phone, words["start"])
    yield "danger"
    page.locator(f"#danger{'' if danger == 'yes' else '-2'}").check()
    press_button(phone, words["on"])
    yield "what"
    page.locator("#what").fill("A nurse asked me at night for a picture. I am fourteen.")
    press_button(phone, words["on"])
    yield "about"
    page.locator("input[value=boundary]").check()
    press_button(phone, words["on"])
    yield "where"
    press_button(phone, words["on"])
    yield "who"
    page.locator("#who").fill("N. Ward")
    press_button(phone, words["on"])
    yield "young"
    page.locator("input[value=me]").check()
    press_button(phone, words["on"])
    yield "pictures"
    for one in shots:
        page.locator("#picture").set_input_files({"name": "IMG.png", "mimeType": "image/png", "buffer": one})
        press_button(phone, words["add"])
        yield "pictures-one"
    press_button(phone, words["on"])
    yield "wish"
    press_button(phone, words["on"])
    yield "reach"
    page.locator("input[name=reach][value=code]").check()
    press_button(phone, words["on"])
    yield "check"
    press_button(phone, words["send"])
    yield "code"


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_whole_form_has_no_fault(phones, language):
    phone = phones(language=language)
    found = {}
    for name in walk(phone, WORDS[language], danger="yes", shots=[picture()]):
        phone.shoot(f"{language}-tell-{name}")
        assert phone.page.locator("html").get_attribute("lang") == language
        found[name] = faults(phone)
    press(phone.page.locator("details summary").first)
    press_button(phone, WORDS[language]["have"])
    phone.shoot(f"{language}-tell-code-wrong")
    found["wrong"] = faults(phone)
    code = phone.page.locator(".code").inner_text()
    phone.page.locator("#last").fill(code[-4:])
    press_button(phone, WORDS[language]["have"])
    phone.shoot(f"{language}-tell-done")
    found["done"] = faults(phone)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_way_back_has_no_fault(phones, forum, office, language):
    phone, words = phones(language=language), WORDS[language]
    for _ in walk(phone, words):
        pass
    code = phone.page.locator(".code").inner_text()
    answers(forum, office["olu"], "We have read it. The person cannot write to you any more.")
    other, found = phones(language=language), {}
    other.open("/answers")
    other.shoot(f"{language}-talk-code")
    found["code"] = faults(other)
    other.page.locator("#code").fill("wrong")
    press_button(other, words["open"])
    other.shoot(f"{language}-talk-wrong")
    found["wrong"] = faults(other)
    other.page.locator("#code").fill(code)
    press_button(other, words["open"])
    press(other.page.locator("details summary").first)
    other.shoot(f"{language}-talk-inbox")
    found["inbox"] = faults(other)
    press(other.page.locator("button[value=back]"))
    other.shoot(f"{language}-talk-back")
    found["back"] = faults(other)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.usefixtures("office")
def test_without_javascript_it_takes_twelve_pages_and_no_time_of_ours(phones):
    phone = phones(javascript=False)
    began = time.perf_counter()
    pages = list(walk(phone, WORDS["en"]))
    spent = time.perf_counter() - began
    assert len(pages) == 12
    # A person reads and types for the rest of the three minutes.
    assert spent < 40, f"{spent:.1f} s"
    assert phone.complaints == []
    assert {url.split("/", 3)[3] for url in phone.asked if "/static/" not in url} == {"tell-us"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_closed_form_has_no_fault(phones, language):
    phone = phones(language=language)
    phone.open("/tell-us")
    phone.shoot(f"{language}-tell-closed")
    assert [line for line in faults(phone) if "status of 503" not in line] == []
