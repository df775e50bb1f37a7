"""Whose words are in the posts that a page may show: read past the filter, told to the service, never to the viewer."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

from governance.decision.vocabulary import NOT_SENT
from governance.pep.query.declarations import Content, Declared, Quotes, Titled
from governance.pep.questions import Resource, Words

Key = Hashable
_PART: Final = 500
_UNKNOWN: Final = Words(None)
"""A post that is quoted but gone: nobody can be asked, so what shows it is refused."""


@dataclass(slots=True)
class Candidates:
    """Posts with their words, what they quote, and the opening post they stand under."""

    words: dict[Key, Words] = field(default_factory=dict)
    quoted: dict[Key, set[Key]] = field(default_factory=dict)
    """What stands in a post's own text, by the post."""
    quoted_apart: set[Key] = field(default_factory=set)
    """What stands in a block of its own, to be asked about for itself."""
    thread: dict[Key, Key | None] = field(default_factory=dict)
    opening: dict[Key, Key | None] = field(default_factory=dict)
    """Opening post by thread."""
    flagged: dict[Key, bool] = field(default_factory=dict)

    def resource(self, post: Key, kind: str) -> Resource:
        """Return what the service is asked: the post's own words and all that it quotes, at any depth."""
        seen, waiting = {post}, [post]
        while waiting:
            fresh = self.quoted.get(waiting.pop(), set()) - seen
            seen |= fresh
            waiting += fresh
        others = sorted(seen - {post}, key=str)
        words = tuple(self.words.get(key, _UNKNOWN) for key in (post, *others))
        return Resource(kind, str(post), words, self.flagged.get(post))


class CandidateReader(ABC):
    """Reads candidates of one forum past the filter."""

    def __init__(self, forum: Declared) -> None:
        """Read what `forum` declares."""
        self._forum = forum
        self._titled = any(True for _ in forum.of_kind(Titled))

    @abstractmethod
    def _rows(
        self, model: type[Any], names: Sequence[str | None], by: str | None, keys: Sequence[Key]
    ) -> Iterable[tuple[Any, ...]]:
        """Return the key and the named values of the rows whose `by`, or whose key, is among the keys.

        None among the names stands for a value that the forum does not declare.
        """

    def read(self, posts: Iterable[Key]) -> Candidates:
        """Return `posts`, all that they quote and all opening posts of the threads they stand in."""
        found = Candidates()
        waiting = set(posts)
        while waiting:
            self._read_words(waiting, found)
            self._read_quotes(waiting, found)
            self._read_openings(waiting, found)
            known = found.words.keys()
            openings = (key for key in found.opening.values() if key is not None)
            named = found.quoted_apart.union(*found.quoted.values(), openings)
            # What was looked for and is not there will not be there the next time either.
            waiting = named - known - waiting
        return found

    def stands_under(self, post: Key, found: Candidates) -> Key | None:
        """Return the opening post that decides about the title over `post`; itself where threads have none."""
        thread = found.thread.get(post)
        if not self._titled or self._forum.content.thread is None:
            return post
        return None if thread is None else found.opening.get(thread)

    def _read_words(self, posts: set[Key], found: Candidates) -> None:
        model, says = self._forum.content_class, self._forum.content
        names = (says.author, says.community, says.thread, says.created, says.edited, says.flagged)
        for row in self._rows_of(model, names, None, posts):
            found.words[row[0]] = _words(row, says)
            found.thread[row[0]] = row[3]
            if isinstance(row[6], bool):
                found.flagged[row[0]] = row[6]

    def _read_quotes(self, posts: set[Key], found: Candidates) -> None:
        for model, says in self._forum.of_kind(Quotes):
            for _, quoting, quoted in self._rows_of(model, (says.quoting, says.quoted), says.quoting, posts):
                (found.quoted_apart if says.apart else found.quoted.setdefault(quoting, set())).add(quoted)

    def _read_openings(self, posts: set[Key], found: Candidates) -> None:
        threads = {found.thread.get(post) for post in posts} - {None} - found.opening.keys()
        for model, says in self._forum.of_kind(Titled):
            found.opening |= dict(self._rows_of(model, (says.opening,), None, threads))

    def _rows_of(
        self, model: type[Any], names: Sequence[str | None], by: str | None, keys: Iterable[Key]
    ) -> Iterator[Any]:
        for part in parts_of(keys):
            yield from self._rows(model, names, by, part)


def _words(row: tuple[Any, ...], says: Content) -> Words:
    key, author, community, thread, created, edited, _ = tuple(row)
    never_edited = says.edited is not None and edited is None
    return Words(
        author=None if author is None else str(author),
        community=None if community is None else str(community),
        thread=None if thread is None else str(thread),
        post=str(key),
        created=_time(created, says),
        edited=None if never_edited else _time(edited, says) or NOT_SENT,
    )


def _time(value: object, says: Content) -> datetime | None:
    """Return a time that knows its zone, or None: what is not sent never helps."""
    if not isinstance(value, datetime):
        return None
    if value.utcoffset() is None:
        return None if says.zone is None else value.replace(tzinfo=says.zone)
    return value


def parts_of(keys: Iterable[Key]) -> Iterator[Sequence[Key]]:
    """Cut keys into lists: databases bind only so many values in one statement."""
    waiting = iter(keys)
    while part := list(islice(waiting, _PART)):
        yield part
