"""Lines of choices as rules that need no further knowledge: what plain provisions of FHIR can say.

A line knows that what ended goes on covering what was written under it, that a person has no times, and that a
permit counts only while the disclosure covers it. A rule has all that in its own periods.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from governance.decision.facts import Author
from governance.decision.provisions import (
    ALWAYS,
    CARE_TEAM,
    EVERYWHERE,
    OTHERS,
    Interval,
    Place,
    Provision,
    Scale,
    Who,
    WhoKind,
)
from governance.decision.vocabulary import (
    CONTENT_ACTIONS,
    FOREVER,
    PERSON_ACTIONS,
    Action,
    Contact,
    Instant,
    PlatformId,
)

EVERYONE: Final = (CARE_TEAM, OTHERS)
"""Both classes: every professional is in one of them."""
ALL_ACTIONS: Final = frozenset(Action)
NO_TIME: Final = Interval(FOREVER, FOREVER)
"""A span in which nothing was written; only words of an unknown time may lie in it."""
Coverage = Mapping[Action, Interval]


@dataclass(frozen=True, slots=True)
class Rule:
    """One permit or refusal of `actions` to any of `whos`.

    `period` is the time of asking. `written` limits the times of the words asked about, None if it does not.
    """

    refuses: bool
    whos: tuple[Who, ...]
    where: Place
    actions: frozenset[Action]
    period: Interval = ALWAYS
    written: Interval | None = None
    contact: Contact = Contact.ANY
    final: bool = False
    """A refusal against which no permit stands: a hold, another party's layer, a name refused everywhere."""


def rules_of_author(author: Author) -> Iterator[Rule]:
    """Yield everything that steps 3b, 3e and 3h read of a patient, in rules."""
    yield from held(author)
    for layer in author.layers:
        for line in layer.refusals:
            where = _within(line.where, layer.platform)
            if where is not None:
                yield from (replace(rule, final=True) for rule in rules_of_line(replace(line, where=where), {}))
    for line in author.provisions.lines:
        yield from rules_of_line(line, author.covered)
    if author.erased is not None:
        for line in author.erased.refusals:
            yield from rules_of_line(line, {})


def held(author: Author) -> Iterator[Rule]:
    """Yield the refusal that a hold is, if there is one."""
    if author.hold or (author.erased is not None and author.erased.hold):
        yield Rule(refuses=True, whos=EVERYONE, where=EVERYWHERE, actions=ALL_ACTIONS, final=True)


def rules_of_line(line: Provision, covered: Coverage) -> Iterator[Rule]:
    """Yield what one line says: for persons and for content, now and after its end, as far as it is covered."""
    for actions, written in _parts(line):
        if line.refuses:
            yield from _refusals(line, actions, written)
        else:
            yield from _permits(line, actions, written, covered)


def _parts(line: Provision) -> Iterator[tuple[frozenset[Action], Interval | None]]:
    """Split a line where it says one thing of a person and another of content."""
    on_person, on_content = line.actions & PERSON_ACTIONS, line.actions & CONTENT_ACTIONS
    if line.where.scale > Scale.COMMUNITY:
        # A person is in no thread.
        on_person = frozenset()
    parts: list[tuple[frozenset[Action], Interval | None]] = [(on_person, None), (on_content, line.reach)]
    if line.reach == ALWAYS:
        parts = [(on_person | on_content, None)]
    return ((actions, written) for actions, written in parts if actions)


def _refusals(line: Provision, actions: frozenset[Action], written: Interval | None) -> Iterator[Rule]:
    final = line.who.kind is WhoKind.NAMED and line.where.scale is Scale.EVERYWHERE
    rule = Rule(
        refuses=True,
        whos=(line.who,),
        where=line.where,
        actions=actions,
        period=line.when,
        written=written,
        contact=line.contact,
        final=final,
    )
    if line.when.start < line.when.end:
        yield rule
    on_content = actions & CONTENT_ACTIONS
    if line.when.end < FOREVER and on_content:
        # Its end must expose nothing: what was written while it held stays refused for ever.
        after = Interval(max(line.when.start, line.when.end), FOREVER)
        under = both(line.when, ALWAYS if written is None else written) or NO_TIME
        yield replace(rule, actions=on_content, period=after, written=under)


def _permits(
    line: Provision, actions: frozenset[Action], written: Interval | None, covered: Coverage
) -> Iterator[Rule]:
    by_period: dict[Interval, set[Action]] = {}
    for action in actions:
        period = both(line.when, covered[action]) if action in covered else None
        if period is not None:
            by_period.setdefault(period, set()).add(action)
    for period, permitted in sorted(by_period.items()):
        yield Rule(
            refuses=False,
            whos=(line.who,),
            where=line.where,
            actions=frozenset(permitted),
            period=period,
            written=written,
            contact=line.contact,
        )


def _within(where: Place, platform: PlatformId | None) -> Place | None:
    """Return where a layer's refusal holds: a platform's only there. None if nowhere."""
    if platform is None or where.platform == platform:
        return where
    return Place(Scale.PLATFORM, platform) if where.scale is Scale.EVERYWHERE else None


def both(one: Interval, other: Interval) -> Interval | None:
    """Return the time that lies in both spans, None if there is none."""
    start, end = Instant(max(one.start, other.start)), Instant(min(one.end, other.end))
    return Interval(start, end) if start < end else None


def merged(rules: Iterable[Rule]) -> list[Rule]:
    """Return the same rules, each once, with those that differ only in whom they name made one."""
    names: dict[Rule, set[Who]] = {}
    for rule in rules:
        by_name = rule.whos[0].kind is WhoKind.NAMED
        names.setdefault(replace(rule, whos=()) if by_name else rule, set()).update(rule.whos if by_name else ())
    return [replace(rule, whos=tuple(sorted(whos))) if whos else rule for rule, whos in names.items()]
