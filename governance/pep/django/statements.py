"""What a statement is led by so that governed tables stand for their permitted rows; what cannot be led is not run."""

import re
from collections.abc import Collection
from typing import Any, Final

from django.core.exceptions import ValidationError

from governance.pep.django.declarations import GovernedForum, column_of, table_of
from governance.pep.query.declarations import Content, Declaration, HangsOn, Person, Quotes, Titled
from governance.pep.query.failures import UnfilteredQueryError

_POSTS: Final = "hcp_governance_posts"
_PEOPLE: Final = "hcp_governance_people"
_FIRST_WORD: Final = re.compile(r"[\s(]*([A-Za-z]+)")
_QUALIFIED: Final = r"[\"`\[]?(\w+)[\"`\]]?\s*\.\s*[\"`\[]?(?:{names})\b"
_ALONE: Final = r"(?<![\w.]){name}(?!\w)(?![\"`\]]?\s*\.)"
_READ: Final = re.compile(r"\b(?:FROM|JOIN|ONLY)[\s(]*\Z", re.IGNORECASE)
_SCHEMAS: Final = frozenset({"main", "temp", "public", "pg_temp"})
"""What nobody should call a table in raw SQL: it is where the tables themselves are."""
_NUMBERED: Final = re.compile(r"\bU&\"", re.IGNORECASE)
"""A name whose letters are written as numbers; whose it is cannot be seen."""
_SCHEMA: Final = {"sqlite": "main."}
"""Where an expression could not name its own table otherwise. Elsewhere it is not in its own scope."""


class Filter:
    """Leads the SELECTs of one forum on one database."""

    def __init__(self, forum: GovernedForum) -> None:
        """Filter the tables that `forum` declares."""
        self._forum = forum
        names = "|".join(sorted({re.escape(table_of(model)) for model in forum.declared}))
        self._named = re.compile(rf"\b(?:{names})\b", re.IGNORECASE)
        self._qualified = re.compile(_QUALIFIED.format(names=names), re.IGNORECASE)

    def touches(self, sql: str) -> bool:
        """Say whether a statement names a governed table anywhere."""
        return self._named.search(sql) is not None or _NUMBERED.search(sql) is not None

    def refuse_unfilterable(self, sql: str, params: object, *, many: bool) -> None:
        """Raise `UnfilteredQueryError` unless leading it filters all that a statement reads."""
        first = _FIRST_WORD.match(sql)
        if first is None or first[1].upper() != "SELECT" or many:
            raise UnfilteredQueryError(
                "a viewed page only reads governed tables, by statements that begin with SELECT: "
                "write and lock within `past_the_filter()`"
            )
        if not (params is None or isinstance(params, list | tuple)):
            raise UnfilteredQueryError("give the values of raw SQL as a list, not by name")
        if ";" in sql.rstrip().removesuffix(";"):
            raise UnfilteredQueryError("one statement at a time can be filtered")
        if _NUMBERED.search(sql):
            raise UnfilteredQueryError("write the names of tables in raw SQL by their letters")
        for found in self._qualified.finditer(sql):
            # A table that is named with its schema is read itself, whatever leads the statement. What leads a column
            # stands somewhere as a table, too, under a name that is no schema's.
            is_schema = found[1].lower() in _SCHEMAS or _READ.search(sql, 0, found.start())
            if is_schema or not re.search(_ALONE.format(name=re.escape(found[1])), sql, re.IGNORECASE):
                raise UnfilteredQueryError("name governed tables in raw SQL without their schema")

    def led(
        self,
        sql: str,
        connection: Any,  # noqa: ANN401 - Django is not typed
        permitted: Collection[Any],
        people: Collection[str],
    ) -> tuple[str, list[Any]]:
        """Return the statement behind what filters it, and the values that come before its own."""
        lead = _Lead(connection)
        lead.add_values(_POSTS, permitted, self._forum.content_class, None)
        for number, (model, says) in enumerate(self._of_tables().items()):
            among = _POSTS
            if isinstance(says, Person):
                among = f"{_PEOPLE}_{number}"
                lead.add_values(among, people, model, says.account)
            lead.add_table(model, _names(says), among)
        return f"WITH {', '.join(lead.parts)} {sql}", lead.values

    def _of_tables(self) -> dict[type[Any], Declaration]:
        """Return one model for each table: proxies share theirs."""
        by_table = {table_of(model): model for model in reversed(self._forum.declared)}
        return {model: self._forum.declared[model] for model in by_table.values()}


class _Lead:
    """Expressions that stand before a statement; nothing is written into them but names of the forum's own tables."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - Django is not typed
        self._connection = connection
        self._quoted = connection.ops.quote_name
        self.parts: list[str] = []
        self.values: list[Any] = []

    def add_values(self, name: str, values: Collection[Any], model: type[Any], field_name: str | None) -> None:
        """Add a list of keys, as they stand in a field."""
        column, field = column_of(model, field_name)
        prepared = self._prepared(values, field)
        rows = ", ".join(["(%s)"] * len(prepared))
        # An empty list takes its type from the column.
        listed = f"VALUES {rows}" if rows else f"SELECT {self._quoted(column)} FROM {self._own(model)} WHERE 1 = 0"  # noqa: S608
        self.parts.append(f"{self._quoted(name)}(id) AS ({listed})")
        self.values += prepared

    def add_table(self, model: type[Any], names: Collection[str | None], among: str) -> None:
        """Let a table stand for its rows whose named fields are all in a list."""
        columns = [self._quoted(column_of(model, name)[0]) for name in names]
        limits = " AND ".join(f"{column} IN (SELECT id FROM {self._quoted(among)})" for column in columns)  # noqa: S608
        table = self._quoted(table_of(model))
        self.parts.append(f"{table} AS (SELECT * FROM {self._own(model)} WHERE {limits})")  # noqa: S608

    def _own(self, model: type[Any]) -> str:
        """Return the table itself, where an expression of its name stands."""
        return _SCHEMA.get(self._connection.vendor, "") + str(self._quoted(table_of(model)))

    def _prepared(self, values: Collection[Any], field: Any) -> list[Any]:  # noqa: ANN401 - Django is not typed
        """Return values as the database takes them; what is none of the field's is nobody's, and left out."""
        found = []
        for value in values:
            try:
                found.append(field.get_db_prep_value(field.to_python(value), self._connection))
            except (TypeError, ValueError, ValidationError):
                continue
        return found


def _names(says: Declaration) -> list[str | None]:
    match says:
        case Content():
            return [None]
        case Quotes(quoting=quoting, quoted=quoted):
            return [quoting, quoted]
        case Titled(name) | HangsOn(name) | Person(name):
            return [name]
