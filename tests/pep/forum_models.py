"""A forum's own tables, as a stranger might have written them, with stored pointers and a member key of its own."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.pool import StaticPool

from governance.pep.answers import Answer
from governance.pep.sqlalchemy import Content, GovernedForum, HangsOn, Person, Quotes, Titled, ViewedSession


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "member"
    __governed__ = Person(account="account")
    account: Mapped[str] = mapped_column(primary_key=True)


class Thread(Base):
    __tablename__ = "topic"
    __governed__ = Titled(opening="opening_id")
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    community_id: Mapped[str]
    opening_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    last_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    posts: Mapped[list["Post"]] = relationship(
        foreign_keys="Post.thread_id", back_populates="thread", order_by="Post.id"
    )
    last: Mapped["Post | None"] = relationship(foreign_keys=[last_id])


class Post(Base):
    __tablename__ = "message"
    __governed__ = Content(
        author="author", community="community_id", thread="thread_id", created="created", edited="edited", zone=UTC
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    community_id: Mapped[str]
    author: Mapped[str | None] = mapped_column(ForeignKey("member.account"))
    body: Mapped[str]
    created: Mapped[datetime]
    edited: Mapped[datetime | None]
    thread: Mapped["Thread | None"] = relationship(foreign_keys=[thread_id], back_populates="posts")
    quotes: Mapped[list["Quote"]] = relationship(foreign_keys="Quote.post_id")


class Quote(Base):
    __tablename__ = "quote"
    __governed__ = Quotes(quoting="post_id", quoted="quoted_id")
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    quoted_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    quoted: Mapped["Post | None"] = relationship(foreign_keys=[quoted_id])


class Bookmark(Base):
    __tablename__ = "bookmark"
    __governed__ = HangsOn(post="post_id")
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("message.id"))


FORUM = GovernedForum(Base, content=Post)
CREATED = datetime(2026, 5, 1, 10)  # noqa: DTZ001 - as SQLite gives it back


class Refusing:
    """A decision service that refuses whatever the named accounts have written, and counts its requests."""

    def __init__(self, *hidden):
        self.hidden = set(hidden)
        self.asked = []

    def evaluate_page(self, viewer, action, resources):
        self.asked.append((viewer, action, list(resources)))
        return [
            Answer(resource.has_authors() and not self.hidden & {words.author for words in resource.words})
            for resource in resources
        ]


def filled_engine():
    """Thread 1 is Ben's, with Ana (2), Cal who quotes her (3) and Dee who quotes Cal (4); thread 2 is Ana's."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Member(account=account) for account in ("ana", "ben", "cal", "dee", "dan"))
        session.flush()
        session.add_all(Post(id=number, author=author, **_said(text)) for number, author, text in SAID)
        session.flush()
        session.add(Thread(id=1, title="Ben asks", community_id="t1d", opening_id=1, last_id=2))
        session.add(Thread(id=2, title="Ana asks", community_id="t1d", opening_id=6, last_id=7))
        session.flush()
        for number, thread in ((1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 2), (7, 2)):
            session.get_one(Post, number).thread_id = thread
        session.add_all([Quote(post_id=3, quoted_id=2), Quote(post_id=4, quoted_id=3)])
        session.add_all([Bookmark(post_id=2), Bookmark(post_id=5)])
        session.commit()
    return engine


SAID = (
    (1, "ben", "opens"),
    (2, "ana", "secret"),
    (3, "cal", "quotes ana"),
    (4, "dee", "quotes cal"),
    (5, "ben", "thanks"),
    (6, "ana", "opens too"),
    (7, "ben", "answers ana"),
)


def _said(text):
    return {"body": text, "community_id": "t1d", "created": CREATED}


def viewed(engine, client, viewer="dan"):
    return ViewedSession(engine, viewer, client, FORUM)
