"""From the walks before and after a no to what leaks, what was lost, and what was never proven."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from governance.pep.probe.plan import PEER, PROFESSIONAL, SIGNED_OUT, Plan
from governance.pep.probe.walking import IN_A_SEARCH, Walk, known_to

_LONGEST_NAME: Final = 24
_FAULT: Final = 500
Walks = Mapping[str, Walk]


@dataclass(slots=True)
class Verdict:
    """`leaks` fails a probe. `lost` is what peers read before and read no more: the forum hides too much."""

    leaks: list[dict[str, str]] = field(default_factory=list)
    lost: list[dict[str, str]] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    """Surfaces that the professional never read before: nothing follows from their absence."""
    public: list[str] = field(default_factory=list)
    """Surfaces that anybody reads who is signed out."""
    surfaces: list[dict[str, Any]] = field(default_factory=list)
    walked: dict[str, dict[str, int]] = field(default_factory=dict)
    proves: bool = False
    """Whether all that was read before, or is by others, is kept from the professional on pages that work."""


def judge(plan: Plan, before: Walks, after: Walks) -> Verdict:
    """Judge two rounds of walks; a canary's single round is judged as `after` with nothing before it."""
    words = [mark.word for mark in plan.marks] + [mark.bait for mark in plan.marks if mark.bait]
    made = Verdict()
    made.leaks = [*_read_still(after, words), *_counted_still(before, after), *_found_still(before, after)]
    made.lost = _lost(before, after, words)
    made.unproven = unread_by_the_professional(plan, before) if before else []
    made.public = sorted(_surfaces(after.get(SIGNED_OUT)))
    made.surfaces = _table(before.get(PROFESSIONAL), after.get(PROFESSIONAL), words)
    made.proves = _proves(before, after)
    made.walked = {
        f"{when} {viewer}": {"pages": len(walk.status), "failed": len(walk.failed)}
        for when, walks in (("before", before), ("after", after))
        for viewer, walk in walks.items()
    }
    return made


def unread_by_the_professional(plan: Plan, before: Walks) -> list[str]:
    """Return the surfaces whose words a professional came upon nowhere."""
    return sorted({mark.surface for mark in plan.marks} - _surfaces(before.get(PROFESSIONAL)))


def _proves(before: Walks, after: Walks) -> bool:
    """Say whether every surface that was read is kept from the professional on a page that works.

    THREAT: a forum that answers professionals with errors, as while its sidecar is away, leaks nothing just then. Were
    that a clean report, it would end a suspension.
    """
    walk = after.get(PROFESSIONAL, Walk())
    # Of a canary nothing was read before: it is there for others.
    read = {who: one for who, one in (before or after).items() if (who == PROFESSIONAL) is bool(before)}
    known = known_to(PROFESSIONAL, read)
    by_surface: dict[str, set[str]] = {}
    for address, surface in ((at, what) for one in read.values() for at, found in one.seen.items() for what in found):
        if address in known or IN_A_SEARCH in address:
            by_surface.setdefault(surface, set()).add(address)
    works = {address for address, status in walk.status.items() if status < _FAULT}
    hidden = any(addresses & works - walk.seen.keys() for addresses in by_surface.values())
    return hidden and all(addresses & works for addresses in by_surface.values())


def _read_still(after: Walks, words: list[str]) -> Iterable[dict[str, str]]:
    walk = after.get(PROFESSIONAL, Walk())
    for address, surfaces in sorted(walk.seen.items()):
        for surface in surfaces:
            yield {"surface": surface, "page": shape_of(address, words), "how": "its words are there"}


def _counted_still(before: Walks, after: Walks) -> Iterable[dict[str, str]]:
    """A number that counts the patient's is the peer's number; for the professional it must be another, or none."""
    peer, earlier = after.get(PEER, Walk()), before.get(PEER)
    for count, numbers in after.get(PROFESSIONAL, Walk()).counts.items():
        # Where peers read less than they did, nothing is counted to them that is hidden.
        whole = peer.counts.get(count) == earlier.counts.get(count) if earlier is not None else bool(peer.seen)
        if numbers and whole and numbers == peer.counts.get(count):
            yield {"surface": "count", "page": count.partition(" ")[0], "how": "it counts what is hidden"}


def _found_still(before: Walks, after: Walks) -> Iterable[dict[str, str]]:
    """A search that shows no word may still say that something was found."""
    earlier = before.get(PROFESSIONAL, Walk()).searched
    for surface, differs in sorted(after.get(PROFESSIONAL, Walk()).searched.items()):
        if differs and (earlier.get(surface) or not before):
            yield {"surface": surface, "page": "search", "how": "its page is unlike one that finds nothing"}


def _lost(before: Walks, after: Walks, words: list[str]) -> list[dict[str, str]]:
    gone = []
    now = after.get(PEER, Walk()).seen
    for address, surfaces in sorted(before.get(PEER, Walk()).seen.items()):
        missing = set(surfaces) - set(now.get(address, ()))
        gone += [{"surface": surface, "page": shape_of(address, words)} for surface in sorted(missing)]
    return gone


def _surfaces(walk: Walk | None) -> set[str]:
    return {surface for surfaces in walk.seen.values() for surface in surfaces} if walk is not None else set()


def _table(before: Walk | None, after: Walk | None, words: list[str]) -> list[dict[str, Any]]:
    """Return one line for each kind of page and surface: whether it stood there before, and on how many pages now."""
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for walk, name in ((before, "before"), (after, "leaks")):
        for address, surfaces in (walk.seen if walk is not None else {}).items():
            for surface in surfaces:
                place = (shape_of(address, words), surface)
                line = lines.setdefault(place, {"page": place[0], "surface": surface, "before": 0, "leaks": 0})
                line[name] += 1
    return [lines[place] for place in sorted(lines)]


def shape_of(address: str, words: Iterable[str] = ()) -> str:
    """Return which kind of page an address is: numbers, names with a word of ours and long names are one star each."""
    parts = urlsplit(address)
    stars = [_star(segment, words) for segment in parts.path.split("/")]
    names = sorted(re.findall(r"([\w-]+)=", parts.query))
    return "/".join(stars) + (f"?{'&'.join(names)}" if names else "")


def _star(segment: str, words: Iterable[str]) -> str:
    plain = segment.removesuffix(" (search)")
    named = any(word in plain.lower() for word in words)
    return "*" if named or re.search(r"\d", plain) or len(plain) > _LONGEST_NAME else segment
