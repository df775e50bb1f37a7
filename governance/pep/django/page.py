"""A page that is read as one viewer sees it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self

from django.db import connections

from governance.decision.vocabulary import Action
from governance.pep.django.candidates import CandidateReader
from governance.pep.django.declarations import GovernedForum
from governance.pep.django.statements import Filter
from governance.pep.query.asking import Asking, Decides

_PAST: ContextVar[bool] = ContextVar("hcp_governance_django_past", default=False)


@contextmanager
def past_the_filter() -> Iterator[None]:
    """Read and write what is everybody's: a new post, a number that the forum stores, a password."""
    token = _PAST.set(True)
    try:
        yield
    finally:
        _PAST.reset(token)


class ViewedPage(Asking):
    """Reads for one viewer and one page; nothing is visible before it was considered, and nothing is written.

    Make a new one for every page: permits are not kept, so that a patient's no is seen by the next page.
    """

    def __init__(self, viewer: str, client: Decides, forum: GovernedForum) -> None:
        """Read for the account id `viewer`, from within `with`."""
        self._begin(viewer, client)
        self._forum = forum
        self._filter = Filter(forum)
        self._entered: list[ExitStack] = []

    def __enter__(self) -> Self:
        """Filter all that this thread reads from now on; it may be entered again after it was left."""
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(self._run))
                stack.enter_context(_every_column_grouped(connection))
            self._entered.append(stack.pop_all())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Filter no more."""
        self._entered.pop().close()

    def consider(self, posts: Any, *, alone: bool = False) -> None:  # noqa: ANN401 - a queryset of the forum's posts
        """Ask about the posts of a queryset, and let the permitted ones be seen from now on.

        What they quote and the opening posts of their threads are asked about with them, in the same request. A post
        under a title that is hidden is hidden too, unless `alone`: then it is seen without the title, as moderators
        need it.
        """
        with past_the_filter():
            keys = set(posts.values_list("pk", flat=True))
            self._ask_about(keys, CandidateReader(self._forum, self._forum.using), self._forum, alone=alone)

    def consider_people(self, action: Action, people: Any) -> frozenset[str]:  # noqa: ANN401 - account ids, or a queryset
        """Return the accounts on whom the viewer may do `action`, and let these members be seen from now on.

        `people` are account ids, or a queryset of one column (`values_list("id", flat=True)`), read past the filter.
        """
        accounts = [(account, None) for account in self._accounts(people)]
        return frozenset(account for account, _ in self._considered(action, accounts))

    def consider_people_in(
        self, action: Action, people: Iterable[tuple[Any, Any]]
    ) -> frozenset[tuple[str, str | None]]:
        """Return on whom the viewer may do `action` in which community; `people` are accounts and communities.

        Of somebody whose age nobody told, a professional may find only what they wrote where all are adults.
        """
        with past_the_filter():
            rows = [(account, place) for account, place in people if account is not None]
        said = [(str(account), None if place is None else str(place)) for account, place in rows]
        return frozenset(self._considered(action, said))

    def _accounts(self, people: Any) -> list[str]:  # noqa: ANN401 - account ids, or a queryset
        with past_the_filter():
            return [str(account) for account in people if account is not None]

    def _run(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: ANN401, FBT001 - as Django calls it
        if _PAST.get() or not self._filter.touches(sql):
            return execute(sql, params, many, context)
        self._filter.refuse_unfilterable(sql, params, many=many)
        led, values = self._filter.led(sql, context["connection"], self._permitted, self._people)
        if params is None:
            # Without values a per cent sign is a letter; with them it is written twice.
            led = led.removesuffix(sql) + sql.replace("%", "%%")
        return execute(led, [*values, *(params or ())], many, context)


@contextmanager
def _every_column_grouped(connection: Any) -> Iterator[None]:  # noqa: ANN401 - Django is not typed
    """Have Django group by every column: of an expression a database does not know which column is the key."""
    before = vars(connection.features).get("allows_group_by_selected_pks")
    connection.features.allows_group_by_selected_pks = False
    try:
        yield
    finally:
        if before is None:
            del connection.features.allows_group_by_selected_pks
        else:
            connection.features.allows_group_by_selected_pks = before
