"""Worlds with something in them that should not be there, as a bug elsewhere might leave it."""

from copy import copy
from dataclasses import fields, is_dataclass
from typing import Any, Final

from tests.decision.laws import Breach, Decide
from tests.decision.worlds import Maker, World

RUBBISH: Final = (None, "", "rubbish", 0, -1.5, True, (), [], {}, b"x", object(), (None,), {None: None})


def put(thing: Any, name: str, value: Any) -> Any:
    """Set a field of a frozen value, whatever its type asks for."""
    spoiled = copy(thing)
    object.__setattr__(spoiled, name, value)
    return spoiled


def spoil(make: Maker, thing: Any) -> Any:
    """Put rubbish somewhere into a value."""
    if is_dataclass(thing) and make.chance(0.95):
        name = make.pick([field.name for field in fields(thing)])
        return put(thing, name, spoil(make, getattr(thing, name)))
    if isinstance(thing, dict) and thing and make.chance(0.8):
        key = make.pick(list(thing))
        return {**thing, key: spoil(make, thing[key])}
    if isinstance(thing, tuple) and thing and make.chance(0.8):
        index = make.rng.randrange(len(thing))
        kept = (*thing[:index], spoil(make, thing[index]), *thing[index + 1 :])
        return type(thing)(*kept) if hasattr(thing, "_fields") else kept
    return make.pick(RUBBISH)


def never_raises(decide: Decide, make: Maker, world: World) -> Breach | None:
    """Whatever is broken, there is an answer."""
    part = make.pick(World._fields)
    after = world._replace(**{part: spoil(make, getattr(world, part))})
    try:
        decide(*after)
    except Exception:  # noqa: BLE001 - any error at all breaks the law
        return Breach(world, after)
    return None


ESSENTIAL: Final = {
    "no request": lambda _, facts: (None, facts),
    "no facts": lambda request, _: (request, None),
    "no words": lambda request, facts: (put(request, "words", None), facts),
    "empty words": lambda request, facts: (put(request, "words", ()), facts),
    "words that are none": lambda request, facts: (put(request, "words", (None,)), facts),
    "no time": lambda request, facts: (put(request, "at", None), facts),
    "no action": lambda request, facts: (put(request, "action", None), facts),
    "an action of no list": lambda request, facts: (put(request, "action", "stare"), facts),
    "no viewer": lambda request, facts: (put(request, "viewer", None), facts),
    "another viewer": lambda request, facts: (put(request, "viewer", "p/d9"), facts),
    "nothing of the viewer": lambda request, facts: (request, put(facts, "viewer", None)),
    "no record of the professional": lambda request, facts: (
        request,
        put(facts, "viewer", put(facts.viewer, "hcp", None)),
    ),
    "no authors": lambda request, facts: (request, put(facts, "authors", {})),
    "authors that are none": lambda request, facts: (request, put(facts, "authors", dict.fromkeys(facts.authors))),
}
"""What no decision can do without."""


def permits_without(decide: Decide, name: str, world: World) -> bool:
    """Say whether a decision permits without something essential."""
    return decide(*ESSENTIAL[name](*world)).permit
