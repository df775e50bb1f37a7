"""The walk of `governance demo --check`: a patient says no through the forum, and every page of a doctor follows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import requests

from governance.demo.browser import Browser, LostError
from governance.demo.household import Household
from governance.demo.report import Report, Step

SHOWN: Final = "shown"
ABSENT: Final = "absent"
PEOPLE: Final = {"ana": "Ana, patient", "cal": "Cal, patient", "dan": "Dan, doctor", "nia": "Nia, nurse"}
_READ: Final = frozenset({requests.codes.ok, requests.codes.not_found})
"""A page that broke shows nothing either, and must not pass for one that hides."""


@dataclass(frozen=True, slots=True)
class Surface:
    """Something on a page of the forum that tells of Ana, and words of the post behind it if it is one."""

    name: str
    path: str
    words: str
    post: str = ""


# Words that one post alone says.
_NIGHTS: Final = "scared of the nights"
_THANKS: Final = "Thank you for saying it first"
_RUNNING: Final = "I have started running after work"
_LORRY: Final = "like a reversing lorry"
_TIRED: Final = "Tired of being asked"
POST: Final = Surface("thread: Ana's post", "/t/night-lows", _NIGHTS, _NIGHTS)
QUOTE: Final = Surface("thread: Cal's quote of Ana", "/t/night-lows", _THANKS, _THANKS)
OTHERS: Final = Surface("thread: Ben's post", "/t/night-lows", _RUNNING, _RUNNING)
TITLE: Final = Surface("list: Ana's title", "/c/ask-together", "Do I tell my new boss", _LORRY)
FULL_COUNT: Final = Surface("list: 6 posts counted", "/c/ask-together", "Ben \u00b7 6 posts")
LESS_COUNTED: Final = Surface("list: 4 posts counted", "/c/ask-together", "Ben \u00b7 4 posts")
THREAD: Final = Surface("Ana's thread", "/t/new-boss", _LORRY, _LORRY)
PROFILE: Final = Surface("Ana's profile: her post", "/m/ana", _NIGHTS, _NIGHTS)
FRONT: Final = Surface("front page: last post is Ana's", "/", ", Ana,", "Did it last summer")
SEARCH: Final = Surface("search: Ana's post", "/search?q=nights", _NIGHTS, _NIGHTS)
LAMENT: Final = Surface("Ana's post that needs her yes", "/t/bad-week", _TIRED, _TIRED)
ALL_OF_ANA: Final = (FRONT, TITLE, FULL_COUNT, POST, QUOTE, THREAD, PROFILE, LAMENT)


def walk(household: Household, report: Report) -> None:
    """Take every step, in order; a step that finds no way on is reported and ends the walk."""
    walker = _Walker(household, report)
    for part in (walker.before, walker.ana_reads_and_chooses, walker.after, walker.ana_hides, walker.hidden):
        try:
            part()
        except (LostError, requests.RequestException) as error:
            report.add(Step("the walk", part.__name__.replace("_", " "), "a way on", str(error)))
            return


class _Walker:
    """People at their browsers, and a platform that asks for decisions."""

    def __init__(self, household: Household, report: Report) -> None:
        self._household = household
        self._report = report
        self._decisions = requests.Session()
        self._decisions.trust_env = False
        self._decisions.headers["Authorization"] = f"Bearer {household.token('decisions:evaluate')}"
        self._people = {account: self._sign_in(account) for account in ("ana", "cal", "dan", "nia")}

    def before(self) -> None:
        """What everybody sees before Ana has chosen anything."""
        # Where professionals see only what was permitted, nobody has permitted anything yet.
        for professional in ("dan", "nia"):
            self._see(professional, SHOWN, *(surface for surface in ALL_OF_ANA if surface is not LAMENT))
            self._see(professional, ABSENT, LAMENT)
        self._see("cal", SHOWN, *ALL_OF_ANA, SEARCH)

    def ana_reads_and_chooses(self) -> None:
        """Follow the forum's link, sign in through the forum, be told, choose, check and confirm."""
        ana = self._people["ana"]
        ana.open(self._household.forum_url)
        self._reach(
            "ana", "follows the forum's link", lambda: ana.follow("Your choices about health professionals"), "/start/"
        )
        ana.follow("Sign in through your forum")
        self._reach(
            "ana", "is asked by her forum first", lambda: ana.page, f"{self._household.forum_url}/oauth/authorize"
        )
        self._reach("ana", "signs in through the forum", lambda: ana.press("Go on as Ana"), self._household.service_url)
        self._reach("ana", "reads the must-knows", lambda: ana.page, "/disclosure/must-knows")
        self._note("ana", "counts the must-knows", "6 of 6", "6 of 6" if "6 of 6" in ana.page.text else "fewer")
        questions = self._answer_questions(ana)
        self._note("ana", "checks what she understood", "all right", "all right" if questions else "none asked")
        self._reach(
            "ana", "says that she was told", lambda: ana.press(ana.page.forms[0].controls[-1].label), "/choices/"
        )
        self._reach("ana", "care team: answered", lambda: ana.press("Go on", {"level": "answered"}), "/choices/others")
        self._reach("ana", "all others: closed", lambda: ana.press("Go on", {"level": "closed"}), "/choices/team")
        self._reach("ana", "names her nurse", lambda: ana.press("Go on", {"members": "Nia Okafor"}), "/choices/check")
        self._note("ana", "finds Nia among her answers", SHOWN, SHOWN if "Nia Okafor" in ana.page.text else ABSENT)
        self._reach("ana", "confirms", lambda: ana.press("Save my choices"), "/my/choices/saved")

    def after(self) -> None:
        """The doctor sees nothing of her any more, her nurse and her peers do."""
        self._see("dan", ABSENT, *ALL_OF_ANA, SEARCH)
        self._see("dan", SHOWN, OTHERS, LESS_COUNTED)
        self._see("nia", SHOWN, *ALL_OF_ANA)
        self._see("cal", SHOWN, *ALL_OF_ANA, SEARCH)

    def ana_hides(self) -> None:
        """Press *Hide me*."""
        ana = self._people["ana"]
        ana.open(f"{self._household.service_url}/my/choices")
        self._reach("ana", "presses Hide me", lambda: ana.press("Hide me"), "/my/choices")

    def hidden(self) -> None:
        """No professional sees anything of her, her peers and she herself still do."""
        for professional in ("nia", "dan"):
            self._see(professional, ABSENT, *ALL_OF_ANA, SEARCH)
            self._see(professional, SHOWN, OTHERS, LESS_COUNTED)
        self._see("cal", SHOWN, *ALL_OF_ANA, SEARCH)
        self._see("ana", SHOWN, *ALL_OF_ANA)

    def _see(self, who: str, expected: str, *surfaces: Surface) -> None:
        """Look at each page, and ask for the decision on the same post: both must say the same."""
        for surface in surfaces:
            page = self._people[who].open(self._household.forum_url + surface.path)
            seen = SHOWN if surface.words in page.text else ABSENT
            permit, reason = self._decision(who, surface.post) if surface.post else (expected == SHOWN, "")
            if page.status not in _READ:
                seen = f"a broken page ({page.status})"
            elif permit is not (expected == SHOWN):
                seen = f"{seen}, but the decision says otherwise"
            self._report.add(Step(PEOPLE[who], surface.name, expected, seen, reason))

    def _reach(self, who: str, what: str, go: Callable[[], object], where: str = "") -> None:
        """Go on, and note where that led; a page that is no success is never what was expected."""
        go()
        page = self._people[who].page
        there = page.status == requests.codes.ok and where in page.url
        expected = where or "a page"
        self._note(who, what, expected, expected if there else f"{page.status} at {page.url}")

    def _note(self, who: str, what: str, expected: str, seen: str) -> None:
        self._report.add(Step(PEOPLE[who], what, expected, seen))

    def _decision(self, who: str, post: str) -> tuple[object, str]:
        """Return what the decision API says of a post, and its reason."""
        address = f"{self._household.service_url}/access/v1/evaluation"
        response = self._decisions.post(address, json=self._household.question(who, post), timeout=15)
        response.raise_for_status()
        answer = response.json()
        return answer["decision"], answer["context"]["reason"]

    def _sign_in(self, account: str) -> Browser:
        browser = Browser()
        browser.open(f"{self._household.forum_url}/people")
        browser.press(account.capitalize())
        return browser

    def _answer_questions(self, ana: Browser) -> int:
        """Answer every question of the short check until it is right, as somebody does who reads; return how many."""
        asked = 0
        ana.follow("Go on")
        while "/understanding/" in ana.page.url:
            asked += 1
            question = ana.page.url
            for choice in [offered.value for offered in ana.page.form_with("See if that is right").offered("answer")]:
                ana.open(question)
                ana.press("See if that is right", {"answer": choice})
                if not any("Try again" in words for words, _ in ana.page.links):
                    break
            ana.follow("Go on")
        return asked


def _button_to(browser: Browser, action: str) -> str:
    """Return the words of the button that sends a form to `action`; they are part of the policy, not of the page."""
    for form in browser.page.forms:
        if form.action.endswith(action):
            return next(control.label for control in form.controls if control.kind == "submit")
    raise LostError(f"no form to `{action}` at {browser.page.url}")
