"""Whatever way a forum on Django asks its database, a viewer gets only what the service permitted."""

import pytest
from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, Subquery, Window
from django.db.models.functions import RowNumber

from governance.decision.vocabulary import Action
from governance.pep import Client
from governance.pep.django import GovernedForum, UnfilteredQueryError, ViewedPage, past_the_filter
from governance.pep.query import Quotes
from tests.pep.django.forum.governed import FORUM
from tests.pep.django.forum.models import Bookmark, LoudPost, Member, Note, Poll, Post, Quote, Thread
from tests.pep.forum_models import Refusing

QUOTING_APART = GovernedForum(Post, {Quote: Quotes("post", "quoted", apart=True)})


def viewed(client, viewer="dan", forum=FORUM):
    return ViewedPage(viewer, client, forum)


@pytest.fixture
def dan():
    with viewed(Refusing("ana")) as page:
        page.consider(Post.objects.all())
        yield page


@pytest.fixture
def as_cal():
    """Do something as a viewer whom nothing is refused."""

    def do(something):
        with viewed(Refusing(), "cal") as page:
            page.consider(Post.objects.all())
            return something()

    return do


def raw(sql, values=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


WAYS_TO_READ_POSTS = {
    "rows": lambda: list(Post.objects.all()),
    "a proxy": lambda: list(LoudPost.objects.all()),
    "columns": lambda: list(Post.objects.values_list("body")),
    "a join": lambda: list(Post.objects.filter(thread__community="t1d")),
    "an annotation": lambda: list(Post.objects.annotate(n=Count("quotes"))),
    "a filtered relation": lambda: list(Post.objects.filter(Q(thread__posts__id=F("id")))),
    "a union": lambda: list(Post.objects.filter(id__lt=3).union(Post.objects.filter(id__gt=2))),
    "a window": lambda: list(Post.objects.annotate(n=Window(RowNumber(), order_by="id"))),
    "an iterator": lambda: list(Post.objects.iterator()),
    "in bulk": lambda: list(Post.objects.in_bulk(range(9))),
    "dates": lambda: list(Post.objects.values_list("id", "created")),
    "raw rows": lambda: list(Post.objects.raw("SELECT * FROM message")),
    "raw rows with values": lambda: list(Post.objects.raw("SELECT * FROM message WHERE id < %s", [100])),
    "an extra": lambda: list(Post.objects.extra(where=["message.id < %s"], params=[100])),
    "a cursor": lambda: raw("SELECT body FROM message"),
    "a cursor that says percent": lambda: raw("SELECT body FROM Message AS m WHERE m.body LIKE '%%' OR '%s' = '%s'"),
    "a cursor with values": lambda: raw("SELECT body FROM message WHERE id < %s AND '%%' = '%%';", [100]),
    "a nested select": lambda: raw('SELECT * FROM (SELECT * FROM (SELECT * FROM "message") a) b'),
    "an expression of its own": lambda: raw("SELECT * FROM (WITH m AS (SELECT * FROM MESSAGE) SELECT * FROM m) b"),
}


@pytest.mark.parametrize("way", WAYS_TO_READ_POSTS)
@pytest.mark.usefixtures("dan")
def test_posts_quotes_of_posts_and_posts_under_hidden_titles_are_absent(way):
    assert len(WAYS_TO_READ_POSTS[way]()) == 2


@pytest.mark.parametrize("way", WAYS_TO_READ_POSTS)
@pytest.mark.usefixtures("dan")
def test_past_the_filter_everything_is_there(way):
    with past_the_filter():
        assert len(WAYS_TO_READ_POSTS[way]()) == 7


@pytest.mark.parametrize("way", WAYS_TO_READ_POSTS)
def test_all_are_shown_to_whom_nothing_is_refused(as_cal, way):
    assert len(as_cal(WAYS_TO_READ_POSTS[way])) == 7


ANAS = Post.objects.filter(thread=OuterRef("pk"), author="ana")
NUMBERS = {
    "posts": (Post.objects.count, 2, 7),
    "the last": (lambda: Post.objects.aggregate(n=Max("id"))["n"], 5, 7),
    "threads by a word": (lambda: Thread.objects.filter(posts__body="secret").count(), 0, 1),
    "threads by who wrote": (lambda: Thread.objects.filter(Exists(ANAS)).count(), 0, 2),
    "threads among": (
        lambda: Thread.objects.filter(pk__in=Post.objects.filter(author="ana").values("thread")).count(),
        0,
        2,
    ),
    "members who wrote": (lambda: Member.objects.filter(posts__isnull=False).distinct().count(), 1, 4),
    "posts of a thread": (lambda: Thread.objects.annotate(n=Count("posts")).get(pk=1).n, 2, 5),
    "posts of a thread, nested": (
        lambda: (
            Thread.objects.annotate(n=Subquery(Post.objects.values("thread").annotate(n=Count("pk")).values("n")[:1]))
            .get(pk=1)
            .n
        ),
        2,
        5,
    ),
    "bookmarks": (Bookmark.objects.count, 1, 2),
    "quotes": (Quote.objects.count, 0, 2),
    "polls": (Poll.objects.count, 1, 2),
    "questions of polls": (lambda: len(Poll.objects.values_list("question")), 1, 2),
    "whether there is one": (lambda: Post.objects.filter(body="secret").exists(), False, True),
    "a number in raw SQL": (
        lambda: raw("SELECT count(*) FROM topic t JOIN message m ON m.thread_id = t.id")[0][0],
        2,
        7,
    ),
}


@pytest.mark.parametrize("what", NUMBERS)
def test_counts_and_conditions_do_not_tell_of_hidden_posts(as_cal, what):
    ask, hidden, whole = NUMBERS[what]
    with viewed(Refusing("ana")) as page:
        page.consider(Post.objects.all())
        assert ask() == hidden
    assert as_cal(ask) == whole


@pytest.mark.usefixtures("dan")
def test_a_title_is_absent_when_its_opening_post_is():
    assert list(Thread.objects.values_list("title", flat=True)) == ["Ben asks"]


@pytest.mark.usefixtures("dan")
def test_a_stored_last_post_pointer_brings_nothing():
    (thread,) = Thread.objects.select_related("last")
    assert thread.last is None
    with pytest.raises(Post.DoesNotExist):
        Thread.objects.get(pk=1).last  # noqa: B018 - it is read from the database
    assert Thread.objects.values_list("last__body", flat=True).get(pk=1) is None


def test_a_stored_last_post_pointer_brings_the_post_to_whom_it_is_shown(as_cal):
    assert as_cal(lambda: Thread.objects.get(pk=1).last.body) == "secret"


@pytest.mark.parametrize("load", ["posts", Prefetch("posts", queryset=Post.objects.order_by("id")), None])
@pytest.mark.usefixtures("dan")
def test_posts_loaded_with_a_thread_are_filtered_however_they_are_loaded(load):
    (thread,) = Thread.objects.prefetch_related(*[load] if load else [])
    assert [post.id for post in thread.posts.all()] == [1, 5]


def test_a_hidden_post_cannot_be_fetched_by_its_key_or_read_again(dan):
    with pytest.raises(Post.DoesNotExist):
        Post.objects.get(pk=2)
    with past_the_filter():
        post = Post.objects.defer("body").get(pk=2)
    with pytest.raises(Post.DoesNotExist):
        post.refresh_from_db()
    with pytest.raises(Post.DoesNotExist):
        post.body  # noqa: B018 - it is read from the database
    assert dan.may(Action.REPLY, [1, 2]) == {1}


def test_members_are_seen_with_their_posts_or_once_permitted(dan):
    assert set(Member.objects.values_list("account", flat=True)) == {"ben", "dan"}
    assert dan.consider_people(
        Action.FIND, Member.objects.filter(account__in=["ana", "cal"]).values_list("pk", flat=True)
    ) == {"cal"}
    assert set(Member.objects.values_list("account", flat=True)) == {"ben", "cal", "dan"}


def test_members_are_asked_about_once_for_each_place_where_they_would_be_found():
    service = Refusing()
    with viewed(service) as page:
        wrote = Post.objects.filter(author="ana").values_list("author", "community").distinct()
        assert page.consider_people_in(Action.FIND, wrote) == {("ana", "t1d")}
        assert page.consider_people_in(Action.FIND, [("ben", None), (None, "t1d")]) == {("ben", None)}
    assert [[one.id for one in resources] for _, _, resources in service.asked] == [["ana"], ["ben"]]
    assert service.asked[0][2][0].as_json()["properties"]["community"] == "t1d"


def test_the_service_is_asked_with_all_words_that_a_post_holds():
    service = Refusing()
    with viewed(service) as page:
        page.consider(Post.objects.filter(pk=4))
    asked = {resource.id: resource for resource in service.asked[0][2]}
    assert sorted(asked) == ["1", "2", "3", "4"]
    assert [words.author for words in asked["4"].words] == ["dee", "ana", "cal"]
    assert asked["4"].words[1].as_json() == {
        "account": "ana",
        "community": "t1d",
        "thread": "1",
        "post": "2",
        "created": "2026-05-01T10:00:00Z",
        "edited": None,
    }


def test_what_was_not_considered_is_not_there():
    with viewed(Refusing()) as page:
        # Nobody but the viewer is there.
        assert [member.account for member in Member.objects.all()] == ["dan"]
        assert Post.objects.count() == Thread.objects.count() == Quote.objects.count() == 0
        page.consider(Post.objects.filter(pk=1))
        assert [post.id for post in Post.objects.all()] == [1]
    assert Post.objects.count() == 7


def test_a_missing_author_a_lost_quote_and_a_lost_opening_are_refused():
    Post.objects.filter(pk=5).update(author=None)
    Quote.objects.filter(pk=1).update(quoted_id=99)
    Thread.objects.filter(pk=2).update(opening=None)
    with viewed(Refusing()) as page:
        page.consider(Post.objects.all())
        assert list(Post.objects.values_list("id", flat=True)) == [1, 2]


def test_a_quote_that_stands_apart_is_left_out_and_the_answer_stays():
    with viewed(Refusing("ana"), forum=QUOTING_APART) as page:
        page.consider(Post.objects.all())
        assert list(Post.objects.order_by("id").values_list("id", flat=True)) == [1, 3, 4, 5]
        assert list(Quote.objects.values_list("post_id", "quoted_id")) == [(4, 3)]


def test_nobody_to_ask_shows_nothing():
    with viewed(Client("http://127.0.0.1:1", "forum", "secret", timeout_seconds=0.2)) as page:
        page.consider(Post.objects.all())
        assert (list(Post.objects.all()), list(Thread.objects.all())) == ([], [])


BESIDE_THE_FILTER = {
    "a schema": lambda: raw("SELECT body FROM main.message"),
    "another schema": lambda: raw("SELECT message.body FROM public.message"),
    "a schema in brackets": lambda: raw("SELECT body FROM [main].[message]"),
    "a quoted schema": lambda: raw('SELECT body FROM "main" . "message"'),
    "a schema below": lambda: raw("SELECT id FROM note WHERE EXISTS (SELECT 1 FROM main.message)"),
    "expressions first": lambda: raw("WITH m AS (SELECT * FROM message) SELECT * FROM m"),
    "a schema whose name is an alias": lambda: raw("SELECT m.body FROM main.message m, note main"),
    "another one, joined": lambda: raw("SELECT m.body FROM note public JOIN public.message m ON 1 = 1"),
    "one after a comma": lambda: raw("SELECT m.body FROM note main, main.message AS m"),
    "a schema in brackets with an alias": lambda: raw("SELECT m.body FROM (main.message) m, note main"),
    "letters by number": lambda: raw('SELECT body FROM U&"\\006dessage"'),
    "two statements": lambda: raw("SELECT 1; SELECT * FROM message"),
    "a plan": lambda: raw("EXPLAIN SELECT * FROM message"),
    "a comment first": lambda: raw("/* posts */ SELECT * FROM message"),
    "values by name": lambda: raw("SELECT * FROM message WHERE id = %(id)s", {"id": 1}),
    "a row written": lambda: Post.objects.create(body="x", created="2026-05-01T10:00:00Z", community="c"),
    "rows written": lambda: Post.objects.update(body="x"),
    "rows gone": lambda: Bookmark.objects.all().delete() and Post.objects.filter(pk=1).delete(),
    "rows written and read": lambda: raw("UPDATE message SET body = body RETURNING body"),
    "a table copied": lambda: raw("CREATE TABLE copy AS SELECT * FROM message"),
    "many": lambda: connection.cursor().executemany("INSERT INTO bookmark (post_id) VALUES (%s)", [[1]]),
}


@pytest.mark.parametrize("way", BESIDE_THE_FILTER)
@pytest.mark.usefixtures("dan")
def test_a_statement_that_the_filter_cannot_reach_is_not_run(way):
    with pytest.raises(UnfilteredQueryError):
        BESIDE_THE_FILTER[way]()


def test_what_nobody_governs_is_read_and_written(dan):
    Note.objects.create(text="another")
    assert Note.objects.filter(text="a note").count() == 1
    named_alike = 'SELECT n.message FROM (SELECT text AS message FROM note WHERE text = %s) AS "n"'
    assert raw(named_alike, ["a note"]) == [("a note",)]
    assert dan.passed == 0


def test_a_page_ends_with_its_block_also_when_that_fails():
    with pytest.raises(KeyError), viewed(Refusing()):
        raise KeyError
    assert Post.objects.count() == 7
    assert "allows_group_by_selected_pks" not in vars(connection.features)
