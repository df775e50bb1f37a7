"""The forum's pages; each reads in a session of its own, filtered by who is reading. Refused is absent."""

from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from governance.demo.forum import reading
from governance.demo.forum.frame import members_only, page_reading
from governance.demo.forum.house import house
from governance.demo.forum.models import Quote, new_post
from governance.demo.forum.news import tell_others
from governance.demo.forum.people import check_form

_LONGEST_POST: Final = 4_000
blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@members_only
def communities() -> ResponseReturnValue:
    """Show the communities."""
    with page_reading() as page:
        return house().page("communities.html", lines=reading.community_lines(page.viewed, page.allowed))


@blueprint.get("/c/<community_id>")
@members_only
def community(community_id: str) -> ResponseReturnValue:
    """Show the threads of a community."""
    with page_reading() as page:
        wanted = [community for community in page.allowed if community.id == community_id]
        if not wanted:
            abort(404)
        return house().page("community.html", community=wanted[0], lines=reading.thread_lines(page.viewed, wanted[0]))


@blueprint.get("/t/<thread_id>")
@members_only
def thread(thread_id: str) -> ResponseReturnValue:
    """Show a thread."""
    with page_reading() as page:
        found = reading.conversation(page.viewed, page.allowed, thread_id)
        if found is None:
            abort(404)
        quoted = [post for post in found.posts if post.id == request.args.get("answer")]
        # Not from the address, which anybody can send: only the press itself makes the page say it, once.
        told = session.get("told") == thread_id and bool(session.pop("told"))
        return house().page("thread.html", conversation=found, quoted=quoted[0] if quoted else None, told=told)


@blueprint.post("/t/<thread_id>")
@members_only
def answer(thread_id: str) -> ResponseReturnValue:
    """Answer a post, quoting it if it is not the opening one; the same question as for showing the form."""
    check_form()
    with page_reading() as page:
        found = reading.conversation(page.viewed, page.allowed, thread_id)
        to, body = request.form.get("to", ""), request.form.get("body", "").strip()[:_LONGEST_POST]
        if found is None or to not in found.answerable:
            abort(404)
        if not body:
            return redirect(url_for("pages.thread", thread_id=thread_id, answer=to), 303)
        post = new_post(found.thread, page.member, body, datetime.now(UTC))
        quotes = [Quote(post_id=post.id, quoted_id=to)] if to != found.thread.opening_id else []
    with house().plain_session() as writing, writing.begin():
        writing.add_all([post, *quotes])
        tell_others(writing, post)
    return redirect(url_for("pages.thread", thread_id=thread_id, _anchor=post.id), 303)


@blueprint.get("/m/<account>")
@members_only
def member(account: str) -> ResponseReturnValue:
    """Show a member's page."""
    with page_reading() as page:
        found = reading.profile(page.viewed, page.allowed, account)
        if found is None:
            abort(404)
        return house().page("member.html", profile=found)


@blueprint.get("/search")
@members_only
def search() -> ResponseReturnValue:
    """Search members, titles and posts."""
    words = request.args.get("q", "").strip()[:100]
    with page_reading() as page:
        hits = reading.search(page.viewed, page.allowed, words) if words else reading.Hits((), (), ())
        return house().page("search.html", words=words, hits=hits)
