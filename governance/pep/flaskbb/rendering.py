"""What FlaskBB stores instead of reading it (counts, titles of last posts, own words of a profile), for one viewer.

No query can filter a stored number or title. Templates read attributes through the Jinja environment, and there these
few are answered from what the viewer may see. The rows themselves stay as they are: FlaskBB writes them back.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from flask import Flask, before_render_template
from flask_sqlalchemy.pagination import Pagination
from flaskbb.extensions import db
from flaskbb.forum.models import Forum, Post, Topic
from flaskbb.user.models import User
from jinja2 import Environment
from sqlalchemy import func, select

from governance.pep.flaskbb.page import Page, page_now

UNSAID: Final = "\u2013"
"""Stands where a number would count what the viewer may not see."""
_LAST_POSTS: Final = 10
_DEPTH: Final = 5
_ABOUT_ONESELF: Final = frozenset({"birthday", "age", "gender", "website", "location", "notes"})
_NUMBERS: Final = frozenset({"user_count", "topic_count", "post_count"})


def govern_templates(app: Flask) -> None:
    """Have every template of the app read the attributes above through this module."""
    environment: Environment = app.jinja_env
    environment.getattr = _reading(environment.getattr)  # type: ignore[assignment,method-assign]
    before_render_template.connect(_prepare, app)


def _reading(plain: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    def read(thing: Any, name: str) -> Any:  # noqa: ANN401 - Jinja's own signature
        answers = _ANSWERS.get(type(thing), {}).get(name)
        page = page_now() if answers is not None else None
        return plain(thing, name) if answers is None or page is None else answers(page, thing, plain)

    return read


def _prepare(_app: Flask, template: Any, context: dict[str, Any], **_more: Any) -> None:  # noqa: ARG001, ANN401 - the signal's
    """Ask for all that a page will show in as few questions as there are kinds, before it is put together."""
    page = page_now()
    if page is None:
        return
    page.open = False
    shown = list(_things(context.values()))
    _point(page, [one for one in shown if isinstance(one, Forum)])
    _last_in(page, {one.id for one in shown if isinstance(one, Topic)})
    _stand_in(page, context)
    authors = {str(one.user_id) for one in shown if isinstance(one, Post) and one.user_id is not None}
    if authors:
        page.badges(authors)
    if page.governed and context.keys() >= _NUMBERS:
        context.update(dict.fromkeys(_NUMBERS - {"user_count"}, UNSAID))


def _things(values: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    for value in values:
        if isinstance(value, Forum | Topic | Post):
            yield value
        elif isinstance(value, Pagination):
            yield from _things(value.items, depth)
        elif depth < _DEPTH and (isinstance(value, list | tuple) or hasattr(value, "_fields")):
            yield from _things(value, depth + 1)
        elif isinstance(value, dict):
            yield from _things(value.values(), depth + 1)


def _stand_in(page: Page, context: dict[str, Any]) -> None:
    """Put the last post that the viewer may see where the last one of a topic is none for them."""
    for value in context.values():
        if isinstance(value, Pagination) and value.items and isinstance(value.items[0], tuple):
            value.items = [_with_last(page, row) for row in value.items]


def _with_last(page: Page, row: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(row) > 1 and isinstance(row[0], Topic) and row[1] is None:
        return (row[0], _last_post(page, row[0]), *row[2:])
    return row


def _point(page: Page, forums: list[Forum]) -> None:
    """Find the newest post that the viewer may see, in each forum, among the newest few."""
    missing = [forum for forum in forums if forum.id not in page.pointers]
    newest: set[int] = set()
    for forum in missing:
        newest |= page.newest_in(forum.id, _LAST_POSTS)
    if missing:
        found = select(Post, Topic.forum_id).join(Topic, Topic.id == Post.topic_id).where(Post.id.in_(newest))
        page.pointers |= dict.fromkeys((forum.id for forum in missing), None)
        for post, forum_id in db.session.execute(found.order_by(Post.id)):
            page.pointers[forum_id] = post


def _last_in(page: Page, topics: set[int]) -> None:
    """Count what the viewer may see in each topic, and find the last of it."""
    missing = topics - page.counted.keys()
    if missing:
        told = select(Post.topic_id, func.count(Post.id), func.max(Post.id))
        told = told.where(Post.topic_id.in_(missing), Post.hidden.is_(False)).group_by(Post.topic_id)
        page.counted |= dict.fromkeys(missing, (0, None))
        page.counted |= {topic: (count, last) for topic, count, last in db.session.execute(told)}


def _pointer(name: str) -> Callable[[Page, Forum, Callable[..., Any]], Any]:
    def answer(page: Page, forum: Forum, _plain: Callable[..., Any]) -> Any:  # noqa: ANN401 - a column's value
        _point(page, [forum])
        post = page.pointers[forum.id]
        return None if post is None else _OF_POST[name](post)

    return answer


_OF_POST: Final[dict[str, Callable[[Post], Any]]] = {
    "last_post": lambda post: post,
    "last_post_id": lambda post: post.id,
    "last_post_url": lambda post: post.url,
    "last_post_title": lambda post: post.topic.title,
    "last_post_created": lambda post: post.date_created,
    "last_post_user": lambda post: post.user,
    "last_post_user_id": lambda post: post.user_id,
    "last_post_username": lambda post: post.username,
}


def _unsaid(name: str) -> Callable[[Page, Any, Callable[..., Any]], Any]:
    """Numbers of a whole forum, or of a member's whole life here: professionals are told none."""

    def answer(page: Page, thing: Any, plain: Callable[..., Any]) -> Any:  # noqa: ANN401 - a number or the dash
        own = isinstance(thing, User) and str(thing.id) == page.viewer
        return UNSAID if page.governed and not own else plain(thing, name)

    return answer


def _count(page: Page, topic: Topic, plain: Callable[..., Any]) -> Any:  # noqa: ANN401 - FlaskBB's number
    if not page.governed:
        return plain(topic, "post_count")
    _last_in(page, {topic.id})
    return page.counted[topic.id][0]


def _last_post(page: Page, topic: Topic, plain: Callable[..., Any] = getattr) -> Any:  # noqa: ANN401 - a post or none
    there = plain(topic, "last_post")
    if there is not None:
        return there
    _last_in(page, {topic.id})
    last = page.counted[topic.id][1]
    return None if last is None else db.session.get(Post, last)


def _last_updated(page: Page, topic: Topic, plain: Callable[..., Any]) -> Any:  # noqa: ANN401 - a time
    post = _last_post(page, topic, plain)
    return plain(topic, "last_updated") if post is None else post.date_created


def _own_words(name: str) -> Callable[[Page, User, Callable[..., Any]], Any]:
    def answer(page: Page, user: User, plain: Callable[..., Any]) -> Any:  # noqa: ANN401 - a column's value
        return plain(user, name) if page.may_look_up(str(user.id)) else None

    return answer


_ANSWERS: Final[dict[type[Any], dict[str, Callable[..., Any]]]] = {
    Forum: {name: _pointer(name) for name in _OF_POST}
    | {name: _unsaid(name) for name in ("post_count", "topic_count")},
    Topic: {"post_count": _count, "last_post": _last_post, "last_updated": _last_updated},
    User: {name: _unsaid(name) for name in ("post_count", "topic_count", "posts_per_day", "topics_per_day")}
    | {name: _own_words(name) for name in _ABOUT_ONESELF},
}
