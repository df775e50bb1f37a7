"""Whatever way a forum asks its database, a viewer gets only what the service permitted."""

import pytest
from sqlalchemy import cast, column, exists, func, insert, literal_column, null, select, table, text, union_all, update
from sqlalchemy.orm import aliased, joinedload, selectinload, subqueryload
from sqlalchemy.types import String

from governance.decision.vocabulary import Action
from governance.pep import Client
from governance.pep.sqlalchemy import Content, GovernedForum, Quotes, UnfilteredQueryError, ViewedSession
from tests.pep.forum_models import FORUM, Base, Bookmark, Member, Post, Quote, Refusing, Thread, filled_engine, viewed

ALL = select(Post.id)
QUOTING_APART = GovernedForum(Base, Post, {Quote: Quotes("post_id", "quoted_id", apart=True)})


@pytest.fixture
def engine():
    engine = filled_engine()
    yield engine
    engine.dispose()


@pytest.fixture
def dan(engine):
    with viewed(engine, Refusing("ana")) as session:
        session.consider(ALL)
        yield session


@pytest.fixture
def cal(engine):
    with viewed(engine, Refusing(), "cal") as session:
        session.consider(ALL)
        yield session


def test_a_viewer_whom_nothing_is_refused_sees_everything(cal):
    assert list(cal.scalars(select(Post.id))) == [1, 2, 3, 4, 5, 6, 7]
    assert cal.scalar(select(func.count(Quote.id))) == 2
    assert cal.scalar(select(func.count(Thread.id))) == 2
    assert cal.scalar(select(func.count(Member.account))) == 4


POSTS_OF_ALIAS = aliased(Post)
WAYS_TO_READ_POSTS = {
    "entities": select(Post),
    "columns": select(Post.id, Post.body),
    "an alias": select(POSTS_OF_ALIAS),
    "a join": select(Post.id).join(Thread, Post.thread_id == Thread.id),
    "a subquery": select(select(Post.id, Post.body).subquery()),
    "a cte": select(select(Post.id, Post.body).cte()),
    "an alias of a subquery": select(aliased(Post, select(Post).subquery())),
    "a union": union_all(select(Post.id).where(Post.id < 3), select(Post.id).where(Post.id > 2)),
    "a window": select(Post.id, func.row_number().over(order_by=Post.id)),
    "a cast": select(cast(Post.body, String)),
    "from statement": select(Post).from_statement(select(Post)),
}


@pytest.mark.parametrize("way", WAYS_TO_READ_POSTS)
def test_posts_quotes_of_posts_and_posts_under_hidden_titles_are_absent(dan, cal, way):
    assert len(dan.execute(WAYS_TO_READ_POSTS[way]).all()) == 2
    assert len(cal.execute(WAYS_TO_READ_POSTS[way]).all()) == 7


@pytest.mark.parametrize(
    ("question", "seen"),
    [
        (select(func.count(Post.id)), 2),
        (select(func.count()).select_from(Post), 2),
        (select(func.max(Post.id)), 5),
        (select(func.count(Thread.id)).where(Thread.posts.any(Post.body == "secret")), 0),
        (select(func.count(Thread.id)).where(exists().where(Post.thread_id == Thread.id, Post.author == "ana")), 0),
        (select(func.count(Thread.id)).where(Thread.id.in_(select(Post.thread_id).where(Post.author == "ana"))), 0),
        (select(func.count(Member.account)).where(Member.account.in_(select(Post.author))), 1),
        (select(select(func.count(Post.id)).where(Post.thread_id == 1).scalar_subquery()), 2),
        (select(func.count(Bookmark.id)), 1),
        (select(func.count(Quote.id)), 0),
    ],
)
def test_counts_and_conditions_do_not_tell_of_hidden_posts(dan, question, seen):
    assert dan.scalar(question) == seen


def test_a_title_is_absent_when_its_opening_post_is(dan):
    assert list(dan.scalars(select(Thread.title))) == ["Ben asks"]


def test_a_stored_last_post_pointer_loads_nothing(dan, cal):
    assert dan.get_one(Thread, 1).last is None
    assert cal.get_one(Thread, 1).last.body == "secret"


@pytest.mark.parametrize("load", [joinedload, selectinload, subqueryload, None])
def test_posts_loaded_with_a_thread_are_filtered_however_they_are_loaded(dan, load):
    question = select(Thread) if load is None else select(Thread).options(load(Thread.posts))
    (thread,) = dan.scalars(question).unique()
    assert [post.id for post in thread.posts] == [1, 5]


def test_a_hidden_post_cannot_be_fetched_by_its_key(dan, cal):
    assert dan.get(Post, 2) is None
    assert cal.get(Post, 2).body == "secret"


def test_members_are_seen_with_their_posts_or_once_permitted(dan):
    assert set(dan.scalars(select(Member.account))) == {"ben", "dan"}
    assert dan.consider_people(Action.FIND, ["ana", "cal"]) == {"cal"}
    assert set(dan.scalars(select(Member.account))) == {"ben", "cal", "dan"}


def test_members_are_asked_about_once_for_each_place_where_they_would_be_found(engine):
    service = Refusing()
    rows = select(Post.author, Post.community_id).where(Post.author == "ana")
    with viewed(engine, service) as session:
        found = session.consider_people_in(Action.FIND, rows.union(select(Member.account, null())))
    (asked,) = [resources for _, _, resources in service.asked]
    assert found == {("ana", "t1d"), *((who, None) for who in ("ana", "ben", "cal", "dee", "dan"))}
    sent = [resource.as_json() for resource in asked if resource.id == "ana"]
    # A member's own id is an author to the service: without a place of its own it would be judged as anywhere.
    assert sorted(str(one["properties"].get("community")) for one in sent) == ["None", "t1d"]
    assert all(one["properties"]["authors"][0].get("community") == one["properties"].get("community") for one in sent)


def test_other_actions_are_asked_with_all_authors_and_only_for_what_is_seen(engine):
    service = Refusing("ana")
    with viewed(engine, service) as session:
        session.consider(ALL)
        service.hidden = {"ben"}
        assert session.may(Action.REPLY, [1, 2, 5, 99]) == set()
        service.hidden = set()
        assert session.may(Action.REPLY, [1, 2, 4, 5, 99]) == {1, 5}
    assert [action for _, action, _ in service.asked] == [Action.VIEW, Action.REPLY, Action.REPLY]


def test_a_post_under_a_hidden_title_is_seen_only_where_it_is_to_stand_alone(engine):
    for alone, seen in ((False, []), (True, ["answers ana"])):
        with viewed(engine, Refusing("ana")) as session:
            session.consider(select(Post.id).where(Post.id == 7), alone=alone)
            assert session.scalars(select(Post.body)).all() == seen
            assert session.scalars(select(Thread)).all() == []


def test_nothing_is_seen_before_it_is_considered(engine):
    with viewed(engine, Refusing()) as session:
        assert session.scalars(select(Post)).all() == []
        session.consider(select(Post.id).where(Post.id == 5))
        assert list(session.scalars(select(Post.id))) == [1, 5]


def test_considering_twice_asks_once_and_in_one_request(engine):
    service = Refusing("ana")
    with viewed(engine, service) as session:
        session.consider(select(Post.id).where(Post.id == 1))
        session.consider(ALL)
        session.consider(ALL)
        assert [[resource.id for resource in asked] for _, _, asked in service.asked if asked] == [
            ["1"],
            ["2", "3", "4", "5", "6", "7"],
        ]
        assert list(session.scalars(select(Post.id))) == [1, 5]


def test_what_is_asked_names_every_author_with_their_own_facts(engine):
    service = Refusing()
    with viewed(engine, service) as session:
        session.consider(select(Post.id).where(Post.id == 4))
    asked = {resource.id: resource for _, _, resources in service.asked for resource in resources}
    assert [words.author for words in asked["4"].words] == ["dee", "ana", "cal"]
    assert asked["4"].words[1].as_json() == {
        "account": "ana",
        "community": "t1d",
        "thread": "1",
        "post": "2",
        "created": "2026-05-01T10:00:00Z",
        "edited": None,
    }


def test_the_same_statement_for_another_viewer_is_filtered_anew(engine):
    for hidden, seen in ((("ana",), 2), ((), 7), (("ben",), 1), (("dee",), 6), (("ana",), 2)):
        with viewed(engine, Refusing(*hidden)) as session:
            session.consider(ALL)
            assert session.scalar(select(func.count(Post.id))) == seen


def test_a_missing_author_a_lost_quote_and_a_lost_opening_are_refused(engine):
    with engine.begin() as connection:
        connection.execute(update(Post).where(Post.id == 5).values(author=None))
        connection.execute(update(Quote).where(Quote.id == 1).values(quoted_id=99))
        connection.execute(update(Thread).where(Thread.id == 2).values(opening_id=None))
    with viewed(engine, Refusing()) as session:
        session.consider(ALL)
        assert list(session.scalars(select(Post.id))) == [1, 2]


def test_a_quote_from_under_a_hidden_title_is_absent_though_both_authors_are_shown(engine):
    with engine.begin() as connection:
        connection.execute(insert(Quote).values(post_id=5, quoted_id=7))
    with viewed(engine, Refusing("ana")) as session:
        session.consider(ALL)
        assert list(session.scalars(select(Post.id))) == [1, 5]
        assert session.scalars(select(Quote)).all() == []


def test_a_quote_that_stands_apart_is_left_out_and_the_answer_stays(engine):
    with ViewedSession(engine, "dan", Refusing("ana"), QUOTING_APART) as session:
        session.consider(ALL)
        assert list(session.scalars(select(Post.id))) == [1, 3, 4, 5]
        assert [(one.post_id, one.quoted_id) for one in session.scalars(select(Quote))] == [(4, 3)]


def test_of_a_quote_that_stands_apart_no_word_is_shown_that_nobody_was_asked_about(engine):
    with ViewedSession(engine, "dan", Refusing(), QUOTING_APART) as session:
        session.consider(select(Post.id).where(Post.id == 3))
        assert [one.quoted.body for one in session.scalars(select(Quote))] == ["secret"]
    with engine.begin() as connection:
        connection.execute(update(Quote).values(quoted_id=99))
    with ViewedSession(engine, "dan", Refusing(), QUOTING_APART) as session:
        session.consider(ALL)
        assert session.scalars(select(Quote)).all() == []


def test_nobody_to_ask_shows_nothing(engine):
    with viewed(engine, Client("http://127.0.0.1:1", "forum", "secret", timeout_seconds=0.2)) as session:
        session.consider(ALL)
        assert session.scalars(select(Post)).all() == []
        assert session.scalars(select(Thread)).all() == []


TABLE = Post.__table__
BESIDE_THE_FILTER = {
    "a table": select(TABLE),
    "a column": select(TABLE.c.body),
    "an alias of a table": select(TABLE.alias()),
    "a nested table": select(Thread.id, select(func.count(TABLE.c.id)).scalar_subquery()),
    "a whole nested table": select(Thread).where(exists(select(TABLE))),
    "a nested table without columns": select(Thread).where(exists(select(1).select_from(TABLE))),
    "a condition on a table": select(Thread).where(exists(select(TABLE.c.id).where(TABLE.c.thread_id == Thread.id))),
    "a joined table": select(Thread, TABLE.c.body).join(TABLE, TABLE.c.thread_id == Thread.id),
    "a joined table without columns": select(Thread).join(TABLE, Thread.id == 1),
    "a table beside": select(Thread.id, TABLE),
    "an alias beside its class": select(Post.id, TABLE.alias().c.body),
    "a column in a condition": select(Thread.id).where(TABLE.c.body == "secret"),
    "a condition below its class": select(Post.id).where(exists(select(1).where(TABLE.c.body == "secret"))),
    "text": text("select body from message"),
    "mapped text": select(Post).from_statement(text("select * from message")),
    "text in a condition": select(Thread).where(text("exists (select 1 from message)")),
    "a literal": select(literal_column("(select body from message)")),
    "a literal beside": select(Thread.id, literal_column("(select body from message)")),
    "a name": select(column("body")).select_from(table("message")),
    "a name beside": select(Thread.id).where(exists(select(column("body")).select_from(table("message")))),
    "an update": update(Post).values(body="x").returning(Post.body),
    "a union with a table": union_all(select(Post.id), select(TABLE.c.id)),
}


@pytest.mark.parametrize("way", BESIDE_THE_FILTER)
def test_a_statement_that_the_filter_cannot_reach_is_not_run(dan, way):
    with pytest.raises(UnfilteredQueryError):
        dan.execute(BESIDE_THE_FILTER[way])


def test_a_viewed_session_hands_out_no_connection_and_writes_nothing(dan):
    with pytest.raises(UnfilteredQueryError, match="connection"):
        dan.connection()
    dan.add(Post(id=99, body="x", community_id="t1d", author="dan"))
    with pytest.raises(UnfilteredQueryError, match="write"):
        dan.commit()


def test_a_second_class_on_a_governed_table_must_say_how_it_is_governed():
    class Sneaky(Base):
        __table__ = Post.__table__

    try:
        with pytest.raises(TypeError, match="Sneaky"):
            GovernedForum(Base, content=Post)
    finally:
        Base.registry._dispose_cls(Sneaky)
        Base.registry.metadata.info.clear()


def test_the_content_class_must_be_declared():
    with pytest.raises(TypeError, match="Content"):
        GovernedForum(Base, content=Thread)
    assert isinstance(FORUM.content, Content)
