"""The one table of what a platform's token may do. A route names one scope; a client holds some of them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Scope(StrEnum):
    """What a platform may ask of us."""

    DECISIONS_EVALUATE = "decisions:evaluate"
    OPTOUTS_READ = "optouts:read"
    COMMUNITIES_WRITE = "communities:write"


PERMISSIONS: Final[Mapping[Scope, tuple[str, ...]]] = MappingProxyType(
    {
        Scope.DECISIONS_EVALUATE: ("POST /access/v1/evaluation", "POST /access/v1/evaluations"),
        Scope.OPTOUTS_READ: ("POST /v1/opt-outs/query",),
        Scope.COMMUNITIES_WRITE: ("PUT /v1/communities/{id}",),
    }
)


def scopes_of(text: str) -> frozenset[str]:
    """Return the scopes of a text that separates them by spaces (RFC 6749, section 3.3)."""
    return frozenset(text.split())
