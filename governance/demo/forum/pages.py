"""The forum's pages; each reads in a session of its own, filtered by who is reading. Refused is absent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Final, ParamSpec

from flask import Blueprint, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from governance.demo.forum import reading
from governance.demo.forum.house import house
from governance.demo.forum.models import Community, Member, Quote, new_post
from governance.demo.forum.people import check_form, signed_in
from governance.pep.sqlalchemy import ViewedSession

_LONGEST_POST: Final = 4_000
blueprint = Blueprint("pages", __name__)
Arguments = ParamSpec("Arguments")


def members_only(page: Callable[Arguments, ResponseReturnValue]) -> Callable[Arguments, ResponseReturnValue]:
    """Send visitors to the sign-in: of somebody without an account nobody can ask whether they are a professional."""

    @wraps(page)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
        # Who goes back to reading has given up the sign-in that the service had asked for.
        session.pop("wanted", None)
        if signed_in() is None:
            if request.method == "GET":
                session["reading"] = url_for(str(request.endpoint), **(request.view_args or {}))
            return redirect(url_for("people.people"), 303)
        return page(*args, **kwargs)

    return guarded


@blueprint.get("/")
@members_only
def communities() -> ResponseReturnValue:
    """Show the communities."""
    with _reading() as (viewed, _, allowed):
        return house().page("communities.html", lines=reading.community_lines(viewed, allowed))


@blueprint.get("/c/<community_id>")
@members_only
def community(community_id: str) -> ResponseReturnValue:
    """Show the threads of a community."""
    with _reading() as (viewed, _, allowed):
        wanted = [community for community in allowed if community.id == community_id]
        if not wanted:
            abort(404)
        return house().page("community.html", community=wanted[0], lines=reading.thread_lines(viewed, wanted[0]))


@blueprint.get("/t/<thread_id>")
@members_only
def thread(thread_id: str) -> ResponseReturnValue:
    """Show a thread."""
    with _reading() as (viewed, _, allowed):
        found = reading.conversation(viewed, allowed, thread_id)
        if found is None:
            abort(404)
        quoted = [post for post in found.posts if post.id == request.args.get("answer")]
        return house().page("thread.html", conversation=found, quoted=quoted[0] if quoted else None)


@blueprint.post("/t/<thread_id>")
@members_only
def answer(thread_id: str) -> ResponseReturnValue:
    """Answer a post, quoting it if it is not the opening one; the same question as for showing the form."""
    check_form()
    with _reading() as (viewed, member, allowed):
        found = reading.conversation(viewed, allowed, thread_id)
        to, body = request.form.get("to", ""), request.form.get("body", "").strip()[:_LONGEST_POST]
        if found is None or to not in found.answerable:
            abort(404)
        if not body:
            return redirect(url_for("pages.thread", thread_id=thread_id, answer=to), 303)
        post = new_post(found.thread, member, body, datetime.now(UTC))
        quotes = [Quote(post_id=post.id, quoted_id=to)] if to != found.thread.opening_id else []
    with house().plain_session() as writing, writing.begin():
        writing.add_all([post, *quotes])
    return redirect(url_for("pages.thread", thread_id=thread_id, _anchor=post.id), 303)


@blueprint.get("/m/<account>")
@members_only
def member(account: str) -> ResponseReturnValue:
    """Show a member's page."""
    with _reading() as (viewed, _, allowed):
        found = reading.profile(viewed, allowed, account)
        if found is None:
            abort(404)
        return house().page("member.html", profile=found)


@blueprint.get("/search")
@members_only
def search() -> ResponseReturnValue:
    """Search members, titles and posts."""
    words = request.args.get("q", "").strip()[:100]
    with _reading() as (viewed, _, allowed):
        hits = reading.search(viewed, allowed, words) if words else reading.Hits((), (), ())
        return house().page("search.html", words=words, hits=hits)


@contextmanager
def _reading() -> Iterator[tuple[ViewedSession, Member, list[Community]]]:
    who = signed_in()
    if who is None:
        abort(403)
    with house().seen_by(who.member) as viewed:
        yield viewed, who.member, list(reading.communities_of(viewed, who.member))
