"""A request of a member is a page to its last part; a model that would slip through stops the forum's start."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import models
from django.test import Client as Browser

from governance.pep.django import GovernedForum, ViewedPage
from governance.pep.local import SidecarClient
from governance.pep.query import Content, Titled
from tests.pep.django.forum.governed import FORUM
from tests.pep.django.forum.models import Member, Note, Poll, Post, Thread
from tests.pep.replica.conftest import here, service  # noqa: F401 - a real service, for this file too
from tests.pep.sidecar.running import TOKEN, sidecar_on_socket


def get(page, viewer=None):
    answer = Browser().get(f"/{page}/", {"viewer": viewer} if viewer else {})
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.parametrize("page", ["considered", "streamed", "late"])
def test_a_request_is_a_page_to_its_last_part(page):
    assert "secret" in get(page)
    shown = get(page, "dan")
    assert "thanks" in shown
    assert "secret" not in shown


def test_a_request_that_forgot_to_ask_is_empty_and_one_that_writes_says_so():
    assert get("forgotten", "dan") == ""
    assert "secret" in get("forgotten")
    assert get("writes", "dan") == "done"
    assert Post.objects.get(pk=1).body == "written"


def test_a_page_goes_by_what_a_real_sidecar_says_and_is_empty_without_it(here):  # noqa: F811
    replica, _ = here.replica()
    replica.follower.step()
    Member.objects.bulk_create([Member(account="bea"), Member(account="nurse")])
    written = {"community": "c", "created": datetime(2026, 5, 1, 10, tzinfo=UTC)}
    for key, author in ((21, "ana"), (22, "bea"), (23, "nurse")):
        thread = Thread.objects.create(id=key, opening_id=key)
        Post.objects.create(id=key, author_id=author, body=author, thread=thread, **written)
    with tempfile.TemporaryDirectory() as folder:
        client = SidecarClient(f"{folder}/socket", TOKEN)
        for viewer, shown in (("nurse", {21, 23}), ("doctor", set()), ("pia", {21, 22, 23})):
            with sidecar_on_socket(replica, Path(folder) / "socket"), ViewedPage(viewer, client, FORUM) as page:
                page.consider(Post.objects.filter(id__gt=20))
                assert set(Post.objects.values_list("id", flat=True)) == shown
                assert Thread.objects.count() == len(shown)
            with ViewedPage(viewer, client, FORUM) as page:
                page.consider(Post.objects.filter(id__gt=20))
                assert Post.objects.count() == 0


def test_a_model_on_a_governed_table_must_say_how_it_is_governed():
    with pytest.raises(TypeError, match="Content"):
        GovernedForum(content=Thread)
    with pytest.raises(TypeError, match="no column of its own table"):
        GovernedForum(Post, {Poll: Titled("thread")})
    with pytest.raises(TypeError, match="inherits"):
        GovernedForum(Post, {Note: Content("text")})


def test_a_second_model_on_a_governed_table_must_be_declared():
    class Sneaky(models.Model):  # noqa: DJ008 - nobody prints it
        class Meta:
            app_label = "forum"
            db_table = "message"
            managed = False

    try:
        with pytest.raises(TypeError, match="Sneaky"):
            GovernedForum(content=Post)
    finally:
        del Sneaky._meta.apps.all_models["forum"]["sneaky"]
        Sneaky._meta.apps.clear_cache()
