"""What FlaskBB's own models say about whose words they hold: nothing is stored, no table is added."""

from typing import Any, Final

from flaskbb.extensions import db
from flaskbb.forum.models import Attachment, Post, Report, Topic
from sqlalchemy import String, case, cast, exists, literal, select
from sqlalchemy.orm import column_property

from governance.pep.sqlalchemy import Content, GovernedForum, HangsOn, Titled
from governance.pep.sqlalchemy.declarations import Declaration

GONE: Final = "gone:"
"""Before the name of somebody whose account was deleted: an account that nobody has, so that no professional is shown
their words, while members go on reading them."""


def _declare() -> GovernedForum:
    """Hang author, community and flag on `Post` as expressions, loaded by nobody who does not ask for them."""
    post: Any = Post
    author = case((post.user_id.is_(None), literal(GONE) + post.username), else_=cast(post.user_id, String))
    place = select(Topic.forum_id).where(Topic.id == post.topic_id).correlate(post).scalar_subquery()
    open_report = exists().where(Report.post_id == post.id, Report.zapped.is_(None)).correlate(post)
    post.governed_author = column_property(author, deferred=True)
    post.governed_community = column_property(place, deferred=True)
    post.governed_flag = column_property(open_report, deferred=True)
    said = Content(
        author="governed_author",
        community="governed_community",
        thread="topic_id",
        created="date_created",
        edited="date_modified",
        flagged="governed_flag",
    )
    declared: dict[Any, Declaration] = {
        Post: said,
        Topic: Titled("first_post_id"),
        Attachment: HangsOn("post_id"),
        Report: HangsOn("post_id"),
    }
    return GovernedForum(db.Model, content=Post, instead=declared)


FORUM: Final = _declare()
