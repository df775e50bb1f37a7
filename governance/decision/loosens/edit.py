"""What differs between two states of one author's records, laid out by action."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from governance.decision.decide import actions_asked, decide
from governance.decision.facts import Author, Facts, Layer, TeamEntry
from governance.decision.loosens.witness import Sketch, facts_of, request_of
from governance.decision.provisions import ALWAYS, NEVER, Interval, Place, Provision, Scale, WhoKind
from governance.decision.verdicts import Decision
from governance.decision.vocabulary import (
    FOREVER,
    OPEN_ACTIONS,
    PEER_ACTIONS,
    PERSON_ACTIONS,
    Action,
    Contact,
    Instant,
)

Lines = dict[Action, dict[Hashable, Provision]]
"""Lines by action, each kept once, however often and under whatever id it was written."""
Sorted = Mapping[Action, list[Provision]]

CLASSES: Final = frozenset({WhoKind.CARE_TEAM, WhoKind.OTHERS})
_TREATED_ALIKE: Final = (
    PERSON_ACTIONS,
    OPEN_ACTIONS,
    PEER_ACTIONS,
    frozenset({Action.QUOTE}),
    frozenset({Action.VIEW}),
    frozenset({Action.MODERATE}),
    frozenset({Action.MESSAGE}),
    frozenset({Action.FIND, Action.LOOK_UP, Action.CONNECT}),
)
"""The lists that steps 0 to 3 read: two actions in the same ones differ only by lines about them."""


@dataclass(frozen=True, slots=True)
class Side:
    """One state of the author, its lines sorted."""

    author: Author
    permits: Lines = field(init=False)
    refusals: Lines = field(init=False)
    """The patient's own, those kept by a tombstone too."""
    layers: Lines = field(init=False)
    """Refusals by others, each limited to where its layer holds."""

    def __post_init__(self) -> None:
        """Sort the lines once."""
        author = self.author
        kept = () if author.erased is None else author.erased.refusals
        lines = author.provisions.lines
        object.__setattr__(self, "permits", _by_action(line for line in lines if not line.refuses))
        object.__setattr__(self, "refusals", _by_action([*(line for line in lines if line.refuses), *kept]))
        object.__setattr__(self, "layers", _by_action(line for layer in author.layers for line in _of(layer)))

    @property
    def hold(self) -> bool:
        """Whether everyone signed in as a professional is refused."""
        return self.author.hold or (self.author.erased is not None and self.author.erased.hold)

    def refused_names(self) -> set[str]:
        """Every account that any line refuses by name, whatever else the line says and wherever it holds."""
        author = self.author
        kept = () if author.erased is None else author.erased.refusals
        lines = [*author.provisions.lines, *kept, *(line for layer in author.layers for line in layer.refusals)]
        return {line.who.name for line in lines if line.refuses and line.who.kind is WhoKind.NAMED}

    def about(self, action: Action) -> Iterator[Provision]:
        """Walk every line about an action."""
        for lines in (self.permits, self.refusals, self.layers):
            yield from lines.get(action, {}).values()


@dataclass(frozen=True)
class Edit:
    """Two states of one author's records."""

    before: Side
    after: Side
    free: str = field(init=False)
    """A name that neither of them mentions."""
    view_since: Instant = field(init=False)
    """When an emergency view begins that `after` allows as early as can be."""
    _added: Sorted = field(init=False)
    _dropped: Sorted = field(init=False)
    _dropped_by_others: Sorted = field(init=False)

    def __post_init__(self) -> None:
        """Settle what all sketches share."""
        mentioned = _mentioned(self.before.author) | _mentioned(self.after.author)
        free = "anybody"
        while free in mentioned:
            free += "+"
        object.__setattr__(self, "free", free)
        before, after = self.before, self.after
        object.__setattr__(self, "_added", _gone(after.permits, before.permits))
        object.__setattr__(self, "_dropped", _gone(before.refusals, after.refusals))
        object.__setattr__(self, "_dropped_by_others", _gone(before.layers, after.layers))
        object.__setattr__(self, "view_since", Instant(self.after.author.emergency_yes_since + 1))

    def refusals(self, action: Action) -> list[Provision]:
        """List the patient's own refusals of an action before the edit."""
        return list(self.before.refusals.get(action, {}).values())

    def permits(self, action: Action) -> Iterable[Provision]:
        """List what permits an action after the edit."""
        return self.after.permits.get(action, {}).values()

    def dropped(self, action: Action) -> list[Provision]:
        """List the patient's refusals of an action that are gone."""
        return self._dropped.get(action, [])

    def dropped_by_others(self, action: Action) -> list[Provision]:
        """List the refusals of an action that were in layers and are gone."""
        return self._dropped_by_others.get(action, [])

    def added(self, action: Action) -> list[Provision]:
        """List the permits of an action that are new."""
        return self._added.get(action, [])

    def newly_covered(self, action: Action) -> Iterator[Interval]:
        """Yield the times at which permits of an action begin to count."""
        before, after = self.before.author.covered, self.after.author.covered
        return gained(before.get(action, NEVER), after.get(action, NEVER))

    def joined(self) -> list[TeamEntry]:
        """List the entries of the care team that are new."""
        return sorted(set(self.after.author.care_team) - set(self.before.author.care_team))

    def gone(self) -> list[TeamEntry]:
        """List the entries of the care team that are gone."""
        return sorted(set(self.before.author.care_team) - set(self.after.author.care_team))

    def writes_as_professional(self) -> bool:
        """Say whether words may now count as written by a professional that did not before."""
        before, after = self.before.author, self.after.author
        if after.record or after.hcp is None:
            return False
        if before.record or before.hcp is None:
            return True
        return (before.hcp.capacities, before.hcp.cases) != (after.hcp.capacities, after.hcp.cases)

    def depends_on_times(self, action: Action) -> bool:
        """Say whether it matters when words were created and edited, other than for being new enough."""
        limited = any(line.reach != ALWAYS or line.when.end < FOREVER for line in self.before.about(action))
        return action not in PERSON_ACTIONS and (limited or self.before.author.hcp is not None)

    def permits_by_contact(self, action: Action) -> bool:
        """Say whether it was permitted only to those whom the patient wrote to first, or did not."""
        return any(line.contact is not Contact.ANY for line in self.before.permits.get(action, {}).values())

    def depends_on_contact(self, action: Action) -> bool:
        """Say whether it matters who wrote first."""
        sides = (self.before, self.after)
        lines = (line for asked in actions_asked(action) for side in sides for line in side.about(asked))
        return action is Action.MESSAGE or any(line.contact is not Contact.ANY for line in lines)

    def telling_actions(self) -> list[Action]:
        """List one action for each set that neither the rules nor any line tells apart, in reading order."""
        found: dict[Hashable, Action] = {}
        for action in Action:
            found.setdefault(self._signature(action), action)
        return list(found.values())

    def _signature(self, action: Action) -> Hashable:
        sides = (self.before, self.after)
        groups = (lines.get(action, {}) for side in sides for lines in (side.permits, side.refusals, side.layers))
        covered = (side.author.covered.get(action) for side in sides)
        return (*(action in alike for alike in _TREATED_ALIKE), *map(frozenset, groups), *covered)


class Asked:
    """A sketch written out, and what `decide` says of it after the edit, and said before."""

    def __init__(self, edit: Edit, sketch: Sketch) -> None:
        """Ask about it as it is after the edit: this alone ends most searches."""
        author = edit.after.author
        self.sketch = sketch
        self.request = request_of(sketch, author.account, edit.free)
        self.facts = facts_of(sketch, self.request, author, edit.view_since)
        self.after = decide(self.request, self.facts)
        self._author_before = edit.before.author

    @cached_property
    def before(self) -> Decision:
        """What was decided before the edit."""
        facts, author = self.facts, self._author_before
        then = Facts(facts.viewer, {author.account: author}, facts.conduct, facts.communities, facts.strictest)
        return decide(self.request, then)

    @property
    def opens(self) -> bool:
        """Whether it was refused, and is permitted now."""
        return self.after.permit and not self.before.permit

    @property
    def was_open(self) -> bool:
        """Whether the action itself was permitted, even if not to read what it is about."""
        return self.before.permit or self.before.verdict.action is not self.sketch.action


def both(one: Interval, other: Interval) -> Interval:
    """Return the time that lies in both; it may be empty."""
    return Interval(max(one.start, other.start), min(one.end, other.end))


def gained(before: Interval, after: Interval) -> Iterator[Interval]:
    """Yield the times that lie in `after` and not in `before`; some of them may be empty."""
    yield Interval(after.start, min(after.end, before.start))
    yield Interval(max(after.start, before.end), after.end)


def shape_of(line: Provision) -> Hashable:
    """Return what a line says, but for the actions."""
    return line.effect, line.who, line.where, line.when, line.reach, line.contact


def _by_action(lines: Iterable[Provision]) -> Lines:
    found: Lines = {}
    for line in lines:
        shape = shape_of(line)
        for action in line.actions:
            found.setdefault(action, {}).setdefault(shape, line)
    return found


def _of(layer: Layer) -> Iterator[Provision]:
    for line in layer.refusals:
        if layer.platform is not None and line.where.scale is Scale.EVERYWHERE:
            yield replace(line, where=Place(Scale.PLATFORM, layer.platform))
        elif layer.platform in (None, line.where.platform):
            yield line


def _gone(before: Lines, after: Lines) -> Sorted:
    """List the lines that are gone, and that no line left says in as many or more cases; by action, widest first."""
    return {action: sorted(_gone_about(before, after, action), key=_width) for action in before}


def _gone_about(before: Lines, after: Lines, action: Action) -> list[Provision]:
    left = after.get(action, {})
    lost = [line for shape, line in before.get(action, {}).items() if shape not in left]
    if not lost:
        return []
    said: dict[Hashable, list[Provision]] = {}
    for line in left.values():
        said.setdefault((line.who, line.where), []).append(line)
    return [
        line for line in lost if not any(_says_as_much(other, line) for other in said.get((line.who, line.where), ()))
    ]


def _says_as_much(one: Provision, other: Provision) -> bool:
    if one.contact not in (Contact.ANY, other.contact):
        return False
    return _within(other.when, one.when) and _within(other.reach, one.reach)


def _within(inner: Interval, outer: Interval) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


_ORDER: Final = (WhoKind.OTHERS, WhoKind.CARE_TEAM, WhoKind.PROFESSION, WhoKind.ORGANISATION, WhoKind.NAMED)


def _width(line: Provision) -> tuple[int, Scale]:
    return _ORDER.index(line.who.kind), line.where.scale


def _mentioned(author: Author) -> set[str]:
    kept = () if author.erased is None else author.erased.refusals
    lines = [*author.provisions.lines, *kept, *(line for layer in author.layers for line in layer.refusals)]
    found = {name for line in lines for name in (line.who.name, line.where.platform, line.where.id)}
    found.update(entry.member.name for entry in author.care_team)
    found.update(block.account for block in author.blocks)
    found.update(str(layer.platform) for layer in author.layers)
    if author.hcp is not None:
        found.update(str(name) for record in author.hcp.capacities for name in (record.platform, record.community))
    return found | {author.account}
