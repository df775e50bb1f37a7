"""The whole way with a keyboard alone, from reading to hidden: every stop is seen, with JavaScript and without."""

import pytest

pytestmark = pytest.mark.browser

FOCUSED = r"""() => {
  const it = document.activeElement, ticks = ['radio', 'checkbox'].includes(it.type), label = it.labels?.[0];
  const ring = (of, part) => {
    if (!of) return false;
    const style = getComputedStyle(of, part);
    const line = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return (line && !/rgba\(.*, 0\)|transparent/.test(style.outlineColor)) || (part && style.boxShadow !== 'none');
  };
  const inside = it.tagName === 'SUMMARY' && getComputedStyle(it.firstElementChild).boxShadow !== 'none';
  const place = (ticks ? label : it).getBoundingClientRect();
  return {
    words: (label ?? it).textContent.trim().replace(/\s+/g, ' '),
    ringed: ring(it) || inside || (ticks && ring(label, '::before')),
    inView: place.bottom > 0 && place.top < innerHeight,
  };
}"""
MOST_STOPS = 60


class Hands:
    """Somebody who has Tab, the arrows, Space and Enter. `unseen` are the stops at which nothing shows where one is."""

    def __init__(self, phone):
        self.page, self.unseen = phone.page, []

    def to(self, words):
        """Go on by Tab to what is called so."""
        for _ in range(MOST_STOPS):
            if self.step("Tab").startswith(words):
                return
        raise AssertionError(f"Tab leads to no `{words}` on {self.page.url}")

    def step(self, key):
        self.page.keyboard.press(key)
        stop = self.page.evaluate(FOCUSED)
        if not (stop["ringed"] and stop["inView"]):
            self.unseen.append(f"{self.page.url}: {stop['words'][:40]}")
        return stop["words"]

    def press(self, words):
        """Go to a button or link, and press it."""
        self.to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def pick(self, first, wanted):
        """Go into a group of radios by its first one, and on by the arrows."""
        self.to(first)
        self.page.keyboard.press("Space")
        words = first
        for _ in range(10):
            if words.startswith(wanted):
                return
            words = self.step("ArrowDown")
        raise AssertionError(f"the arrows lead to no `{wanted}` on {self.page.url}")

    @property
    def first_radio(self):
        return self.page.locator("main label").first.text_content().strip()


def answers_all_questions(hands):
    while "/understanding/" in hands.page.url:
        hands.pick(hands.first_radio, hands.first_radio)
        hands.press("See if that is right")
        hands.press("Go on")


@pytest.mark.usefixtures("nurse", "doctor")
@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_with_a_keyboard_alone_reads_chooses_and_hides(phones, forum, javascript):
    phone = phones(forum, "ana", javascript=javascript)
    hands = Hands(phone)
    phone.open("/disclosure/must-knows")
    assert hands.step("Tab") == "Skip to main content"
    hands.press("Go on")
    answers_all_questions(hands)
    hands.press("I have been told")
    hands.pick("Closed", "Answered")
    hands.press("Go on")
    hands.pick("Closed", "Seen")
    hands.press("Go on")
    hands.to("Nora Quill")
    phone.page.keyboard.press("Space")
    hands.press("Go on")
    assert "Nora Quill" in phone.page.locator("main").text_content()
    hands.press("Save my choices")
    hands.press("Go to my choices")
    hands.press("Hide me from everyone")
    assert "You are hidden from now on." in phone.page.locator("main").text_content()
    hands.press("Undo my last change")
    assert "Your last change is undone." in phone.page.locator("main").text_content()
    phone.shoot(f"keyboard-undone-{'script' if javascript else 'no-script'}")
    assert hands.unseen == []
