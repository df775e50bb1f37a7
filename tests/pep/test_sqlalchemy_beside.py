"""Ways past the SQLAlchemy filter that somebody tried: each is refused, or yields what is permitted and no more.

THREAT: a statement that looks filtered and is not. A plain table that hides in a subquery, a sort, a limit or a
mapped property reads everybody's rows, and nothing on the page tells.
"""

import pytest
from sqlalchemy import ForeignKey, Integer, column, func, literal, select, table, text, true
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, column_property, mapped_column, relationship

from governance.pep.sqlalchemy import Content, GovernedForum, UnfilteredQueryError
from tests.pep.forum_models import Bookmark, Member, Post, Refusing, Thread, filled_engine, viewed

TABLE = Post.__table__
COUNTED = select(func.count(TABLE.c.id)).scalar_subquery()
SECRET = TABLE.c.body == "secret"
UNDER_IT = select(Thread.id).where(SECRET)
MEMORISED = select(Thread.id).join(TABLE, TABLE.c.thread_id == Thread.id)
PAST_THE_FILTER = {
    "a column of a subquery": select(Thread.id, select(TABLE.c.body).subquery().c.body),
    "a column of an expression": select(Thread.id, select(TABLE.c.body).cte().c.body),
    "a condition on a subquery": select(Thread.id).where(select(TABLE.c.body).subquery().c.body == "secret"),
    "text below a column": select(Thread.id, text("select body from message").columns(column("body")).subquery().c[0]),
    "its class sorts": select(TABLE.c.body, Thread.id).order_by(Post.id),
    "its class groups": select(TABLE.c.body, Thread.id).group_by(Post.id),
    "its class is among groups": select(TABLE.c.body, Thread.id).group_by(TABLE.c.id).having(Post.id > 0),
    "its class joins": select(Thread.id, TABLE.c.body).join(TABLE, Post.id == TABLE.c.id),
    "a join that other columns hide": MEMORISED.with_only_columns(func.count(Thread.id)),
    "the left of a join": select(Thread.id).join_from(TABLE, Thread, true()),
    "a limit": select(Member.account).limit(COUNTED),
    "an offset": select(Member.account).offset(COUNTED),
    "capitals": select(Thread.id, select(func.count()).select_from(table("MESSAGE", column("id"))).scalar_subquery()),
    "words behind": select(Post.id).suffix_with("UNION ALL SELECT body FROM message"),
    "words before": select(Thread.id).prefix_with("(SELECT body FROM message), "),
    "a hint": select(Thread.id).with_hint(Thread, ", message", "*"),
    "a hint behind": select(Thread.id).with_statement_hint("UNION ALL SELECT body FROM message", "*"),
    "an operator of words": select(Thread.id.op("IN (SELECT 1) OR (SELECT body FROM message) IS NOT")(None)),
    "not of the class around": select(Post.id, UNDER_IT.correlate(None).scalar_subquery()),
    "all but of the class around": select(Post.id).where(UNDER_IT.correlate_except(TABLE).exists()),
    "joined below the class around": select(Post.id).join(UNDER_IT.subquery(), literal(value=True)),
}
ALIAS = aliased(Post)
FIRST = select(Post.id).where(Post.id == 1).cte(recursive=True)
STILL_READ = {
    "a column of a filtered subquery": (select(Thread.id, select(Post.body).subquery().c.body), 2),
    "a column of an alias": (select(Thread.id, ALIAS.body), 2),
    "an expression that repeats": (select(FIRST.union_all(select(ALIAS.id).where(ALIAS.id == FIRST.c.id + 1))), 1),
    "other columns of a join": (select(Thread.id).join(Thread.posts).with_only_columns(Post.body), 2),
    "a table with its class": (select(TABLE.c.body).select_from(Post), 2),
    "a limit": (select(Post.id).limit(select(func.count(Post.id)).scalar_subquery()), 2),
    "an operator": (select(Post.id).where(Post.body.op("LIKE")("%")), 2),
}


@pytest.fixture
def dan():
    engine = filled_engine()
    with viewed(engine, Refusing("ana")) as session:
        session.consider(select(Post.id))
        yield session
    engine.dispose()


@pytest.mark.parametrize("way", PAST_THE_FILTER)
def test_a_governed_table_that_hides_in_a_statement_is_not_read(dan, way):
    with pytest.raises(UnfilteredQueryError):
        dan.execute(PAST_THE_FILTER[way])


@pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")
@pytest.mark.parametrize("way", STILL_READ)
def test_what_the_filter_reaches_is_read_as_before(dan, way):
    statement, many = STILL_READ[way]
    assert len(dan.execute(statement).all()) == many


@pytest.mark.parametrize(
    "write",
    [
        lambda session: session.bulk_save_objects([Bookmark(post_id=1)]),
        lambda session: session.bulk_insert_mappings(Bookmark, [{"post_id": 1}]),
        lambda session: session.bulk_update_mappings(Post, [{"id": 1, "body": "changed"}]),
    ],
)
def test_nothing_is_written_past_the_flush(dan, write):
    with pytest.raises(UnfilteredQueryError, match="write"):
        write(dan)


def forum_with(**members):
    """Build a forum whose `Board` has these besides its key."""

    class Base(DeclarativeBase):
        pass

    class Words(Base):
        __tablename__ = "words"
        __governed__ = Content(author="author")
        id: Mapped[int] = mapped_column(primary_key=True)
        board: Mapped[int] = mapped_column(ForeignKey("board.id"))
        author: Mapped[str] = mapped_column(ForeignKey("writer.id"))

    class Writer(Base):
        __tablename__ = "writer"
        id: Mapped[str] = mapped_column(primary_key=True)

    made = {name: make(Words) for name, make in members.items()}
    Board = type("Board", (Base,), {"__tablename__": "board", "id": mapped_column(Integer, primary_key=True), **made})  # noqa: N806
    try:
        return GovernedForum(Base, content=Words), Board
    finally:
        Base.registry.dispose()


def counted(words, key):
    return column_property(select(func.count(key)).where(words.board == column("id")).scalar_subquery())


def test_a_mapped_property_may_count_by_the_class_and_not_by_its_table():
    forum, _ = forum_with(many=lambda words: counted(words, words.id))
    assert "words" in {table.name for table in forum.tables}
    with pytest.raises(TypeError, match=r"Board.many"):
        forum_with(many=lambda words: column_property(select(func.count(words.__table__.c.id)).scalar_subquery()))
    with pytest.raises(TypeError, match=r"Board.last.*literal"):
        forum_with(last=lambda _: column_property(select(text("max(body) from words")).scalar_subquery()))


def test_a_relation_does_not_lead_through_a_governed_table():
    with pytest.raises(TypeError, match=r"Board.writers.*through a governed table"):
        forum_with(writers=lambda words: relationship("Writer", secondary=words.__table__, viewonly=True))


def test_a_class_that_holds_a_part_of_governed_rows_must_say_how_it_is_governed():
    class Base(DeclarativeBase):
        pass

    class Node(Base):
        __tablename__ = "node"
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str]

    class Article(Node):
        __tablename__ = "article"
        __governed__ = Content(author="author")
        id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True)
        author: Mapped[str]

    with pytest.raises(TypeError, match="`Node` reads a governed table"):
        GovernedForum(Base, content=Article)
    Base.registry.dispose()
