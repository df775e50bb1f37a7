"""A request of a member is a page to its last part; a model that would slip through stops the forum's start."""

import pytest
from django.db import models
from django.test import Client as Browser

from governance.pep.django import GovernedForum
from governance.pep.query import Content, Titled
from tests.pep.django.forum.models import Note, Poll, Post, Thread


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
