"""People at their browsers, and a platform that asks for decisions: what every chapter of the walk is made of."""

from collections.abc import Callable, Mapping
from typing import Final

import requests

from governance.decision.vocabulary import Action
from governance.demo.browser import Browser
from governance.demo.household import Household
from governance.demo.report import Report, Step
from governance.demo.surfaces import Surface

SHOWN: Final = "shown"
ABSENT: Final = "absent"
PEOPLE: Final = {
    "ana": "Ana, patient",
    "cal": "Cal, patient",
    "dan": "Dan, doctor",
    "nia": "Nia, nurse",
    "mo": "Mo, moderator",
    "pia": "Pia, dietitian",
    "vera": "Vera, verifier",
    "olu": "Olu, officer",
}
_READ: Final = frozenset({requests.codes.ok, requests.codes.not_found})
"""A page that broke shows nothing either, and must not pass for one that hides."""


class Walker:
    """Takes steps and notes what each was to show and what it showed."""

    def __init__(self, household: Household, report: Report) -> None:
        """Sign in everybody at the forum, staff at the service."""
        self.forum_url = household.forum_url
        self.service_url = household.service_url
        self._household = household
        self._report = report
        self._decisions = requests.Session()
        self._decisions.trust_env = False
        self._decisions.headers["Authorization"] = f"Bearer {household.token('decisions:evaluate')}"
        self.people = {account: self._sign_in(account) for account in PEOPLE}

    def see(self, who: str, expected: str, *surfaces: Surface, action: Action = Action.VIEW) -> None:
        """Look at each page, and ask for the decision on the same post: both must say the same."""
        for surface in surfaces:
            page = self.people[who].open(self.forum_url + surface.path)
            if surface.link:
                page = self.people[who].follow(surface.link)
            seen = SHOWN if surface.words in page.text else ABSENT
            permit, reason = self._decision(who, surface, action) or (expected == SHOWN, "")
            if page.status not in _READ:
                seen = f"a broken page ({page.status})"
            elif permit is not (expected == SHOWN):
                seen = f"{seen}, but the decision says otherwise"
            self._report.add(Step(PEOPLE[who], surface.name, expected, seen, reason))

    def reach(self, who: str, what: str, go: Callable[[], object], where: str = "") -> None:
        """Go on, and note where that led; a page that is no success is never what was expected."""
        go()
        page = self.people[who].page
        there = page.status == requests.codes.ok and where in page.url
        expected = where or "a page"
        self.note(who, what, expected, expected if there else f"{page.status} at {page.url}")

    def press(self, who: str, what: str, words: str, given: Mapping[str, str] | None = None, to: str = "") -> None:
        """Press a button, fields as `given`, and note whether that led `to` where it should."""
        self.reach(who, what, lambda: self.people[who].press(words, given), to)

    def note(self, who: str, what: str, expected: str, seen: str) -> None:
        """Note one step."""
        self._report.add(Step(PEOPLE[who], what, expected, seen))

    def post_id(self, words: str) -> str:
        """Return the id of the oldest post with these words."""
        return self._household.post_id(words)

    def _decision(self, who: str, surface: Surface, action: Action) -> tuple[object, str] | None:
        """Return what the decision API says of what is there, and its reason; None where there is nothing to ask."""
        if surface.finds:
            question = self._household.question_of(who, "ana", surface.finds[0])
        elif surface.post:
            question = self._household.question(who, surface.post, action)
        else:
            return None
        response = self._decisions.post(f"{self.service_url}/access/v1/evaluation", json=question, timeout=15)
        response.raise_for_status()
        answer = response.json()
        return answer["decision"], answer["context"]["reason"]

    def _sign_in(self, account: str) -> Browser:
        browser = Browser()
        browser.open(f"{self.forum_url}/people")
        browser.press(account.capitalize())
        return browser
