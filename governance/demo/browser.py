"""A small browser for the walk: keeps cookies, follows links and sends the forms that it finds in the HTML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin

import requests

_ANSWER_SECONDS: Final = 15
_UNSEEN: Final = frozenset({"head", "script", "style", "template"})
_TYPED: Final = frozenset({"text", "search", "textarea", "password"})
_WITHOUT_END: Final = frozenset({"input", "br", "hr", "img", "link", "meta", "source", "wbr", "area", "base", "col"})


class LostError(Exception):
    """The page does not have what the walk was told to look for."""


@dataclass(slots=True)
class Control:
    """One field of a form, with the words that stand beside it."""

    kind: str
    name: str
    value: str
    label: str = ""
    on: bool = True


@dataclass(slots=True)
class Form:
    """A form as the page has it."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)

    def offered(self, name: str) -> list[Control]:
        """Return the choices under a name, in the order of the page."""
        return [control for control in self.controls if control.name == name and control.kind in {"radio", "checkbox"}]

    def choose(self, name: str, wanted: str) -> None:
        """Pick by value or by the words beside it, as a person would; raises `LostError` if it is not on offer."""
        offered = self.offered(name)
        found = [choice for choice in offered if wanted in {choice.value, choice.label}]
        if not found:
            raise LostError(f"`{wanted}` is not among {[choice.label for choice in offered]}")
        for choice in offered:
            choice.on = choice in found or (choice.kind == "checkbox" and choice.on)

    def type(self, name: str, text: str) -> None:
        """Type into a field; raises `LostError` if there is none."""
        for control in self.controls:
            if control.name == name and control.kind in _TYPED:
                control.value = text
                return
        raise LostError(f"no field `{name}` to type into")

    def fill(self, name: str, wanted: str) -> None:
        """Pick where there is something to pick, type elsewhere; raises `LostError`."""
        if self.offered(name):
            self.choose(name, wanted)
        else:
            self.type(name, wanted)

    def button(self, words: str) -> Control:
        """Return the button with these words; raises `LostError`."""
        for control in self.controls:
            if control.kind == "submit" and words in control.label:
                return control
        raise LostError(f"no button `{words}`")

    def sent_with(self, button: Control) -> list[tuple[str, str]]:
        """Return what a browser would send when this button is pressed."""
        pressed = [
            control for control in self.controls if control.on and (control.kind != "submit" or control is button)
        ]
        return [(control.name, control.value) for control in pressed if control.name]


@dataclass(slots=True)
class Page:
    """What came back, read."""

    status: int
    url: str
    text: str
    links: list[tuple[str, str]]
    forms: list[Form]

    def form_with(self, words: str, at: str = "") -> Form:
        """Return the form that has a button with these words and is sent somewhere with `at`; raises `LostError`."""
        for form in self.forms:
            if at in form.action and any(
                control.kind == "submit" and words in control.label for control in form.controls
            ):
                return form
        raise LostError(f"no form with a button `{words}` at {self.url}")

    def link(self, words: str) -> str:
        """Return where the link with these words leads; raises `LostError`."""
        for text, address in self.links:
            if words in text:
                return address
        raise LostError(f"no link `{words}` at {self.url}")


class Browser:
    """One person's browser."""

    def __init__(self) -> None:
        """Begin with no cookies."""
        self._session = requests.Session()
        # A proxy of the machine has nothing to do with loopback.
        self._session.trust_env = False
        self.page = Page(0, "", "", [], [])

    def open(self, address: str) -> Page:
        """Load a page, redirects followed."""
        return self._read(self._session.get(urljoin(self.page.url, address), timeout=_ANSWER_SECONDS))

    def follow(self, words: str) -> Page:
        """Follow the link with these words."""
        return self.open(self.page.link(words))

    def press(self, words: str, given: Mapping[str, str] | None = None, at: str = "") -> Page:
        """Send the form that has this button, fields as the page filled them but for those `given` (by name)."""
        form = self.page.form_with(words, at)
        for name, wanted in (given or {}).items():
            form.fill(name, wanted)
        address = urljoin(self.page.url, form.action)
        sent = form.sent_with(form.button(words))
        if form.method == "post":
            return self._read(self._session.post(address, data=sent, timeout=_ANSWER_SECONDS))
        return self._read(self._session.get(address, params=sent, timeout=_ANSWER_SECONDS))

    def _read(self, response: requests.Response) -> Page:
        reader = _Reader()
        reader.feed(response.text)
        text = " ".join("".join(reader.seen).split())
        self.page = Page(response.status_code, response.url, text, list(reader.all_links()), reader.forms)
        return self.page


class _Reader(HTMLParser):
    """Collects the visible text, the links and the forms of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.forms: list[Form] = []
        self._open: list[str] = []
        self._links: list[tuple[list[str], str]] = []
        self._labels: dict[str, list[str]] = {}
        self._ids: dict[str, Control] = {}
        self._taking: dict[str, list[str]] = {}
        """Words gathered for the element that is open, by its tag."""

    def all_links(self) -> Iterator[tuple[str, str]]:
        """Yield the words and the address of every link."""
        for words, address in self._links:
            yield " ".join("".join(words).split()), address

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag not in _WITHOUT_END:
            self._open.append(tag)
        if tag == "a" and "href" in said:
            self._links.append((self._take(tag), said["href"]))
        elif tag == "form":
            self.forms.append(Form(said.get("action", ""), said.get("method", "get").lower()))
        elif tag == "label":
            self._labels[said.get("for", "")] = self._take(tag)
        elif tag in {"input", "button", "textarea"} and self.forms:
            self._control(tag, said)

    def handle_endtag(self, tag: str) -> None:
        words = self._taking.pop(tag, None)
        if words is not None:
            self._name(tag, " ".join("".join(words).split()))
        while tag in self._open and self._open.pop() != tag:
            # Tags that nobody closed end with the one around them.
            pass

    def handle_data(self, data: str) -> None:
        if _UNSEEN.intersection(self._open):
            return
        self.seen.append(data)
        for words in self._taking.values():
            words.append(data)

    def _take(self, tag: str) -> list[str]:
        self._taking[tag] = []
        return self._taking[tag]

    def _control(self, tag: str, said: Mapping[str, str]) -> None:
        kind = {"button": "submit", "textarea": "textarea"}.get(tag) or said.get("type", "text")
        ticked = kind not in {"radio", "checkbox"} or "checked" in said
        value = said.get("value", "on" if kind == "checkbox" else "")
        control = Control(kind, said.get("name", ""), value, on=ticked)
        self.forms[-1].controls.append(control)
        if tag in {"button", "textarea"}:
            self._take(tag)
        elif kind == "submit":
            control.label = control.value
        self._ids[said.get("id", "")] = control

    def _name(self, tag: str, words: str) -> None:
        if tag == "button" and self.forms and self.forms[-1].controls:
            self.forms[-1].controls[-1].label = words
        elif tag == "textarea" and self.forms and self.forms[-1].controls:
            self.forms[-1].controls[-1].value = words
        elif tag == "label":
            for control_id in self._labels:
                if control_id in self._ids and not self._ids[control_id].label:
                    self._ids[control_id].label = " ".join("".join(self._labels[control_id]).split())
