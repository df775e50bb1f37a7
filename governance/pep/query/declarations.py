"""What a forum says about its own models, as `__governed__` on each class; names are attributes of that class."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class Content:
    """Rows that somebody wrote. `author` holds the account id that the service knows, null means refused.

    `flagged` is a column that is true while moderators should look. `zone` is the zone of times that the database
    returns without one; without it such times are not sent.
    """

    author: str
    community: str | None = None
    thread: str | None = None
    created: str | None = None
    edited: str | None = None
    flagged: str | None = None
    type: str = "post"
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Quotes:
    """Rows that say: the post `quoting` shows words of the post `quoted`.

    `apart`: the quoted words stand in these rows alone, so that the forum can leave them out and show the rest. Where
    they stand in the post itself, whatever withholds them withholds the post.
    """

    quoting: str
    quoted: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Titled:
    """Threads: a title belongs to who wrote the `opening` post, and everything in the thread stands under it."""

    opening: str


@dataclass(frozen=True, slots=True)
class HangsOn:
    """Rows about one post (a bookmark, a notification, a search entry), shown only with it."""

    post: str


@dataclass(frozen=True, slots=True)
class Person:
    """Members, shown with a permitted post of theirs or once the viewer may act on the person."""

    account: str


Kind = TypeVar("Kind")
Declaration = Content | Quotes | Titled | HangsOn | Person


class Declared:
    """The declarations of one forum, whose posts are `content_class`."""

    def __init__(self, content: type[Any], declared: Mapping[type[Any], Declaration]) -> None:
        """Take them; raises `TypeError` unless the posts are declared as such."""
        self.content_class = content
        self.declared = dict(declared)
        says = self.declared.get(content)
        if not isinstance(says, Content):
            raise TypeError(f"`{content.__name__}.__governed__` must be a `Content`")
        self.content = says

    def of_kind(self, kind: type[Kind]) -> Iterator[tuple[type[Any], Kind]]:
        """Yield the classes declared as `kind`, with what they declare."""
        for governed, says in self.declared.items():
            if isinstance(says, kind):
                yield governed, says
