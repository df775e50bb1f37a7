"""Notifications: who wrote in a conversation is told of what came after, as far as they may read it."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.demo.forum import reading
from governance.demo.forum.frame import members_only, page_reading
from governance.demo.forum.house import house
from governance.demo.forum.models import Notification, Post
from governance.demo.forum.people import check_form

blueprint = Blueprint("news", __name__)


@blueprint.get("/news")
@members_only
def news() -> ResponseReturnValue:
    """Show what is new to the reader."""
    with page_reading() as page:
        return house().page("news.html", told=reading.news(page.viewed))


@blueprint.post("/news")
@members_only
def seen() -> ResponseReturnValue:
    """Take what was shown as seen; what the reader may not read stays as it is."""
    check_form()
    with page_reading() as page:
        shown = [one.id for one in reading.news(page.viewed)]
    with house().plain_session() as writing, writing.begin():
        writing.execute(update(Notification).where(Notification.id.in_(shown)).values(seen=True))
    return redirect(url_for("news.news"), 303)


def tell_others(writing: Session, post: Post) -> None:
    """Notify all who wrote in the conversation before; who of them may read the post is asked when they look."""
    before = select(Post.author_account).where(
        Post.thread_id == post.thread_id, Post.author_account != post.author_account
    )
    told = writing.scalars(before.distinct())
    writing.add_all([Notification(account=account, post_id=post.id) for account in told])
