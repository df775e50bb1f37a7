"""A session that reads as one viewer sees."""

from collections.abc import Iterable
from typing import Any, ClassVar, Final, NoReturn

from sqlalchemy import Engine, Executable, Select, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.elements import ColumnElement

from governance.decision.vocabulary import Action
from governance.pep.query.asking import Asking, Decides
from governance.pep.query.failures import UnfilteredQueryError
from governance.pep.sqlalchemy.candidates import CandidateReader
from governance.pep.sqlalchemy.declarations import (
    Content,
    Declaration,
    GovernedForum,
    HangsOn,
    Person,
    Quotes,
    Titled,
    attribute,
    key_of,
)
from governance.pep.sqlalchemy.guard import refuse_unfilterable

_READS: Final = "a viewed session only reads: write with a plain session"


class ViewedSession(Asking, Session):
    """Reads for one viewer and one page; nothing is visible before it was considered, and nothing is written.

    Make a new session for every page: permits are not kept, so that a patient's no is seen by the next page.
    """

    reader_class: ClassVar[type[CandidateReader]] = CandidateReader
    """How posts are read before they are asked about; a forum that keeps quotes in no table brings its own."""

    def __init__(self, engine: Engine, viewer: str, client: Decides, forum: GovernedForum) -> None:
        """Read from `engine` for the account id `viewer`."""
        super().__init__(engine, autoflush=False)
        self._engine = engine
        self._forum = forum
        self._begin(viewer, client)

    def consider(self, posts: Select[Any], *, alone: bool = False) -> None:
        """Ask about the posts whose keys `posts` selects, and let the permitted ones be seen from now on.

        What they quote and the opening posts of their threads are asked about with them, in the same request. A post
        under a title that is hidden is hidden too, unless `alone`: then it is seen without the title, as moderators
        need it.
        """
        with self._engine.connect() as connection:
            reader = self.reader_class(connection, self._forum)
            self._ask_about(connection.scalars(posts), reader, self._forum, alone=alone)

    def consider_people(self, action: Action, people: Select[Any] | Iterable[str]) -> frozenset[str]:
        """Return the accounts on whom the viewer may do `action`, and let these members be seen from now on.

        `people` are account ids, or what selects them: they are read past the filter, to be asked about.
        """
        accounts = self._rows(people) if isinstance(people, Select) else [(account, None) for account in people]
        return frozenset(account for account, _ in self._considered(action, accounts))

    def consider_people_in(self, action: Action, people: Executable) -> frozenset[tuple[str, str | None]]:
        """Return on whom the viewer may do `action` in which community; `people` selects an account and a community.

        Of somebody whose age nobody told, a professional may find only what they wrote where all are adults.
        """
        return frozenset(self._considered(action, self._rows(people)))

    def connection(self, *_: Any, **__: Any) -> NoReturn:  # noqa: ANN401 - every call is refused, whatever it asks for
        """Refuse: what is run on a raw connection is not filtered."""
        raise UnfilteredQueryError("a viewed session hands out no connection")

    def bulk_save_objects(self, *_: Any, **__: Any) -> NoReturn:  # noqa: ANN401
        """Refuse: it writes without a flush."""
        raise UnfilteredQueryError(_READS)

    def bulk_insert_mappings(self, *_: Any, **__: Any) -> NoReturn:  # noqa: ANN401
        """Refuse likewise."""
        raise UnfilteredQueryError(_READS)

    def bulk_update_mappings(self, *_: Any, **__: Any) -> NoReturn:  # noqa: ANN401
        """Refuse likewise."""
        raise UnfilteredQueryError(_READS)

    def criteria(self) -> list[LoaderCriteriaOption]:
        """Return what every SELECT of this session is limited to; joined loads follow only what propagates."""
        return [
            with_loader_criteria(model, self._limit(model, says), include_aliases=True)
            for model, says in self._forum.declared.items()
        ]

    def guard(self, state: ORMExecuteState) -> None:
        """Refuse a statement that the criteria cannot reach."""
        refuse_unfilterable(state, self._forum.tables)

    def _rows(self, people: Executable) -> list[tuple[str, str | None]]:
        with self._engine.connect() as connection:
            rows = [(*row, None)[:2] for row in connection.execute(people)]
        return [(account, place) for account, place in rows if account is not None]

    def _limit(self, model: type[Any], says: Declaration) -> ColumnElement[bool]:
        match says:
            case Content():
                return key_of(model).in_(self._permitted)
            case Quotes(quoting=quoting, quoted=quoted):
                return attribute(model, quoting).in_(self._permitted) & attribute(model, quoted).in_(self._permitted)
            case Titled(opening):
                return attribute(model, opening).in_(self._permitted)
            case HangsOn(post):
                return attribute(model, post).in_(self._permitted)
            case Person(account):
                return attribute(model, account).in_(self._people)


@event.listens_for(ViewedSession, "do_orm_execute")
def _show_only_what_is_permitted(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, ViewedSession):
        raise UnfilteredQueryError("the filter belongs to a viewed session")
    session.guard(state)
    state.statement = state.statement.options(*session.criteria())


@event.listens_for(ViewedSession, "before_flush")
def _write_nothing(*_: object) -> NoReturn:
    raise UnfilteredQueryError(_READS)
