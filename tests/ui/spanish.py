"""A reader whose pages are all in Spanish, and who notes every English sentence that meets them."""

from dataclasses import dataclass, field
from functools import cache

from bs4 import BeautifulSoup

from tests.ui import catalogue
from tests.ui.visits import Visitor
from tests.ui.words_left import english_in


@dataclass
class SpanishReader(Visitor):
    """One browser; `left` is what was English on which page, `pages` how many there were."""

    left: dict[str, list[str]] = field(default_factory=dict)
    pages: int = 0

    def _shows(self, answer):
        super()._shows(answer)
        self.pages += 1
        assert self.page.html["lang"] == "es", self.path
        found = english_in(BeautifulSoup(str(self.page), "html.parser")) + short_in(self.page)
        if found:
            self.left[f"{self.path} ({self.h1})"] = found
        return self


def in_spanish(visitor):
    """Return the same person reading in Spanish."""
    visitor.client.set_cookie("governance_language", "es")
    return SpanishReader(visitor.client)


def short_in(page):
    """Return what stands on a page as it stands in the catalogue: one word of English is no sentence to be found."""
    return [text for text in (" ".join(one.split()) for one in page.stripped_strings) if text in _said_otherwise()]


@cache
def _said_otherwise():
    singles = (one for one in catalogue.written("es") if isinstance(one.id, str))
    return {one.id for one in singles if one.id and one.string and one.id != one.string}
