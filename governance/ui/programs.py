"""Which addresses programs ask: what they get is no page, so no language and no cookie belongs to it."""

from typing import Final

_FOR_PROGRAMS: Final = (
    "/v1/",
    "/access/",
    "/fhir",
    "/oauth/",
    "/.well-known/",
    "/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
)


def for_programs(path: str) -> bool:
    """Say whether an address answers programs; all others show pages to people."""
    return path.startswith(_FOR_PROGRAMS)
