"""Candidates, read with SQLAlchemy over a plain connection."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, null, select

from governance.pep.query import candidates
from governance.pep.query.candidates import Candidates, Key
from governance.pep.sqlalchemy.declarations import GovernedForum, attribute, key_of

__all__ = ["CandidateReader", "Candidates", "Key"]


class CandidateReader(candidates.CandidateReader):
    """Reads candidates of one forum over a plain connection."""

    def __init__(self, connection: Connection, forum: GovernedForum) -> None:
        """Read with `connection`, which no filter touches."""
        super().__init__(forum)
        self._connection = connection

    def _rows(
        self, model: type[Any], names: Sequence[str | None], by: str | None, keys: Sequence[Key]
    ) -> Iterable[tuple[Any, ...]]:
        columns = [null() if name is None else attribute(model, name) for name in names]
        among = key_of(model) if by is None else attribute(model, by)
        rows = self._connection.execute(select(key_of(model), *columns).where(among.in_(keys)))
        return [tuple(row) for row in rows]
