"""The forum's pages; each reads in a session of its own, filtered by who is reading. Refused is absent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from governance.demo.forum import reading
from governance.demo.forum.house import house
from governance.demo.forum.models import Community, Member
from governance.demo.forum.people import signed_in
from governance.pep.sqlalchemy import ViewedSession

blueprint = Blueprint("pages", __name__)
Arguments = ParamSpec("Arguments")


def members_only(page: Callable[Arguments, ResponseReturnValue]) -> Callable[Arguments, ResponseReturnValue]:
    """Send visitors to the sign-in: of somebody without an account nobody can ask whether they are a professional."""

    @wraps(page)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
        if signed_in() is None:
            return redirect(url_for("people.people"), 303)
        return page(*args, **kwargs)

    return guarded


@blueprint.get("/")
@members_only
def communities() -> ResponseReturnValue:
    """Show the communities."""
    with _reading() as (session, _, allowed):
        return house().page("communities.html", lines=reading.community_lines(session, allowed))


@blueprint.get("/c/<community_id>")
@members_only
def community(community_id: str) -> ResponseReturnValue:
    """Show the threads of a community."""
    with _reading() as (session, _, allowed):
        wanted = [community for community in allowed if community.id == community_id]
        if not wanted:
            abort(404)
        return house().page("community.html", community=wanted[0], lines=reading.thread_lines(session, wanted[0]))


@blueprint.get("/t/<thread_id>")
@members_only
def thread(thread_id: str) -> ResponseReturnValue:
    """Show a thread."""
    with _reading() as (session, _, allowed):
        found, posts = reading.thread_with_posts(session, allowed, thread_id)
        if found is None:
            abort(404)
        return house().page("thread.html", thread=found, posts=posts)


@blueprint.get("/m/<account>")
@members_only
def member(account: str) -> ResponseReturnValue:
    """Show a member's page."""
    with _reading() as (session, _, allowed):
        found = reading.profile(session, allowed, account)
        if found is None:
            abort(404)
        return house().page("member.html", profile=found)


@blueprint.get("/search")
@members_only
def search() -> ResponseReturnValue:
    """Search members, titles and posts."""
    words = request.args.get("q", "").strip()[:100]
    with _reading() as (session, _, allowed):
        hits = reading.search(session, allowed, words) if words else reading.Hits((), (), ())
        return house().page("search.html", words=words, hits=hits)


@contextmanager
def _reading() -> Iterator[tuple[ViewedSession, Member, list[Community]]]:
    who = signed_in()
    if who is None:
        abort(403)
    with house().seen_by(who.member) as session:
        yield session, who.member, list(reading.communities_of(session, who.member))
