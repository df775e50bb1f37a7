"""The forum's own tables; `__governed__` says to the kit what is whose."""

import secrets
from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from governance.pep.sqlalchemy import Content, GovernedForum, HangsOn, Person, Quotes, Titled


class Base(DeclarativeBase):
    """Tables of the forum; none is shared with the service."""


class Member(Base):
    """Somebody with an account here."""

    __tablename__ = "member"
    __governed__: ClassVar = Person(account="account")

    account: Mapped[str] = mapped_column(primary_key=True)
    """The id in requests to the service, `preferred_username` at sign-in."""
    sub: Mapped[str] = mapped_column(unique=True)
    """What the provider calls this member: opaque, never given to anybody else."""
    name: Mapped[str]
    about: Mapped[str]
    here_as: Mapped[str]
    """A word for the demo's own list of people; the service does not read it."""
    badge: Mapped[str | None]
    """The forum's own label for professionals."""
    adult: Mapped[bool]
    duty: Mapped[str | None]
    """Roles at the service, separated by spaces: somebody who works there and reads nothing here."""


class Community(Base):
    """A place to talk, and what was promised there about professionals."""

    __tablename__ = "community"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    about: Mapped[str]
    promise: Mapped[str]
    posture: Mapped[str]
    ages: Mapped[str]
    """`adults` or `mixed`."""
    place: Mapped[int]


class Appointment(Base):
    """That the forum made somebody moderator of a community."""

    __tablename__ = "appointment"

    community_id: Mapped[str] = mapped_column(ForeignKey("community.id"), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("member.account"), primary_key=True)


class Thread(Base):
    """One conversation; its title was written with the opening post."""

    __tablename__ = "thread"
    __governed__: ClassVar = Titled(opening="opening_id")

    id: Mapped[str] = mapped_column(primary_key=True)
    community_id: Mapped[str] = mapped_column(ForeignKey("community.id"), index=True)
    title: Mapped[str]
    opening_id: Mapped[str] = mapped_column(ForeignKey("post.id", use_alter=True))
    community: Mapped[Community] = relationship()


class Post(Base):
    """What one member wrote."""

    __tablename__ = "post"
    __governed__: ClassVar = Content(
        author="author_account",
        community="community_id",
        thread="thread_id",
        created="created",
        edited="edited",
        flagged="flagged",
        zone=UTC,
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    community_id: Mapped[str] = mapped_column(ForeignKey("community.id"), index=True)
    thread_id: Mapped[str] = mapped_column(ForeignKey("thread.id"), index=True)
    author_account: Mapped[str] = mapped_column(ForeignKey("member.account"), index=True)
    body: Mapped[str]
    created: Mapped[datetime]
    """UTC; SQLite gives it back without saying so."""
    edited: Mapped[datetime | None]
    flagged: Mapped[bool] = mapped_column(default=False)
    """Somebody told the moderators of it, and none of them has looked yet."""
    author: Mapped[Member] = relationship()
    thread: Mapped[Thread] = relationship(foreign_keys=[thread_id])
    quotes: Mapped[list["Quote"]] = relationship(foreign_keys="Quote.post_id")

    @property
    def paragraphs(self) -> list[str]:
        """The text as it was typed, a blank line apart."""
        return self.body.replace("\r\n", "\n").split("\n\n")


class Quote(Base):
    """The post `post_id` shows the words of `quoted_id` above its own."""

    __tablename__ = "quote"
    __governed__: ClassVar = Quotes(quoting="post_id", quoted="quoted_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("post.id"), index=True)
    quoted_id: Mapped[str] = mapped_column(ForeignKey("post.id"), index=True)
    quoted: Mapped[Post] = relationship(foreign_keys=[quoted_id])


class Notification(Base):
    """That `post_id` was written in a conversation which `account` had written in before."""

    __tablename__ = "notification"
    __governed__: ClassVar = HangsOn(post="post_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("member.account"), index=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("post.id"), index=True)
    seen: Mapped[bool] = mapped_column(default=False)
    post: Mapped[Post] = relationship()


class Letter(Base):
    """A letter of what is new, waiting or sent; what was in it is nowhere here."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("member.account"), index=True)
    due: Mapped[datetime]
    """UTC, as are all times here."""
    sent: Mapped[datetime | None]
    posts: Mapped[list["LetterPost"]] = relationship()


class LetterPost(Base):
    """A post that was chosen for a letter when it was asked for; whether it goes is asked once more."""

    __tablename__ = "letter_post"
    __governed__: ClassVar = HangsOn(post="post_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), index=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("post.id"))


class AuthorizationCode(Base):
    """A code of the provider, by its digest: what leaks from the database opens nothing."""

    __tablename__ = "authorization_code"

    digest: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str]
    account: Mapped[str] = mapped_column(ForeignKey("member.account"))
    redirect_uri: Mapped[str]
    scope: Mapped[str]
    nonce: Mapped[str] = mapped_column(unique=True)
    code_challenge: Mapped[str]
    auth_time: Mapped[int]
    """Seconds since 1970, UTC."""
    expires: Mapped[int]
    """Seconds since 1970, UTC."""


class Consent(Base):
    """That a member let a client know who they are."""

    __tablename__ = "consent"

    account: Mapped[str] = mapped_column(ForeignKey("member.account"), primary_key=True)
    client_id: Mapped[str] = mapped_column(primary_key=True)


def new_post_id() -> str:
    """Return an id that tells nothing: of numbers in a row, a gap would say that something is hidden."""
    return f"p-{secrets.token_hex(8)}"


def new_post(thread: Thread, author: Member, body: str, now: datetime) -> Post:
    """Return a post of `author` in `thread`, not stored yet; `now` knows its zone."""
    return Post(
        id=new_post_id(),
        community_id=thread.community_id,
        thread_id=thread.id,
        author_account=author.account,
        body=body,
        created=now.astimezone(UTC).replace(tzinfo=None),
    )


FORUM = GovernedForum(Base, content=Post)
FORUM_QUOTING_APART = GovernedForum(Base, Post, {Quote: Quotes(quoting="post_id", quoted="quoted_id", apart=True)})
"""The same forum, as one that withholds a quoted block and shows the answer under it."""
