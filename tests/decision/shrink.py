"""Make a world small while it still shows something, and tell what is left of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from enum import Enum
from typing import Any

from governance.decision.facts import Facts, Request
from governance.decision.provisions import Provision, Provisions
from governance.decision.vocabulary import BEGINNING, FOREVER, NOT_SENT
from tests.decision.universe import USUAL
from tests.decision.worlds import World

Shows = Callable[[World], bool]


def shrink(world: World, shows: Shows) -> World:
    """Take things away, greedily, as long as the world still shows it."""
    smaller: World | None = world
    while smaller is not None:
        world = smaller
        smaller = next((found for found in _smaller(world) if _still(shows, found)), None)
    return world


def _still(shows: Shows, world: World) -> bool:
    try:
        return shows(world)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _smaller(world: World) -> Iterator[World]:
    request, facts = world
    for fewer in _without_one(request.words):
        yield World(replace(request, words=fewer), facts)
    for name in ("sender", "recipients", "flagged", "initiated_by_patient"):
        if getattr(request, name) is not NOT_SENT:
            yield World(replace(request, **{name: NOT_SENT}), facts)
    for changed in _plainer(facts.viewer.hcp):
        yield World(request, replace(facts, viewer=replace(facts.viewer, hcp=changed)))
    yield from (World(request, replace(facts, authors=x)) for x in _fewer_authors(request, facts))
    yield from (World(request, replace(facts, communities=x)) for x in _fewer_keys(facts.communities))
    if facts.conduct != USUAL:
        yield World(request, replace(facts, conduct=USUAL))


def _fewer_authors(request: Request, facts: Facts) -> Iterator[Mapping[str, Any]]:
    needed = {words.author for words in request.words}
    yield from (fewer for fewer in _fewer_keys(facts.authors) if needed & facts.authors.keys() <= fewer.keys())
    for account, author in facts.authors.items():
        yield from ({**facts.authors, account: plainer} for plainer in _plainer(author))


def _fewer_keys(mapping: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in mapping:
        yield {other: value for other, value in mapping.items() if other != key}


def _without_one(items: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for index in range(len(items)):
        yield items[:index] + items[index + 1 :]


def _plainer(thing: Any) -> Iterator[Any]:
    for field in fields(thing):
        value = getattr(thing, field.name)
        if not field.init or field.name == "account" or value == _default(field):
            continue
        yield replace(thing, **{field.name: _default(field)})
        if type(value) is tuple:
            yield from (replace(thing, **{field.name: fewer}) for fewer in _without_one(value))
        if isinstance(value, Provisions):
            yield from (replace(thing, **{field.name: Provisions(lines)}) for lines in _fewer_lines(value.lines))


def _fewer_lines(lines: tuple[Provision, ...]) -> Iterator[tuple[Provision, ...]]:
    yield from _without_one(lines)
    for index, line in enumerate(lines):
        for name in ("when", "reach", "contact"):
            if getattr(line, name) != (plain := Provision.__dataclass_fields__[name].default):
                yield (*lines[:index], replace(line, **{name: plain}), *lines[index + 1 :])


def _default(field: Any) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def tell(thing: Any) -> str:
    """Write a value without what is at its default."""
    if isinstance(thing, World):
        parts = ((f"facts.{field.name}", getattr(thing.facts, field.name)) for field in fields(thing.facts))
        return "\n".join(f"{name} = {tell(value)}" for name, value in (("request", thing.request), *parts))
    if is_dataclass(thing):
        said = (f.name for f in fields(thing) if f.init and getattr(thing, f.name) != _default(f))
        return f"{type(thing).__name__}({', '.join(f'{name}={tell(getattr(thing, name))}' for name in said)})"
    if isinstance(thing, Enum):
        return thing.name
    if isinstance(thing, Mapping):
        return "{" + ", ".join(f"{tell(key)}: {tell(value)}" for key, value in thing.items()) + "}"
    if isinstance(thing, (tuple, frozenset)):
        return f"{'' if type(thing) is tuple else type(thing).__name__}({', '.join(map(tell, thing))})"
    return {BEGINNING: "BEGINNING", FOREVER: "FOREVER"}.get(thing, repr(thing))
