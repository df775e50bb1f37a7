"""The OpenAPI document as a page to read: each route with an example of what is sent and what comes back."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

_METHODS: Final = ("get", "post", "put", "delete", "patch")
_DEEPEST: Final = 6
_BY_TYPE: Final[dict[str, Any]] = {"string": "…", "integer": 1, "number": 1.5, "boolean": True, "null": None}
_BY_FORMAT: Final = {
    "uuid": "01909d3c-5b5e-7c3a-9b8e-2f6f0e6a7c11",
    "date-time": "2026-05-01T10:00:00Z",
    "url": "https://consent.example/…",
}


class Route(NamedTuple):
    """One route: who may call it, what it takes and what it gives."""

    method: str
    path: str
    summary: str
    description: str
    scope: str
    sent: str
    answered: str

    @property
    def anchor(self) -> str:
        """A name for links to this route."""
        return f"{self.method}{self.path}".lower().translate(str.maketrans("/{}.", "----"))


def routes_of(document: Mapping[str, Any]) -> Iterator[Route]:
    """Yield every route of an OpenAPI document, in its order."""
    examples = _Examples(document)
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                yield _route(examples, method.upper(), path, operations[method])


def _route(examples: "_Examples", method: str, path: str, operation: Mapping[str, Any]) -> Route:
    scopes = [scope for need in operation.get("security", ()) for found in need.values() for scope in found]
    good: Mapping[str, Any] = next(
        (answer for status, answer in operation["responses"].items() if status.startswith("2")), {}
    )
    return Route(
        method=method,
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        scope=", ".join(scopes),
        sent=examples.of_content(operation.get("requestBody", {})),
        answered=examples.of_content(good),
    )


class _Examples:
    """Makes up an example for a schema out of what its members say."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Look up names in this document."""
        self._schemas: Mapping[str, Any] = document["components"]["schemas"]

    def of_content(self, described: Mapping[str, Any]) -> str:
        """Return the first example of a body, or one that is made up; empty if it has none."""
        for content in described.get("content", {}).values():
            given = [example["value"] for example in content.get("examples", {}).values()]
            schema = content.get("schema", {})
            if given or schema:
                return json.dumps(given[0] if given else self._of(schema, 0), indent=2, ensure_ascii=False)
        return ""

    def _of(self, schema: Mapping[str, Any], depth: int) -> Any:  # noqa: ANN401 - any JSON value
        if "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        for name in ("example", "const", "default"):
            if name in schema:
                return schema[name]
        if "enum" in schema:
            return schema["enum"][0]
        return self._of_type(schema, depth)

    def _of_type(self, schema: Mapping[str, Any], depth: int) -> Any:  # noqa: ANN401 - any JSON value
        kinds = schema.get("type", "object")
        kind = kinds if isinstance(kinds, str) else kinds[0]
        if depth > _DEEPEST:
            return None
        if kind == "array":
            return [self._of(schema["items"], depth + 1)]
        if kind == "object":
            members = schema.get("properties", {})
            # What may be left out would only hide what is always there.
            return {name: self._of(members[name], depth + 1) for name in schema.get("required") or members}
        return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE[kind])
