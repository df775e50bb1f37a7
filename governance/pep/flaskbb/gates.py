"""Before a request changes something: may this member do that to these words, or write to this person?"""

from collections.abc import Sequence
from typing import Any, Final

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flaskbb.extensions import db
from flaskbb.forum.models import Post, Topic
from flaskbb.user.models import User
from sqlalchemy import select

from governance.decision.vocabulary import Action
from governance.pep.flaskbb.filtering import past_the_filter
from governance.pep.flaskbb.page import Page, page_now
from governance.pep.flaskbb.words import say
from governance.pep.flaskbb.writing import needed

_LETTERS: Final = "conversations_bp"


def gate() -> ResponseReturnValue | None:
    """Stop a request that the member is not allowed; what they may not see is not there."""
    actions, page = needed(), page_now()
    if page is None or not actions:
        return None
    if Action.MESSAGE in actions:
        return _letter(page)
    with past_the_filter():
        posts = _posts()
        page.consider(select(Post.id).where(Post.id.in_(posts)), alone=Action.MODERATE in actions)
    if not set(posts) <= set(page.permitted()):
        abort(404)
    if all(set(posts) == page.may(action, posts) for action in actions if action != Action.VIEW):
        return None
    flash(say("not_here"), "warning")
    return redirect(url_for("forum.index"))


def _posts() -> Sequence[int]:
    """Return the posts that the request is about: the one it names, or the first one of each topic."""
    given = request.view_args or {}
    found = [given["post_id"]] if "post_id" in given else []
    topics = [given["topic_id"]] if "topic_id" in given else request.form.getlist("rowid", type=int)
    opened = db.session.scalars(select(Topic.first_post_id).where(Topic.id.in_(topics))).all()
    return [*found, *(post for post in opened if post is not None)]


def _letter(page: Page) -> ResponseReturnValue | None:
    """Stop a private message to somebody whom the viewer may not write to; a draft is stopped too."""
    with past_the_filter():
        other = _addressee(page)
    if other is None or str(other) == page.viewer:
        # FlaskBB itself says that there is no such member.
        return None
    if page.may_write_to(str(other), patient_wrote_first=_wrote_first(other, page)):
        return None
    flash(say("no_letter"), "warning")
    return redirect(url_for(f"{_LETTERS}.inbox"))


def _addressee(page: Page) -> int | None:
    """Return to whom the message would go."""
    named = request.form.get("to_user")
    if named is not None:
        known: int | None = db.session.scalar(select(User.id).where(User.username == named))
        return known
    letters = _letters()
    found: Any = db.session.get(letters, (request.view_args or {}).get("conversation_id"))
    if found is None or str(found.user_id) != page.viewer:
        return None
    theirs: int | None = found.from_user_id if str(found.to_user_id) == page.viewer else found.to_user_id
    return theirs


def _wrote_first(other: int, page: Page) -> bool:
    """Say whether the other one has written to the viewer in a conversation that they began themselves."""
    letters = _letters()
    began = letters.from_user_id == other, letters.to_user_id == int(page.viewer), letters.draft.is_(False)
    with past_the_filter():
        return db.session.scalar(select(letters.id).where(*began).limit(1)) is not None


def _letters() -> Any:  # noqa: ANN401 - a class of another plugin
    from conversations.models import Conversation  # noqa: PLC0415 - a plugin that not every forum has

    return Conversation
