"""FlaskBB's own functions that must know of the filter: what it reads for everybody, and what it takes for hidden."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flaskbb.forum import models, views
from flaskbb.forum.models import Post, Topic
from flaskbb.search import flaskbb_search
from flaskbb.utils.queries import can_view_hidden
from sqlalchemy import or_

from governance.pep.flaskbb.filtering import unfiltered
from governance.pep.flaskbb.page import page_now


def read_for_everybody() -> None:
    """Have FlaskBB read these past the filter.

    It keeps the board's numbers for a minute and for all members; professionals are shown none of them (`rendering`).
    A search by an index asks it in SQL text for the numbers of rows: the rows themselves are read through the filter.
    """
    models.hidden = _keeping_topics(models.hidden)
    views.board_statistics = unfiltered(views.board_statistics)
    flaskbb_search.search = unfiltered(flaskbb_search.search)
    flaskbb_search.snippet = unfiltered(flaskbb_search.snippet)
    with suppress(ImportError):
        from portal import views as portal  # noqa: PLC0415 - a plugin that not every forum has

        portal.board_statistics = unfiltered(portal.board_statistics)


def _keeping_topics(hidden: Callable[..., Any]) -> Callable[..., Any]:
    """Return FlaskBB's own condition on hidden rows, for a viewer without the side effect that it has on them.

    A list of topics brings the last post of each. Where the viewer may not see that one it is not there, and FlaskBB
    would take the whole topic for hidden.
    """

    def runs(statement: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - FlaskBB's own signature
        entities = [described["entity"] for described in statement.column_descriptions]
        if given or named or page_now() is None or not {Topic, Post} <= {*entities} or can_view_hidden():
            return hidden(statement, *given, **named)
        return statement.where(Topic.hidden.is_(False), or_(Post.id.is_(None), Post.hidden.is_(False)))

    return runs
