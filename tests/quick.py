"""Work that a process with thousands of apps does once for all of them; a service has one app, and never notices."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, Rule, RuleFactory


class Compiled(BytecodeCache):
    """Templates compiled once for all apps of a process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@cache
def build_addresses() -> None:
    """Compile how addresses are built once for all apps of a process."""
    compiled = Rule._compile_builder
    kept: dict[tuple[object, ...], Any] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002
        key = (rule.rule, rule.subdomain, rule.merge_slashes, repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compiled(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = once  # type: ignore[method-assign]


def compile_statements_once() -> None:
    """Let all engines of a process share their compiled statements; a service has one engine, its tests thousands."""
    kept: LRUCache[Any, Any] = LRUCache(5_000)

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.engine._compiled_cache = kept

    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        # What is kept is found by its dialect, too; all those of one kind are alike here.
        dialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
        dialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign]


class _Addresses(Map):
    """The addresses of the first app, for all that have the same ones; to bind them is half of what an app costs."""

    whole = False

    def add(self, rulefactory: RuleFactory) -> None:
        if not self.whole:
            super().add(rulefactory)
        elif not any(map(_same(rulefactory), self._rules_by_endpoint.get(rulefactory.endpoint, ()))):
            # A test gives its app one more: the next app begins with addresses of its own.
            _shared.clear()
            super().add(rulefactory)


_shared: Final[list[_Addresses]] = []


def _same(one: Any) -> Any:
    return lambda other: (one.rule, one.methods, one.defaults) == (other.rule, other.methods, other.defaults)


@contextmanager
def one_map() -> Iterator[None]:
    """Let the app that is made meanwhile share its addresses with the others of this process."""
    before = Flask.url_map_class
    Flask.url_map_class = staticmethod(lambda **_: _shared[0] if _shared else _Addresses())  # type: ignore[assignment]
    try:
        yield
    finally:
        Flask.url_map_class = before


def keep_map(app: Flask) -> None:
    """Keep the addresses of an app that is made; those of one that has fewer are not shared."""
    found = app.url_map
    assert isinstance(found, _Addresses)
    if not found.whole:
        found.whole = True
        _shared[:] = [found]
    missing = {rule.endpoint for rule in found.iter_rules()} - app.view_functions.keys()
    assert not missing, f"this app has fewer addresses than the first one: {missing}"
