"""Candidates, read with Django past the filter."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from governance.pep.query import candidates
from governance.pep.query.candidates import Key
from governance.pep.query.declarations import Declared


class CandidateReader(candidates.CandidateReader):
    """Reads candidates of one forum; for who is past the filter already."""

    def __init__(self, forum: Declared, using: str) -> None:
        """Read from the database `using`."""
        super().__init__(forum)
        self._using = using

    def _rows(
        self, model: type[Any], names: Sequence[str | None], by: str | None, keys: Sequence[Key]
    ) -> Iterable[tuple[Any, ...]]:
        # No manager of the forum's: it may leave out rows that another page shows.
        rows = QuerySet(model, using=self._using).filter(**{f"{by or 'pk'}__in": keys}).order_by()
        said = list(dict.fromkeys(name for name in names if name is not None))
        for row in rows.values_list("pk", *said):
            values = dict(zip(said, row[1:], strict=True))
            yield (row[0], *(None if name is None else values[name] for name in names))
