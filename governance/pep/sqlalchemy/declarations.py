"""What a forum says about its own models, as `__governed__` on each class; names are attributes of that class."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, TypeVar

from sqlalchemy import Table, inspect
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapper


@dataclass(frozen=True, slots=True)
class Content:
    """Rows that somebody wrote. `author` holds the account id that the service knows, null means refused.

    `flagged` is a column that is true while moderators should look. `zone` is the zone of times that the database
    returns without one; without it such times are not sent.
    """

    author: str
    community: str | None = None
    thread: str | None = None
    created: str | None = None
    edited: str | None = None
    flagged: str | None = None
    type: str = "post"
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Quotes:
    """Rows that say: the post `quoting` shows words of the post `quoted`.

    `apart`: the quoted words stand in these rows alone, so that the forum can leave them out and show the rest. Where
    they stand in the post itself, whatever withholds them withholds the post.
    """

    quoting: str
    quoted: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Titled:
    """Threads: a title belongs to who wrote the `opening` post, and everything in the thread stands under it."""

    opening: str


@dataclass(frozen=True, slots=True)
class HangsOn:
    """Rows about one post (a bookmark, a notification, a search entry), shown only with it."""

    post: str


@dataclass(frozen=True, slots=True)
class Person:
    """Members, shown with a permitted post of theirs or once the viewer may act on the person."""

    account: str


Kind = TypeVar("Kind")
Declaration = Content | Quotes | Titled | HangsOn | Person


class GovernedForum:
    """The declarations of one forum, found on the classes of its declarative base."""

    def __init__(
        self, base: type[DeclarativeBase], content: type[Any], instead: Mapping[type[Any], Declaration] | None = None
    ) -> None:
        """Collect them; raises `TypeError` for a class that reads a governed table and does not say how.

        `instead` holds for its classes in place of what they say themselves.
        """
        self.content_class = content
        self.declared: dict[type[Any], Declaration] = {**dict(_declared(base)), **(instead or {})}
        says = self.declared.get(content)
        if not isinstance(says, Content):
            raise TypeError(f"`{content.__name__}.__governed__` must be a `Content`")
        self.content = says
        self.tables = frozenset(table_of(governed) for governed in self.declared)
        for mapper in base.registry.mappers:
            if mapper.class_ not in self.declared and self.tables & frozenset(mapper.tables):
                raise TypeError(f"`{mapper.class_.__name__}` reads a governed table: give it `__governed__`")

    def of_kind(self, kind: type[Kind]) -> Iterator[tuple[type[Any], Kind]]:
        """Yield the classes declared as `kind`, with what they declare."""
        for governed, says in self.declared.items():
            if isinstance(says, kind):
                yield governed, says


def key_of(model: type[Any]) -> InstrumentedAttribute[Any]:
    """Return the attribute of the primary key; raises `TypeError` unless it is a single column."""
    mapper: Mapper[Any] = inspect(model)
    if len(mapper.primary_key) != 1:
        raise TypeError(f"`{model.__name__}` needs a primary key of one column")
    return attribute(model, mapper.get_property_by_column(mapper.primary_key[0]).key)


def attribute(model: type[Any], name: str) -> InstrumentedAttribute[Any]:
    """Return a declared attribute of a model."""
    found: InstrumentedAttribute[Any] = getattr(model, name)
    return found


def table_of(model: type[Any]) -> Table:
    """Return the table that a model is mapped to."""
    mapper: Mapper[Any] = inspect(model)
    table = mapper.local_table
    if not isinstance(table, Table):
        raise TypeError(f"`{model.__name__}` must be mapped to a table")
    return table


def _declared(base: type[DeclarativeBase]) -> Iterator[tuple[type[Any], Declaration]]:
    for mapper in base.registry.mappers:
        says = getattr(mapper.class_, "__governed__", None)
        if says is not None:
            yield mapper.class_, says
