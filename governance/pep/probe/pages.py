"""What a page holds: its visible text, its links and its forms."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_LEADS: Final = {"a": "href", "link": "href", "area": "href", "img": "src", "iframe": "src", "source": "src"}
_UNSEEN: Final = frozenset({"script", "style", "template"})
_TYPED: Final = frozenset({"text", "search", "textarea", "password", "email"})
_SEARCHES: Final = re.compile(r"search|query|keyword|^q$|^s$|^words$", re.IGNORECASE)


@dataclass(slots=True)
class Form:
    """A form as the page has it; `choices` holds what else may be picked, by field."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: set[str] = field(default_factory=set)

    def names(self) -> set[str]:
        """Return the names of all fields and buttons."""
        return {*self.values, *self.typed, *self.choices, *self.buttons}

    def searches_by(self) -> str | None:
        """Return the field to search by, if this is a search."""
        named = [name for name in self.typed if _SEARCHES.search(name)]
        return named[0] if named else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page, read."""

    text: str
    links: list[str]
    forms: list[Form]


def read_page(html: str) -> Page:
    """Read a page; a broken one as far as it goes."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Page(" ".join(" ".join(reader.seen).split()), reader.links, reader.forms)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._hidden = 0
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._hidden += 1
        if tag in _LEADS and said.get(_LEADS[tag]):
            self.links.append(said[_LEADS[tag]])
        if tag == "form":
            self.forms.append(Form(said.get("action", ""), said.get("method", "get").lower()))
        elif self.forms:
            self._control(self.forms[-1], tag, said)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.seen.append(data)

    def _control(self, form: Form, tag: str, said: dict[str, str]) -> None:
        name, value = said.get("name", ""), said.get("value", "")
        kind = "textarea" if tag == "textarea" else said.get("type", "text").lower()
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(value)
            form.values.setdefault(self._select, value)
            if "selected" in said:
                form.values[self._select] = value
        elif tag == "button" or (tag == "input" and kind in {"submit", "button", "image"}):
            if name:
                form.buttons.add(name)
        elif tag in {"input", "textarea"} and name:
            self._field(form, name, kind, value, ticked="checked" in said)

    def _field(self, form: Form, name: str, kind: str, value: str, *, ticked: bool) -> None:
        if kind in _TYPED:
            form.typed.append(name)
            form.values.setdefault(name, value)
        elif kind == "radio":
            form.choices.setdefault(name, []).append(value)
            if ticked:
                form.values[name] = value
        elif kind == "checkbox":
            if ticked:
                form.values[name] = value or "on"
        elif kind != "file":
            form.values[name] = value
