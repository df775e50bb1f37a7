"""Several evaluations in one call (OpenID AuthZEN 1.0, section 6): defaults, order, and where to stop."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from governance.errors import BadInputError
from governance.pdp.messages import Question

MOST: Final = 500
MOST_WORDS: Final = 20_000
"""How many authors' words one call may ask about, all its questions together."""
_DEFAULTS: Final = ("subject", "action", "resource", "context")


class Semantic(StrEnum):
    """When a batch stops."""

    EXECUTE_ALL = "execute_all"
    DENY_ON_FIRST_DENY = "deny_on_first_deny"
    PERMIT_ON_FIRST_PERMIT = "permit_on_first_permit"


def items_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the evaluations with the defaults put in, a member as a whole at a time.

    Empty if there are none: then the body itself is the one evaluation. Raises `BadInputError`.
    """
    items = body.get("evaluations", [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadInputError("`evaluations` must be a list of objects")
    if len(items) > MOST:
        raise BadInputError(f"`evaluations` may hold {MOST} at most; send the rest in another call")
    defaults = {name: body[name] for name in _DEFAULTS if name in body}
    return [{**defaults, **item} for item in items]


def semantic_of(body: Mapping[str, Any]) -> Semantic:
    """Return when the batch stops; other options are ignored. Raises `BadInputError`."""
    options = body.get("options", {})
    if not isinstance(options, dict):
        raise BadInputError("`options` must be an object")
    name = options.get("evaluations_semantic", Semantic.EXECUTE_ALL)
    if name not in list(Semantic):
        raise BadInputError(f"`evaluations_semantic` must be one of {', '.join(Semantic)}")
    return Semantic(name)


def cut(answers: Iterable[dict[str, Any]], semantic: Semantic) -> list[dict[str, Any]]:
    """Return the answers up to the one that decides, that one included."""
    last = {Semantic.DENY_ON_FIRST_DENY: False, Semantic.PERMIT_ON_FIRST_PERMIT: True}.get(semantic)
    kept = []
    for answer in answers:
        kept.append(answer)
        if answer["decision"] is last:
            break
    return kept


def check_size(questions: Iterable[Question]) -> None:
    """Raise `BadInputError` if a call asks about so much that others would wait for it."""
    if sum(len(question.resource.properties.authors or ()) + 1 for question in questions) > MOST_WORDS:
        raise BadInputError(f"a call may ask about {MOST_WORDS} authors in all; send the rest in another call")
