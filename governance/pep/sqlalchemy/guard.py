"""Statements that cannot be filtered, and so are not run at all.

`with_loader_criteria` reaches every mapped class of an ORM statement, however deep. It does not reach plain tables,
literal SQL or textual statements: these would read everybody's rows. A plain table or column passes only where the
mapped class of that table stands in the same SELECT, for then both are the one, filtered FROM element.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Mapper, ORMExecuteState
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement, ColumnClause, TextClause
from sqlalchemy.sql.selectable import AliasedReturnsRows, Select, TableClause, TextualSelect

from governance.pep.query.failures import UnfilteredQueryError


def refuse_unfilterable(state: ORMExecuteState, tables: frozenset[Table]) -> None:
    """Raise `UnfilteredQueryError` unless the filter reaches every governed table that the statement reads."""
    if not state.is_select:
        raise UnfilteredQueryError("a viewed session only reads: write with a plain session")
    if not state.is_orm_statement:
        raise UnfilteredQueryError("a viewed session reads mapped classes only, no tables and no text")
    statement: Any = state.statement
    if any(_is_literal(element) for element in visitors.iterate(statement)):
        raise UnfilteredQueryError("literal SQL cannot be filtered: use mapped attributes")
    names = frozenset(table.name for table in tables)
    for found in _nested([statement]).selects:
        _refuse_bare(found, names, frozenset())


@dataclass(slots=True)
class _Found:
    """What stands in one part of a statement, nested SELECTs not looked into."""

    mapped: set[str] = field(default_factory=set)
    """Tables that a mapped class, not an alias of it, brings in."""
    bare: set[str] = field(default_factory=set)
    """Tables that stand there as they are."""
    aliased: set[str] = field(default_factory=set)
    """Tables under a plain alias, which no mapped class can cover."""
    selects: list[Select[Any]] = field(default_factory=list)


def _refuse_bare(select: Select[Any], names: frozenset[str], around: frozenset[str]) -> None:
    joins = select._setup_joins  # noqa: SLF001 - the public accessors compute a FROM list in which nothing is told apart
    sources = _nested([*select._raw_columns, *select._from_obj, *(join[0] for join in joins)])  # noqa: SLF001
    conditions = _nested([*_conditions(select), *(join[1] for join in joins)])
    mapped = frozenset(sources.mapped | conditions.mapped)
    # A condition may speak of the SELECT around it, unless nothing but the plain table is left to select from.
    reachable = mapped | around if mapped else mapped
    bare = (sources.bare - mapped) | (conditions.bare - reachable) | sources.aliased | conditions.aliased
    if bare & names:
        raise UnfilteredQueryError("a governed table is read beside its mapped class")
    for inner in [*sources.selects, *conditions.selects]:
        _refuse_bare(inner, names, mapped | around)


def _conditions(select: Select[Any]) -> list[Any]:
    return [
        *select._where_criteria,  # noqa: SLF001
        *select._having_criteria,  # noqa: SLF001
        *select._order_by_clauses,  # noqa: SLF001
        *select._group_by_clauses,  # noqa: SLF001
        *select._distinct_on,  # noqa: SLF001
        *select._independent_ctes,  # noqa: SLF001
    ]


def _nested(elements: Iterable[Any]) -> _Found:
    found, waiting = _Found(), list(elements)
    while waiting:
        element = waiting.pop()
        if isinstance(element, Select):
            found.selects.append(element)
        elif isinstance(element, ClauseElement):
            # A relationship is no element: it is joined through its mapped classes.
            waiting += _note(element, found)
    return found


def _note(element: ClauseElement, found: _Found) -> Iterable[Any]:
    """Note what `element` brings in, and return what is inside it."""
    entity: Any = element._annotations.get("parententity")  # noqa: SLF001 - the mark that the filter itself goes by
    inside = element.get_children()
    if entity is not None:
        if isinstance(entity, Mapper):
            found.mapped |= {table.name for table in entity.tables if isinstance(table, Table)}
        return [child for child in inside if not isinstance(child, TableClause)]
    source: Any = element.table if isinstance(element, ColumnClause) else element
    if isinstance(source, TableClause):
        found.bare.add(source.name)
    elif isinstance(source, AliasedReturnsRows):
        found.aliased |= _under(source)
        return [child for child in inside if not isinstance(child, TableClause)]
    return inside


def _under(alias: AliasedReturnsRows) -> set[str]:
    element: Any = alias.element
    while isinstance(element, AliasedReturnsRows):
        element = element.element
    return {element.name} if isinstance(element, TableClause) else set()


def _is_literal(element: visitors.ExternallyTraversible) -> bool:
    if isinstance(element, TextClause | TextualSelect):
        return True
    # SQLAlchemy itself writes `count(*)` and `EXISTS (SELECT 1 ...)` with literals.
    return (
        isinstance(element, ColumnClause)
        and element.is_literal
        and not (element.name == "*" or element.name.isdecimal())
    )
