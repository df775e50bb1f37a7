"""Which of a patient's permits count no more, will stop to, or come back: by whom they are for, action by action."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Action, Effect, Instant
from governance.disclosure.coverage import Span
from governance.effective.documents import PatientDocument

_ORDER: Final = (WhoKind.CARE_TEAM, WhoKind.OTHERS, WhoKind.ORGANISATION, WhoKind.PROFESSION, WhoKind.NAMED)


class Permits(NamedTuple):
    """What somebody is permitted; `name` is the key of an account, an organisation or a profession, or empty."""

    who: WhoKind
    name: str
    actions: tuple[Action, ...]


def permits(document: PatientDocument, now: Instant, chosen: Callable[[Action], bool]) -> tuple[Permits, ...]:
    """Return what a patient permits, as far as it is about actions that are `chosen`."""
    found: dict[tuple[WhoKind, str], set[Action]] = {}
    for line in document.lines:
        if line.effect is Effect.PERMIT and line.when[1] > now:
            found.setdefault((line.who, line.name), set()).update(filter(chosen, line.actions))
    ordered = sorted(found, key=lambda one: (_ORDER.index(one[0]), one[1]))
    every = list(Action)
    return tuple(Permits(*one, tuple(sorted(found[one], key=every.index))) for one in ordered if found[one])


def paused(document: PatientDocument, now: Instant) -> tuple[Permits, ...]:
    """Return what a patient permits and does not count now."""
    return permits(document, now, lambda action: not _counts(document.covered, action, now))


def coming_back(document: PatientDocument, then: Mapping[Action, Span], now: Instant) -> tuple[Permits, ...]:
    """Return what does not count now and would if coverage were what it is `then`."""
    return permits(
        document, now, lambda action: _counts(then, action, now) and not _counts(document.covered, action, now)
    )


def pausing(
    document: PatientDocument, ends: Mapping[Action, int], now: Instant
) -> tuple[Instant | None, tuple[Permits, ...]]:
    """Return what counts now and will stop with one of these ends, and when the first of them is."""
    soon = {a for a in ends if _counts(document.covered, a, now) and document.covered[a][1] <= ends[a]}
    found = permits(document, now, lambda action: action in soon)
    firsts = [document.covered[action][1] for one in found for action in one.actions]
    return (Instant(min(firsts)) if firsts else None), found


class Gain(NamedTuple):
    """What being told something does for permits that were given before. It opens nothing else."""

    back: tuple[Permits, ...] = ()
    """What does not count now, and would."""
    kept: tuple[Permits, ...] = ()
    """What counts now, would have stopped, and would not."""


def gain_of(document: PatientDocument, ends: Mapping[Action, int], then: Mapping[Action, Span], now: Instant) -> Gain:
    """Return what changes if coverage is what it is `then`; `ends`: when what was told last stops to count."""
    _, soon = pausing(document, ends, now)
    longer = {action for action in document.covered if then.get(action, (0, 0))[1] > document.covered[action][1]}
    kept = [one._replace(actions=tuple(action for action in one.actions if action in longer)) for one in soon]
    return Gain(coming_back(document, then, now), tuple(one for one in kept if one.actions))


def digest_of(gain: Gain) -> str:
    """Return what tells whether a page that was shown is still true; empty for nothing."""
    some = (*gain.back, *gain.kept)
    said = [[one.who.value, one.name, [action.value for action in one.actions]] for one in some]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest() if said else ""


def _counts(covered: Mapping[Action, Span], action: Action, now: Instant) -> bool:
    start, end = covered.get(action, (0, 0))
    # The very instant of the press counts already.
    return start <= now < end
