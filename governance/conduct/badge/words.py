"""The words of a badge, in a reader's language. They never say "verified" alone: always what was checked, and when."""

from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import wrap
from typing import NamedTuple

from babel.dates import format_datetime
from flask import g, render_template
from flask_babel import gettext

from governance.conduct.badge.service import Badge
from governance.decision.vocabulary import Instant
from governance.ui.clock import on_the_wall
from governance.ui.languages import ENGLISH, LANGUAGES, page_language
from governance.ui.professions import profession

_DAYS = {"en": "d MMMM", "es": "d 'de' MMMM"}
"""Without the year: no check that still counts is a year old. For programs it is sent with it."""
_LINE, _BOLD_LINE = 35, 31
"""Letters of a line of the picture, which is to stand whole on a small phone."""


class Said(NamedTuple):
    """A badge in words: who, what was checked, and what a reader must know besides."""

    heading: str
    text: str

    @property
    def all(self) -> str:
        """Everything in one, for whoever hears it."""
        return f"{self.heading}. {self.text}"


class Shown(NamedTuple):
    """The same to put into a page: HTML without any style, and a picture that can be read aloud."""

    html: str
    svg: str


def said(badge: Badge) -> Said:
    """Return the words of a badge in the language of the page."""
    sentences = [_checked(badge)]
    if badge.restricted:
        sentences.append(gettext("The register shows restrictions."))
    sentences.append(gettext("This is not advice for you."))
    return Said(_heading(badge), " ".join(sentences))


def shown(badge: Badge) -> Shown:
    """Return what a forum puts into its pages, in the language of the page."""
    words = said(badge)
    heading = wrap(words.heading, _BOLD_LINE)
    lines = [*heading, *wrap(words.text, _LINE)]
    html = render_template("conduct/badge.html", words=words)
    return Shown(
        html.strip(), render_template("conduct/badge.svg", words=words, lines=lines, bold=len(heading)).strip()
    )


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say what is said inside in a language, whatever the page speaks; one we do not have is English."""
    before, g.page_language = page_language(), language if language in LANGUAGES else ENGLISH
    try:
        yield
    finally:
        g.page_language = before


def _heading(badge: Badge) -> str:
    called = profession(badge.profession)
    if badge.name is not None:
        return f"{badge.name}, {called}"
    if badge.person:
        return str(gettext("Checked professional, name withheld (%(profession)s)", profession=called))
    return str(gettext("Professional, name withheld (%(profession)s)", profession=called))


def _checked(badge: Badge) -> str:
    day, register = "" if badge.checked is None else _day(badge.checked), badge.register
    if not day or not register:
        person = gettext("On a professional register.")
        number = gettext("On a professional register: number checked, person not checked.")
        return str(person if badge.person else number)
    if badge.person:
        return str(gettext("On the %(register)s register, checked %(day)s.", register=register, day=day))
    return str(
        gettext(
            "On the %(register)s register, checked %(day)s: number checked, person not checked.",
            register=register,
            day=day,
        )
    )


def _day(instant: Instant) -> str:
    at = on_the_wall(instant)
    return str(format_datetime(at, _DAYS[page_language()], tzinfo=at.tzinfo, locale=page_language()))
