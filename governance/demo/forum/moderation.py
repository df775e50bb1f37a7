"""Moderation: any member tells the moderators of a post, and those of its community look at it, and at nothing more."""

from flask import Blueprint, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, select, update

from governance.demo.forum import reading
from governance.demo.forum.frame import members_only, page_reading
from governance.demo.forum.house import house
from governance.demo.forum.models import Appointment, Member, Post, Quote
from governance.demo.forum.people import check_form

_INSTEAD = "A moderator took this post down."
blueprint = Blueprint("moderation", __name__)


@blueprint.post("/p/<post_id>/flag")
@members_only
def flag(post_id: str) -> ResponseReturnValue:
    """Tell the moderators of a post that the reader sees."""
    check_form()
    with page_reading() as page:
        post = reading.post(page.viewed, page.allowed, post_id)
        if post is None:
            abort(404)
        thread_id = post.thread_id
    with house().plain_session() as writing, writing.begin():
        writing.execute(update(Post).where(Post.id == post_id).values(flagged=True))
    session["told"] = thread_id
    return redirect(url_for("pages.thread", thread_id=thread_id, _anchor="told"), 303)


@blueprint.get("/moderation")
@members_only
def queue() -> ResponseReturnValue:
    """Show a moderator what to look at; for everybody else there is no such page."""
    with page_reading() as page:
        if not looks_after_posts(page.member):
            abort(404)
        return house().page("moderation.html", posts=reading.flagged(page.viewed))


@blueprint.post("/moderation/<post_id>")
@members_only
def settle(post_id: str) -> ResponseReturnValue:
    """Leave a post as it is, or take it down; the same question as for showing it."""
    check_form()
    with page_reading() as page:
        if post_id not in {post.id for post in reading.flagged(page.viewed)}:
            abort(404)
    with house().plain_session() as writing, writing.begin():
        writing.execute(update(Post).where(Post.id == post_id).values(flagged=False))
        if request.form.get("act") == "down":
            # In place: whoever quoted it shows these words too, and the order of the posts tells nothing.
            writing.execute(update(Post).where(Post.id == post_id).values(body=_INSTEAD))
            writing.execute(delete(Quote).where(Quote.post_id == post_id))
    return redirect(url_for("moderation.queue"), 303)


def looks_after_posts(member: Member) -> bool:
    """Say whether somebody is moderator of anything."""
    with house().plain_session() as plain:
        return plain.scalars(select(Appointment).where(Appointment.account == member.account)).first() is not None
