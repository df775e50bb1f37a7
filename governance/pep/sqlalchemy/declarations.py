"""What a forum on SQLAlchemy says about its own models, found on the classes of its declarative base."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, inspect
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapper

from governance.pep.query.declarations import Content, Declaration, Declared, HangsOn, Person, Quotes, Titled
from governance.pep.query.failures import UnfilteredQueryError
from governance.pep.sqlalchemy.guard import elements_of, refuse_beside

__all__ = [
    "Content",
    "Declaration",
    "GovernedForum",
    "HangsOn",
    "Person",
    "Quotes",
    "Titled",
    "attribute",
    "key_of",
    "table_of",
]


class GovernedForum(Declared):
    """The declarations of one forum."""

    def __init__(
        self, base: type[DeclarativeBase], content: type[Any], instead: Mapping[type[Any], Declaration] | None = None
    ) -> None:
        """Collect them; raises `TypeError` for a class that reads a governed table and does not say how.

        `instead` holds for its classes in place of what they say themselves.
        """
        super().__init__(content, {**dict(_declared(base)), **(instead or {})})
        # With those of a class that a governed one inherits from: they hold a part of its rows.
        self.tables = frozenset(table for governed in self.declared for table in _tables_of(governed))
        mappers = list(base.registry.mappers)
        for mapper in mappers:
            if mapper.class_ not in self.declared and self.tables & frozenset(mapper.tables):
                raise TypeError(f"`{mapper.class_.__name__}` reads a governed table: give it `__governed__`")
        for mapper in mappers:
            _refuse_beside(mapper, self.tables)


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


def _tables_of(model: type[Any]) -> frozenset[Table]:
    mapper: Mapper[Any] = inspect(model)
    return frozenset({table_of(model), *(table for table in mapper.tables if isinstance(table, Table))})


def _refuse_beside(mapper: Mapper[Any], tables: frozenset[Table]) -> None:
    """Raise `TypeError` if a class brings along, wherever it is read, what no statement shows and no filter reaches."""
    own = frozenset(table.name.lower() for table in mapper.tables if isinstance(table, Table))
    for expressions in mapper.column_attrs:
        for expression in expressions.columns:
            try:
                refuse_beside(expression, tables, own)
            except UnfilteredQueryError as failure:
                raise TypeError(f"`{mapper.class_.__name__}.{expressions.key}`: {failure}") from None
    for relation in mapper.relationships:
        if relation.secondary is not None and not tables.isdisjoint(elements_of(relation.secondary)):
            raise TypeError(
                f"`{mapper.class_.__name__}.{relation.key}` is joined through a governed table, which is not filtered "
                "there: go through its mapped class"
            )


def _declared(base: type[DeclarativeBase]) -> Iterator[tuple[type[Any], Declaration]]:
    for mapper in base.registry.mappers:
        says = getattr(mapper.class_, "__governed__", None)
        if says is not None:
            yield mapper.class_, says
