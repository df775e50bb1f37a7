"""Statements that cannot be filtered, and so are not run at all.

`with_loader_criteria` reaches every mapped class of an ORM statement, however deep. It does not reach plain tables,
literal SQL or textual statements: these would read everybody's rows. A plain table or column passes only where the
mapped class of that table is selected from in the same SELECT, for then both are the one, filtered FROM element.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Table
from sqlalchemy.orm import Mapper, ORMExecuteState
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement, ColumnClause, TextClause
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.sql.selectable import AliasedReturnsRows, FromClause, Select, TableClause, TextualSelect

from governance.pep.query.failures import UnfilteredQueryError

_RAW: Final = ("_prefixes", "_suffixes", "_hints", "_statement_hints")
"""Where a SELECT keeps words that go to the database as they are."""
_LITERAL: Final = "literal SQL cannot be filtered: use mapped attributes"


def refuse_unfilterable(state: ORMExecuteState, tables: frozenset[Table]) -> None:
    """Raise `UnfilteredQueryError` unless the filter reaches every governed table that the statement reads."""
    if not state.is_select:
        raise UnfilteredQueryError("a viewed session only reads: write with a plain session")
    if not state.is_orm_statement:
        raise UnfilteredQueryError("a viewed session reads mapped classes only, no tables and no text")
    refuse_beside(state.statement, tables, frozenset())


def refuse_beside(expression: Any, tables: Iterable[Any], around: frozenset[str]) -> None:  # noqa: ANN401 - any part of a statement
    """Raise `UnfilteredQueryError` if an expression reads a governed table past its mapped class, or is literal.

    `around`: the tables that are selected from by their classes where the expression stands.
    """
    if any(_is_literal(element) for element in elements_of(expression)):
        raise UnfilteredQueryError(_LITERAL)
    # Databases do not tell `Message` from `message`.
    names = frozenset(table.name.lower() for table in tables)
    for found, is_from in _nested([expression]).selects:
        _refuse_bare(found, names, frozenset() if is_from else around)


def elements_of(expression: Any) -> Iterator[Any]:  # noqa: ANN401 - any part of a statement
    """Yield all that an expression is made of, each once, with what stands there by its columns alone."""
    seen: dict[int, Any] = {}
    led: dict[int, Any] = {}
    waiting = [expression]
    while waiting:
        for element in visitors.iterate(waiting.pop()):
            if id(element) in seen:
                continue
            seen[id(element)] = element
            yield element
            source = element.table if isinstance(element, ColumnClause) else None
            if isinstance(source, FromClause) and id(source) not in led:
                # Once, however many of its columns are named.
                led[id(source)] = source
                waiting.append(source)


@dataclass(slots=True)
class _Found:
    """What stands in one part of a statement, nested SELECTs not looked into."""

    mapped: set[str] = field(default_factory=set)
    """Tables that a mapped class, not an alias of it, brings in."""
    bare: set[str] = field(default_factory=set)
    """Tables that stand there as they are."""
    aliased: set[str] = field(default_factory=set)
    """Tables under a plain alias, which no mapped class can cover."""
    selects: list[tuple[Select[Any], bool]] = field(default_factory=list)
    """Each with whether it is selected from: such a one speaks of nothing around it."""


def _refuse_bare(select: Select[Any], names: frozenset[str], around: frozenset[str]) -> None:
    sources, conditions, rest = _nested(_sources(select)), _nested(_conditions(select)), _nested(_rest(select))
    # What only sorts or groups brings no FROM element of its own that the filter would reach.
    mapped = frozenset(sources.mapped | conditions.mapped)
    # A condition may speak of the SELECT around it, unless nothing but the plain table is left to select from.
    reachable = mapped | _correlated(select, around) if mapped else mapped
    bare = (sources.bare - mapped) | ((conditions.bare | rest.bare) - reachable)
    if (bare | sources.aliased | conditions.aliased | rest.aliased) & names:
        raise UnfilteredQueryError("a governed table is read beside its mapped class")
    for inner, is_from in [*sources.selects, *conditions.selects, *rest.selects]:
        _refuse_bare(inner, names, frozenset() if is_from else mapped | around)


# The public accessors compute a FROM list in which nothing is told apart.
def _sources(select: Select[Any]) -> list[Any]:
    """Return what a SELECT reads, joins that were made before other columns were chosen among it."""
    entities: list[Any] = [select, *select._memoized_select_entities]  # noqa: SLF001
    read = [*select._from_obj]  # noqa: SLF001
    for one in entities:
        read += one._raw_columns  # noqa: SLF001
        for target, _, left, _ in one._setup_joins:  # noqa: SLF001
            read += [target, left]
    return read


def _conditions(select: Select[Any]) -> list[Any]:
    """Return what decides about its rows, and so brings in mapped classes that the filter reaches."""
    return [*select._where_criteria]  # noqa: SLF001


def _rest(select: Select[Any]) -> list[Any]:
    entities: list[Any] = [select, *select._memoized_select_entities]  # noqa: SLF001
    return [
        *(join[1] for one in entities for join in one._setup_joins),  # noqa: SLF001
        *select._having_criteria,  # noqa: SLF001
        *select._order_by_clauses,  # noqa: SLF001
        *select._group_by_clauses,  # noqa: SLF001
        *select._distinct_on,  # noqa: SLF001
        *select._independent_ctes,  # noqa: SLF001
        select._limit_clause,  # noqa: SLF001
        select._offset_clause,  # noqa: SLF001
        select._fetch_clause,  # noqa: SLF001
    ]


def _correlated(select: Select[Any], around: frozenset[str]) -> frozenset[str]:
    """Return the tables around a nested SELECT that it takes from there instead of reading them itself."""
    if select._correlate_except is not None:  # noqa: SLF001
        return around - _named(select._correlate_except)  # noqa: SLF001
    if select._correlate:  # noqa: SLF001
        return around & _named(select._correlate)  # noqa: SLF001
    return around if select._auto_correlate else frozenset()  # noqa: SLF001


def _named(sources: Iterable[Any]) -> frozenset[str]:
    return frozenset(str(getattr(source, "name", "")).lower() for source in sources)


def _nested(elements: Iterable[Any]) -> _Found:
    found = _Found()
    seen: dict[tuple[int, bool], Any] = {}
    waiting = [(element, False) for element in elements]
    while waiting:
        element, is_from = waiting.pop()
        if (id(element), is_from) in seen:
            continue
        seen[id(element), is_from] = element
        if isinstance(element, Select):
            found.selects.append((element, is_from))
        elif isinstance(element, ClauseElement):
            # A relationship is no element: it is joined through its mapped classes.
            inside, below = _note(element, found)
            waiting += [(child, is_from or below) for child in inside]
    return found


def _note(element: ClauseElement, found: _Found) -> tuple[Iterable[Any], bool]:
    """Note what `element` brings in; return what is inside it, and whether that is selected from."""
    entity: Any = element._annotations.get("parententity")  # noqa: SLF001 - the mark that the filter itself goes by
    source: Any = element.table if isinstance(element, ColumnClause) else element
    inside = [child for child in element.get_children() if not isinstance(child, TableClause)]
    if isinstance(source, AliasedReturnsRows) and entity is None:
        # Also by one column of it alone, it is selected from.
        found.aliased |= _under(source)
        return [*inside, *(child for child in source.get_children() if not isinstance(child, TableClause))], True
    if entity is not None:
        if isinstance(entity, Mapper):
            found.mapped |= {table.name.lower() for table in entity.tables if isinstance(table, Table)}
        return inside, False
    if isinstance(source, TableClause):
        found.bare.add(source.name.lower())
    return element.get_children(), False


def _under(alias: AliasedReturnsRows) -> set[str]:
    element: Any = alias.element
    while isinstance(element, AliasedReturnsRows):
        element = element.element
    return {element.name.lower()} if isinstance(element, TableClause) else set()


def _is_literal(element: Any) -> bool:  # noqa: ANN401 - any part of a statement
    if isinstance(element, TextClause | TextualSelect) or any(getattr(element, name, None) for name in _RAW):
        return True
    operator = getattr(element, "operator", None)
    if isinstance(operator, custom_op) and "(" in operator.opstring:
        return True
    # SQLAlchemy itself writes `count(*)` and `EXISTS (SELECT 1 ...)` with literals.
    return (
        isinstance(element, ColumnClause)
        and element.is_literal
        and not (element.name == "*" or element.name.isdecimal())
    )
