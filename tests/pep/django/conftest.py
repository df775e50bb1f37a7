"""Django as a forum sets it up, on a real SQLite database for each test."""

from contextlib import contextmanager
from datetime import UTC, datetime

import django
import pytest
from django.conf import settings
from sqlalchemy import make_url

settings.configure(
    INSTALLED_APPS=["tests.pep.django.forum"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ""}},
    USE_TZ=True,
    SECRET_KEY="a secret for tests",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="tests.pep.django.forum.urls",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    MIDDLEWARE=["tests.pep.django.forum.governed.middleware"],
)
django.setup()

from django.apps import apps  # noqa: E402 - there are no models before
from django.db import connection, connections, transaction  # noqa: E402

from tests.pep.django.forum.models import Bookmark, Member, Note, Poll, Post, Quote, Thread  # noqa: E402
from tests.pep.forum_models import SAID  # noqa: E402

CREATED = datetime(2026, 5, 1, 10, tzinfo=UTC)


def fill():
    """Thread 1 is Ben's, with Ana (2), Cal who quotes her (3) and Dee who quotes Cal (4); thread 2 is Ana's."""
    Member.objects.bulk_create(Member(account=account) for account in ("ana", "ben", "cal", "dee", "dan"))
    said = {"community": "t1d", "created": CREATED}
    Post.objects.bulk_create(Post(id=key, author_id=author, body=body, **said) for key, author, body in SAID)
    Thread.objects.create(id=1, title="Ben asks", community="t1d", opening_id=1, last_id=2)
    Thread.objects.create(id=2, title="Ana asks", community="t1d", opening_id=6, last_id=7)
    Post.objects.filter(id__lt=6).update(thread=1)
    Post.objects.filter(id__gte=6).update(thread=2)
    Quote.objects.bulk_create([Quote(id=1, post_id=3, quoted_id=2), Quote(id=2, post_id=4, quoted_id=3)])
    Bookmark.objects.bulk_create([Bookmark(post_id=2), Bookmark(post_id=5)])
    # A poll is a post with a row of its own.
    for key in (2, 5):
        Poll(post_ptr_id=key, question=f"poll {key}").save_base(raw=True)
    Note.objects.create(text="a note")


@contextmanager
def connected(engine, **more):
    """Let the forum's one database be this one, with its tables, for a while."""
    connections.settings["default"].update(ENGINE=f"django.db.backends.{engine}", **more)
    del connections["default"]
    try:
        with connection.schema_editor() as editor:
            for model in apps.get_app_config("forum").get_models():
                if not model._meta.proxy:
                    editor.create_model(model)
        yield
    finally:
        connection.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def tables(request, tmp_path_factory):
    if request.param == "sqlite":
        with connected("sqlite3", NAME=str(tmp_path_factory.mktemp("forum") / "forum.db")):
            yield
        return
    with request.getfixturevalue("postgres").lend(tables=False) as address:
        url = make_url(address)
        socket = url.query.get("host", url.host)
        named = {"NAME": url.database, "USER": url.username, "PASSWORD": url.password, "HOST": socket, "PORT": url.port}
        with connected("postgresql", **{name: value or "" for name, value in named.items()}):
            yield


@pytest.fixture(autouse=True)
def database(tables):  # noqa: ARG001 - it is filled
    """The forum as it was, for every test."""
    with transaction.atomic():
        fill()
        yield
        transaction.set_rollback(True)
