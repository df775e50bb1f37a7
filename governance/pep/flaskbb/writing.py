"""Which requests of FlaskBB change something, and what the member needs to be allowed for it: one table.

A request that is in no line here is read like a page: filtered.
"""

from types import MappingProxyType
from typing import Final

from flask import request

from governance.decision.vocabulary import Action

NOTHING: Final[tuple[Action, ...]] = ()
"""One's own account and one's own words."""

WRITES: Final = MappingProxyType(
    {
        "auth.activate_account": NOTHING,
        "auth.forgot_password": NOTHING,
        "auth.login": NOTHING,
        "auth.logout": NOTHING,
        "auth.reauth": NOTHING,
        "auth.register": NOTHING,
        "auth.request_activation_token": NOTHING,
        "auth.reset_password": NOTHING,
        "conversations_bp.delete_conversation": NOTHING,
        "conversations_bp.edit_conversation": (Action.MESSAGE,),
        "conversations_bp.move_conversation": NOTHING,
        "conversations_bp.new_conversation": (Action.MESSAGE,),
        "conversations_bp.restore_conversation": NOTHING,
        "conversations_bp.view_conversation": (Action.MESSAGE,),
        "forum.delete_post": (Action.MODERATE,),
        "forum.delete_topic": (Action.MODERATE,),
        "forum.edit_post": (Action.MODERATE,),
        "forum.edit_topic": (Action.MODERATE,),
        "forum.hide_post": (Action.MODERATE,),
        "forum.hide_topic": (Action.MODERATE,),
        "forum.highlight_topic": (Action.VIEW,),
        "forum.lock_topic": (Action.VIEW,),
        "forum.manage_forum": (Action.MODERATE,),
        "forum.markread": NOTHING,
        "forum.new_post": (Action.VIEW, Action.REPLY),
        "forum.new_topic": NOTHING,
        "forum.reply_post": (Action.VIEW, Action.QUOTE),
        "forum.report_post": (Action.VIEW,),
        "forum.topictracker": NOTHING,
        "forum.track_topic": (Action.VIEW,),
        "forum.trivialize_topic": (Action.VIEW,),
        "forum.unhide_post": (Action.MODERATE,),
        "forum.unhide_topic": (Action.MODERATE,),
        "forum.unlock_topic": (Action.VIEW,),
        "forum.untrack_topic": NOTHING,
        "forum.view_topic": (Action.VIEW, Action.REPLY),
        "user.change_avatar": NOTHING,
        "user.change_email": NOTHING,
        "user.change_password": NOTHING,
        "user.change_user_details": NOTHING,
        "user.delete_avatar": NOTHING,
        "user.settings": NOTHING,
    }
)
READ_BY_POST: Final = frozenset({"search.search", "forum.memberlist"})
"""Forms that FlaskBB sends by POST although they change nothing."""
ON_READING: Final = MappingProxyType({"forum.reply_post": (Action.VIEW, Action.QUOTE)})
"""Pages that are there to do something: the words of somebody else stand ready in the form."""
HITS: Final = frozenset({"search.search"})
"""Where somebody went looking: being read in a topic is one thing, turning up in a search another."""
WITHOUT_PEOPLE: Final = frozenset({"auth", "management", "debugtoolbar"})
"""Blueprints that look for accounts, not for people: signing in, and the staff's own rooms."""


def reads() -> bool:
    """Say whether this request only reads."""
    return request.method in {"GET", "HEAD", "OPTIONS"} or request.endpoint in READ_BY_POST


def writes() -> bool:
    """Say whether FlaskBB's bookkeeping runs: the staff's rooms write for everybody as well."""
    return not reads() and (request.endpoint in WRITES or request.blueprint == "management")


def needed() -> tuple[Action, ...]:
    """Return the actions that this request needs on the words it is about."""
    table = ON_READING if reads() else WRITES
    return table.get(request.endpoint or "", NOTHING)
