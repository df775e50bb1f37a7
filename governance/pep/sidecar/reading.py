"""The questions of a forum's program as typed ones (OpenID AuthZEN 1.0, sections 5 and 6), and the items of a page.

AuthZEN lets strangers' members pass, so what we do not know there is ignored. An item of `/visible` is our own form: a
misspelt member of it is an error, for it might have named somebody whose words are quoted.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from governance.decision.vocabulary import NOT_SENT, Action, NotSentType
from governance.pep.questions import Resource, Words
from governance.pep.replica.asking import Question
from governance.pep.sidecar.requests import ProblemError

Members = Mapping[str, object]
T = TypeVar("T")

LONGEST_ID: Final = 256
"""Bytes of UTF-8, as at the service."""
MOST_PEOPLE: Final = 200
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_ACTIONS: Final = {action.value: action for action in Action}
_TIME: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d{2}):(\d{2}))", re.ASCII
)
_PLACED: Final = frozenset({"community", "thread", "post", "created", "edited"})
_OF_AN_AUTHOR: Final = _PLACED | {"account"}
_OF_AN_ITEM: Final = _PLACED | {"id", "type", "author", "authors", "sender", "recipients", "flagged"}


def read_question(members: Members) -> Question | None:
    """Return an AuthZEN evaluation; None if the action is none of ours, which is refused. Raises `ProblemError`."""
    subject, action, thing = (_object(members, name) for name in ("subject", "action", "resource"))
    properties, more = _object(thing, "properties", {}), _object(action, "properties", {})
    _id(subject, "type")
    viewer, name = _id(subject, "id"), _id(action, "name")
    kind, own_id = _id(thing, "type"), _id(thing, "id")
    resource, sender, recipients = _resource(kind, own_id, properties)
    wrote_first = _flag(more, "initiated_by_patient")
    if name not in _ACTIONS:
        return None
    return Question(viewer, _ACTIONS[name], resource, sender, recipients, wrote_first)


def read_item(viewer: str, action: Action, members: object, wrote_first: bool | None) -> Question:  # noqa: FBT001 - as sent
    """Return an item of a page as a question. Raises `ProblemError`."""
    if not isinstance(members, dict):
        raise ProblemError(400, "each item is an object")
    _only(members, _OF_AN_ITEM, "an item")
    for author in _list(members, "authors"):
        _only(author, _OF_AN_AUTHOR, "an author")
    kind = _id(members, "type") if "type" in members else "post"
    resource, sender, recipients = _resource(kind, _id(members, "id"), members)
    return Question(viewer, action, resource, sender, recipients, wrote_first)


def read_action(members: Members) -> Action:
    """Return the action of a page. Raises `ProblemError` for one that is none of ours."""
    name = _id(members, "action") if "action" in members else Action.VIEW.value
    if name not in _ACTIONS:
        raise ProblemError(400, f"`action` must be one of {', '.join(_ACTIONS)}")
    return _ACTIONS[name]


def read_id(members: Members, name: str) -> str:
    """Return an id that must be sent. Raises `ProblemError`."""
    return _id(members, name)


def _resource(kind: str, own_id: str, members: Members) -> tuple[Resource, str | None, tuple[str, ...] | None]:
    """Return the thing asked about, and whose letter to whom it is. Nothing is inherited: a quote has its own time."""
    words = [_words(author, _id(author, "account")) for author in _objects(members, "authors")]
    author = _optional(members, "author", _id)
    if kind == "user" and author is None:
        author = own_id
    if author is not None:
        own = {"thread": own_id} if kind == "thread" else {"post": own_id} if kind == "post" else {}
        # As at the service, where a post is only what has the type of one.
        placed = {name: value for name, value in members.items() if name in _PLACED - {"post"}}
        words.append(_words({**placed, **own}, author))
    recipients = _optional(members, "recipients", _people)
    sender = _optional(members, "sender", _id)
    resource = Resource(kind, own_id, tuple(words), _flag(members, "flagged"))
    return resource, author if sender is None else sender, recipients


def _words(members: Members, author: str) -> Words:
    community, thread, post = (_optional(members, name, _id) for name in ("community", "thread", "post"))
    created = _optional(members, "created", _time)
    edited: datetime | NotSentType | None = NOT_SENT
    if "edited" in members:
        edited = None if members["edited"] is None else _time(members, "edited")
    return Words(author, community, thread, post, created, edited)


def _id(members: Members, name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not 0 < len(value.encode()) <= LONGEST_ID:
        raise ProblemError(400, f"`{name}` must be a text of 1 to {LONGEST_ID} bytes")
    return value


def _optional(members: Members, name: str, read: Callable[[Members, str], T]) -> T | None:
    return read(members, name) if name in members else None


def _time(members: Members, name: str) -> datetime:
    value = members.get(name)
    parts = _TIME.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise ProblemError(400, f"`{name}` must be a time with its zone, such as 2026-05-01T10:00:00Z")
    day, clock, fraction, _, sign, hours, minutes = parts.groups()
    try:
        # What lies under a microsecond is left out, as at the service.
        written = datetime.fromisoformat(f"{day}T{clock}.{(fraction or '0')[:6]:0<6}+00:00")
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        time = written + offset if sign == "-" else written - offset
    except (ValueError, OverflowError):
        raise ProblemError(400, f"`{name}` is no time that there was") from None
    if not _EARLIEST <= time < _LATEST:
        raise ProblemError(400, f"`{name}` must lie between the years 2000 and 2100")
    return time


def _flag(members: Members, name: str) -> bool | None:
    value = members.get(name)
    if name in members and not isinstance(value, bool):
        raise ProblemError(400, f"`{name}` must be true or false")
    return value if isinstance(value, bool) else None


def _people(members: Members, name: str) -> tuple[str, ...]:
    return tuple(_id({"account": account}, "account") for account in _list(members, name))


def _objects(members: Members, name: str) -> list[Members]:
    found = _list(members, name)
    if not all(isinstance(one, dict) for one in found):
        raise ProblemError(400, f"`{name}` must be a list of objects")
    return found


def _list(members: Members, name: str) -> list[Members]:
    value = members.get(name, [])
    if not isinstance(value, list) or len(value) > MOST_PEOPLE:
        raise ProblemError(400, f"`{name}` must be a list of at most {MOST_PEOPLE}")
    return value


def _object(members: Members, name: str, default: Members | None = None) -> Members:
    value = members.get(name, default)
    if not isinstance(value, dict):
        raise ProblemError(400, f"`{name}` must be an object")
    return value


def _only(members: object, known: frozenset[str], what: str) -> None:
    if not isinstance(members, dict) or not known.issuperset(members):
        raise ProblemError(400, f"{what} has no members but {', '.join(sorted(known))}")
