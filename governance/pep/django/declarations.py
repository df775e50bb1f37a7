"""What a forum on Django says about its own models, found on the models of all its apps."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.apps import apps

from governance.pep.query.declarations import Content, Declaration, Declared, HangsOn, Person, Titled

_PLAIN: Final = re.compile(r"\w+")


class GovernedForum(Declared):
    """The declarations of one forum; build it when all apps are loaded."""

    def __init__(
        self, content: type[Any], instead: Mapping[type[Any], Declaration] | None = None, using: str = "default"
    ) -> None:
        """Collect them; raises `TypeError` for a model that reads a governed table and does not say how.

        `instead` holds for its models in place of what they say themselves; `using` names the database they are in.
        """
        super().__init__(content, {**dict(_declared()), **(instead or {})})
        self.using = using
        for model, says in self.declared.items():
            _check(model, says, content)
        governed = tuple(self.declared)
        for model in apps.get_models(include_auto_created=True):
            if model not in self.declared and (issubclass(model, governed) or self._table_is_governed(model)):
                raise TypeError(f"`{model.__name__}` reads a governed table: give it `__governed__`")

    def _table_is_governed(self, model: type[Any]) -> bool:
        tables = {governed._meta.db_table for governed in self.declared}  # noqa: SLF001 - Django's public name for it
        return model._meta.db_table in tables  # noqa: SLF001


def column_of(model: type[Any], name: str | None) -> tuple[str, Any]:
    """Return the column of a declared field, or of the key, with the field that its values are written by."""
    field: Any = model._meta.pk if name is None else model._meta.get_field(name)  # noqa: SLF001
    # A foreign key is written as the key that it points to.
    return field.column, getattr(field, "target_field", field)


def table_of(model: type[Any]) -> str:
    """Return the name of a model's table."""
    table: str = model._meta.db_table  # noqa: SLF001
    return table


def _check(model: type[Any], says: Declaration, content: type[Any]) -> None:
    if not _PLAIN.fullmatch(table_of(model)):
        raise TypeError(f"`{model.__name__}`: the filter needs a table name of letters, digits and underscores")
    if isinstance(says, Content) and not issubclass(model, content):
        raise TypeError(f"`{model.__name__}`: `Content` is for `{content.__name__}` and what inherits from it")
    match says:
        case Titled(name) | HangsOn(name) | Person(name):
            names = [name]
        case Content():
            return
        case _:
            names = [says.quoting, says.quoted]
    for name in names:
        field: Any = model._meta.get_field(name)  # noqa: SLF001
        if field.model._meta.db_table != table_of(model) or not field.concrete:  # noqa: SLF001
            raise TypeError(f"`{model.__name__}.{name}` is no column of its own table: say `__governed__` anew")


def _declared() -> Iterator[tuple[type[Any], Declaration]]:
    for model in apps.get_models(include_auto_created=True):
        says = getattr(model, "__governed__", None)
        if says is not None:
            yield model, says
