"""Quotes as FlaskBB keeps them: in a post's text, led by a line that links to the author and to the post quoted."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from flaskbb.forum.models import Post
from flaskbb.user.models import User
from sqlalchemy import Connection, select

from governance.pep.flaskbb.addresses import page_at
from governance.pep.flaskbb.declared import GONE
from governance.pep.questions import Words
from governance.pep.sqlalchemy.candidates import CandidateReader, Candidates, Key

_LINK: Final = re.compile(r"\]\(\s*<?([^)\s>]+)")
_LED: Final = "wrote:"
_PART: Final = 500


class Quoted(NamedTuple):
    """Whose words a post shows: a post, and who is said to have written it."""

    post: int | None
    name: str | None


def quotes_in(text: str) -> Iterator[Quoted]:
    """Yield what a post's text quotes, at any depth.

    Every line that is quoted or says that somebody wrote something counts, with each of its links to a post or a
    member: a quote inside a quote has its own line. Words copied by hand, without a link, are seen by nobody.
    """
    for line in text.splitlines():
        if line.lstrip().startswith(">") or _LED in line:
            posts, names = _linked(line)
            yield from (Quoted(post, names[0] if names else None) for post in posts)
            if not posts:
                yield from (Quoted(None, name) for name in names)


class QuoteReader(CandidateReader):
    """Reads quotes out of the posts themselves, so that none can be older than its post."""

    def _read_quotes(self, posts: set[Key], found: Candidates) -> None:
        wanted = {key: list(quotes_in(text)) for key, text in self._texts(posts) if ">" in text or _LED in text}
        there = self._existing({one.post for quotes in wanted.values() for one in quotes if one.post is not None})
        people = self._accounts({one.name for quotes in wanted.values() for one in quotes if one.name is not None})
        for key, quotes in wanted.items():
            for one in quotes:
                found.quoted.setdefault(key, set()).add(self._key_of(one, there, people, found))

    def _key_of(self, one: Quoted, there: set[int], people: dict[str, str], found: Candidates) -> Key:
        if one.post in there:
            return one.post
        # The post is gone, or was never linked: what is quoted is still that person's.
        name = one.name or "?"
        key = ("said by", name)
        found.words[key] = Words(people.get(name, GONE + name))
        return key

    def _texts(self, posts: set[Key]) -> Iterator[tuple[Key, str]]:
        yield from self._in_parts(select(Post.id, Post.content), Post.id, posts)

    def _existing(self, posts: set[int]) -> set[int]:
        return {row[0] for row in self._in_parts(select(Post.id), Post.id, posts)}

    def _accounts(self, names: set[str]) -> dict[str, str]:
        found = self._in_parts(select(User.username, User.id), User.username, names)
        return {name: str(account) for name, account in found}

    def _in_parts(self, statement: Any, column: Any, values: Iterable[Any]) -> Iterator[Any]:  # noqa: ANN401
        waiting = list(values)
        connection: Connection = self._connection
        for start in range(0, len(waiting), _PART):
            yield from connection.execute(statement.where(column.in_(waiting[start : start + _PART]))).all()


def _linked(line: str) -> tuple[list[int], list[str]]:
    posts, names = [], []
    for address in _LINK.findall(line):
        endpoint, given = page_at(address)
        if endpoint in {"forum.view_post", "forum.raw_post"}:
            posts.append(given["post_id"])
        elif endpoint == "user.profile":
            names.append(given["username"])
    return posts, names
