"""The filter under all of FlaskBB's pages: every SELECT of a request is limited to what its member may see.

Before a statement runs, the same statement is run past the filter for the keys alone of the posts that it could bring,
without its page and offset. These posts are asked about, and the statement then yields the permitted ones. So a page
that this plugin has never heard of is filtered too, counts and all; what could not be asked about is not shown.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

from flask import request
from flaskbb.extensions import db
from flaskbb.forum.models import Attachment, Post, Report, Topic
from flaskbb.user.models import User
from sqlalchemy import Select, Table, event, inspect
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.sql.elements import TextClause

from governance.pep.flaskbb.declared import FORUM
from governance.pep.flaskbb.page import Page, page_now
from governance.pep.flaskbb.writing import WITHOUT_PEOPLE
from governance.pep.sqlalchemy import UnfilteredQueryError
from governance.pep.sqlalchemy.guard import elements_of, refuse_unfilterable

_PAST: ContextVar[bool] = ContextVar("hcp_governance_past", default=False)
_POSTS_OF: Final[dict[type[Any], tuple[str, ...]]] = {
    Post: ("id",),
    Topic: ("first_post_id", "last_post_id"),
    Attachment: ("post_id",),
    Report: ("post_id",),
}
"""Which columns of a class name the posts that decide about its rows."""


@contextmanager
def past_the_filter() -> Iterator[None]:
    """Run what reads for everybody, such as numbers that FlaskBB keeps for all members."""
    token = _PAST.set(True)
    try:
        yield
    finally:
        _PAST.reset(token)


def unfiltered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function`, run past the filter."""

    def runs(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever FlaskBB's own function takes and gives
        with past_the_filter():
            return function(*given, **named)

    return runs


@event.listens_for(db.session, "do_orm_execute")
def _show_only_what_is_permitted(state: ORMExecuteState) -> None:
    if not state.is_select or _PAST.get():
        return
    page = page_now()
    if page is None or page.open:
        return
    if not (state.is_orm_statement and isinstance(state.statement, Select)):
        _refuse_bare(state.statement)
        return
    if state.is_column_load or not _touches(state.statement):
        # The rest of a row that was handed out already (without it the row at hand would be an error), or no such row.
        return
    if not state.is_relationship_load:
        refuse_unfilterable(state, FORUM.tables)
    with past_the_filter():
        _ask_about(page, state)
    options = [with_loader_criteria(model, limit, include_aliases=True) for model, limit in page.limits()]
    if _looks_for_people(state):
        options.append(with_loader_criteria(User, User.id.in_(page.people()), include_aliases=True))
    state.statement = state.statement.options(*options)


def _touches(statement: Any) -> bool:  # noqa: ANN401 - any executable
    """Say whether a statement can bring a governed row, or look for members.

    What cannot is left alone: FlaskBB keeps groups in its cache, and rows that carry a filter cannot be kept.
    """
    if statement._with_options:  # noqa: SLF001 - nothing public tells them
        return True
    names = {found.name for found in elements_of(statement) if isinstance(found, Table)}
    return bool(names & _FILTERED) or any(_joined(inspect(model)) for _, model in _entities(statement))


@cache
def _joined(mapper: Any) -> bool:  # noqa: ANN401 - FlaskBB's types are in its own environment
    """Say whether loading a class also loads a governed one by a join."""
    seen, waiting = {mapper}, [mapper]
    while waiting:
        for relation in waiting.pop().relationships:
            if relation.lazy in {"joined", False} and relation.mapper not in seen:
                seen.add(relation.mapper)
                waiting.append(relation.mapper)
    return any(other.class_ in _POSTS_OF for other in seen)


def _ask_about(page: Page, state: ORMExecuteState) -> None:
    """Ask about all posts, and the members, that the statement could bring."""
    statement: Any = state.statement
    if not isinstance(statement, Select) or (statement.whereclause is None and not _brings_rows(statement)):
        # A number over all posts of the forum: what was not asked about is not counted.
        return
    for entity, model in _entities(statement):
        for name in _POSTS_OF.get(model, ()):
            page.consider_bound(_keys(statement, getattr(entity, name)), state.parameters, alone=_moderating())
    if _looks_for_people(state):
        page.findable(_keys(statement, _entities(statement)[0][0].id), state.parameters)


def _keys(statement: Select[Any], key: Any) -> Select[Any]:  # noqa: ANN401 - an attribute of a class or of its alias
    wanted: Select[Any] = statement.with_only_columns(key, maintain_column_froms=True)
    return wanted.group_by(None)


def _brings_rows(statement: Select[Any]) -> bool:
    return any(_is_class(one["expr"]) for one in statement.column_descriptions)


def _is_class(expression: Any) -> bool:  # noqa: ANN401 - SQLAlchemy describes columns by whatever stands there
    found = inspect(expression, raiseerr=False)
    return bool(getattr(found, "is_mapper", False) or getattr(found, "is_aliased_class", False))


def _entities(statement: Select[Any]) -> list[tuple[Any, type[Any]]]:
    """Return the classes or aliases that a statement selects from, with the mapped class of each, in its order."""
    found: dict[int, tuple[Any, type[Any]]] = {}
    for described in statement.column_descriptions:
        entity = described["entity"]
        if entity is not None:
            found.setdefault(id(entity), (entity, inspect(entity).mapper.class_))
    for source in statement.get_final_froms() if not found else []:
        model = _MAPPED.get(getattr(source, "name", ""))
        if model is not None:
            found.setdefault(id(model), (model, model))
    return list(found.values())


_MAPPED: Final[dict[str, type[Any]]] = {model.__tablename__: model for model in (*_POSTS_OF, User)}


_FILTERED: Final = frozenset(_MAPPED)


def _looks_for_people(state: ORMExecuteState) -> bool:
    """Say whether a statement looks for members: one who hangs on something that is shown is shown with it."""
    if state.is_relationship_load or request.blueprint in WITHOUT_PEOPLE or not isinstance(state.statement, Select):
        return False
    found = _entities(state.statement)
    return bool(found) and found[0][1] is User


def _moderating() -> bool:
    """Reported posts are shown for themselves, also where who began the conversation is hidden."""
    return request.blueprint == "management"


def _refuse_bare(statement: Any) -> None:  # noqa: ANN401 - any executable
    """Raise `UnfilteredQueryError` for a statement past the mapped classes that reads a governed table."""
    governed = {table.name for table in FORUM.tables}
    for element in elements_of(statement):
        if isinstance(element, TextClause) or (isinstance(element, Table) and element.name in governed):
            raise UnfilteredQueryError("for a viewer, read mapped classes: no text, and no governed table by itself")
