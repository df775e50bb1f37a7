"""One viewer's walk: every page that is found, every search that is offered, every address that anybody has seen."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urldefrag, urljoin, urlsplit

from governance.pep.probe.browser import Browser, Fetched
from governance.pep.probe.failures import ProbeError
from governance.pep.probe.pages import Form
from governance.pep.probe.plan import Mark, Plan, word

_VARIANTS: Final = 12
"""How many addresses are opened that differ in their query alone: sorting a list a hundred ways tells nothing new."""
_OTHER_CHOICES: Final = 8
_SECRET: Final = re.compile(r"(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{16,}|(?=[a-f]*\d)[\da-f]{16,}")
"""Letters of both sizes, or hexadecimal digits: what a program draws, unlike a title in an address."""
IN_A_SEARCH: Final = " (search)"
"""Ends what an answer to a search is kept under: others find something else by the same address."""
_ECHO: Final = " \N{BULLET} "


@dataclass(slots=True)
class Walk:
    """What one viewer read. Pages are kept as addresses with the surfaces whose words stood there, never as text."""

    seen: dict[str, list[str]] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    searched: dict[str, bool | None] = field(default_factory=dict)
    """By surface: whether searching for its second word shows a page unlike one that finds nothing; None where pages
    that find nothing differ among themselves, so that nothing follows."""
    counts: dict[str, list[str]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it for the state between two walks."""
        return {name: getattr(self, name) for name in ("seen", "status", "searched", "counts", "failed")}


class Walker:
    """Walks the forum of a plan in one browser."""

    def __init__(self, plan: Plan, browser: Browser) -> None:
        """Walk as whoever is signed in there."""
        self._plan = plan
        self._browser = browser
        self._skip = re.compile("|".join(plan.skip)) if plan.skip else None
        self._variants: Counter[str] = Counter()
        self._forms: set[tuple[str, str]] = set()
        self.walk = Walk()

    def go(self, known: Iterable[str] = ()) -> Walk:
        """Walk from the front page, and to every address of `known`: links that somebody kept work as well."""
        also = (urljoin(self._plan.forum + "/", address) for address in self._plan.also)
        waiting = deque([self._plan.forum + "/", *also, *sorted(known)])
        wanted = set(waiting)
        while waiting and len(self.walk.status) < self._plan.most_pages:
            for address in self._opened(waiting.popleft()):
                if address not in wanted and self._worth(address):
                    wanted.add(address)
                    waiting.append(address)
        for count in self._plan.counts:
            self._count(count.page, count.pattern)
        return self.walk

    def visit(self, addresses: Iterable[str]) -> None:
        """Open these as well, and follow nothing from there."""
        for address in sorted(addresses):
            for _ in self._opened(address):
                pass

    def _opened(self, address: str) -> Iterator[str]:
        try:
            got = self._browser.open(address)
        except ProbeError as failure:
            self.walk.failed.append(str(failure))
            return
        self.walk.status[address] = got.status
        self._note(address, got)
        base = got.url
        for link in got.page.links:
            yield urldefrag(urljoin(base, link)).url
        for form in got.page.forms:
            self._search(base, form)

    def _note(self, address: str, got: Fetched) -> None:
        found = [mark.surface for mark in self._plan.marks if mark.word in got.everything]
        if found:
            self.walk.seen[address] = sorted({*found, *self.walk.seen.get(address, [])})

    def _worth(self, address: str) -> bool:
        parts = urlsplit(address)
        if f"{parts.scheme}://{parts.netloc}" != self._origin() or (self._skip and self._skip.search(address)):
            return False
        self._variants[parts.path] += 1
        return self._variants[parts.path] <= _VARIANTS

    def _origin(self) -> str:
        parts = urlsplit(self._plan.forum)
        return f"{parts.scheme}://{parts.netloc}"

    def _search(self, base: str, form: Form) -> None:
        by, where = form.searches_by(), urljoin(base, form.action)
        if by is None or (where, by) in self._forms or (self._skip and self._skip.search(where)):
            return
        self._forms.add((where, by))
        for picked in _ways(form):
            self._search_one_way(base, form, by, picked)

    def _search_one_way(self, base: str, form: Form, by: str, picked: dict[str, str]) -> None:
        nothing = [self._asked(base, form, picked | {by: word()}, None) for _ in range(2)]
        steady = None not in nothing and nothing[0] == nothing[1]
        for mark in self._plan.marks:
            if not mark.bait:
                continue
            shape = self._asked(base, form, picked | {by: mark.bait}, mark)
            differs = shape != nothing[0] if steady else None
            before = self.walk.searched.get(mark.surface)
            self.walk.searched[mark.surface] = True if True in (before, differs) else differs

    def _asked(self, base: str, form: Form, given: dict[str, str], mark: Mark | None) -> str | None:
        """Search once; return the page's text with what was asked for taken out."""
        try:
            got = self._browser.send(base, form, given)
        except ProbeError as failure:
            self.walk.failed.append(str(failure))
            return None
        asked = next(iter(value for name, value in given.items() if name == form.searches_by()), "")
        address = f"{urljoin(base, form.action)}{IN_A_SEARCH}"
        self.walk.status[address] = got.status
        if mark is not None:
            self._note(address, got)
        return got.text.lower().replace(asked, _ECHO)

    def _count(self, page: str, pattern: str) -> None:
        try:
            text = self._browser.open(page).text
        except ProbeError as failure:
            self.walk.failed.append(str(failure))
            return
        self.walk.counts[f"{page} {pattern}"] = [found.group(1) for found in re.finditer(pattern, text)]


def known_to(viewer: str, walks: Mapping[str, Walk]) -> set[str]:
    """Return where words stood, as far as `viewer` may know of it.

    What only another one came upon is left out where it looks like a secret of theirs: the address of somebody's own
    feed shows what they may read to whoever has it, and that is no leak.
    """
    return {
        address
        for other, walk in walks.items()
        for address in walk.seen
        if IN_A_SEARCH not in address and (other == viewer or not _SECRET.search(address))
    }


def _ways(form: Form) -> Iterator[dict[str, str]]:
    """Yield what may be picked beside the words: as the form stands, and each other choice by itself."""
    yield {}
    for name, values in form.choices.items():
        for value in values[:_OTHER_CHOICES]:
            if value and value != form.values.get(name):
                yield {name: value}
