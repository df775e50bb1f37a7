"""What FlaskBB reads for everybody, or by text for keys alone: never through one viewer's eyes."""

from contextlib import suppress

from flaskbb.forum import views
from flaskbb.search import flaskbb_search

from governance.pep.flaskbb.filtering import unfiltered


def read_for_everybody() -> None:
    """Have FlaskBB read these past the filter.

    It keeps the board's numbers for a minute and for all members; professionals are shown none of them (`rendering`).
    A search by an index asks it in SQL text for the numbers of rows: the rows themselves are read through the filter.
    """
    views.board_statistics = unfiltered(views.board_statistics)
    flaskbb_search.search = unfiltered(flaskbb_search.search)
    flaskbb_search.snippet = unfiltered(flaskbb_search.snippet)
    with suppress(ImportError):
        from portal import views as portal  # noqa: PLC0415 - a plugin that not every forum has

        portal.board_statistics = unfiltered(portal.board_statistics)
