"""What every page of the forum begins with: who reads, through the kit's filter, and where they may enter."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from governance.demo.forum import reading
from governance.demo.forum.house import house
from governance.demo.forum.models import Community, Member
from governance.demo.forum.people import signed_in
from governance.pep.sqlalchemy import ViewedSession

Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class PageReading:
    """A session that reads as the member sees, and the communities they may enter."""

    viewed: ViewedSession
    member: Member
    allowed: Sequence[Community]


def members_only(page: Callable[Arguments, ResponseReturnValue]) -> Callable[Arguments, ResponseReturnValue]:
    """Send visitors to the sign-in: of somebody without an account nobody can ask whether they are a professional.

    Who works at the service is no member: a verifier has no business in the talk.
    """

    @wraps(page)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
        # Who goes back to reading has given up the sign-in that the service had asked for.
        session.pop("wanted", None)
        who = signed_in()
        if who is None or who.member.duty is not None:
            if request.method == "GET":
                session["reading"] = url_for(str(request.endpoint), **(request.view_args or {}))
            return redirect(url_for("people.people"), 303)
        return page(*args, **kwargs)

    return guarded


@contextmanager
def page_reading() -> Iterator[PageReading]:
    """Yield what one page reads with; never kept for another page, so that a no is seen by the very next one."""
    who = signed_in()
    if who is None or who.member.duty is not None:
        abort(403)
    with house().seen_by(who.member) as viewed:
        g.viewed = viewed
        try:
            yield PageReading(viewed, who.member, reading.communities_of(viewed, who.member))
        finally:
            g.pop("viewed")


def unseen_news() -> int:
    """Return the number that stands in the header: of news that the reader may read."""
    viewed: ViewedSession | None = g.get("viewed")
    return 0 if viewed is None else reading.unseen(viewed)
