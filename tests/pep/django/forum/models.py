"""A forum's own models, as a stranger might have written them: stored pointers, a proxy, a child, a list of likes."""

# ruff: noqa: DJ008 - nobody prints them
from datetime import UTC

from django.db import models

from governance.pep.query import Content, HangsOn, Person, Quotes, Titled


class Member(models.Model):
    __governed__ = Person(account="account")
    account = models.CharField(primary_key=True, max_length=20)

    class Meta:
        db_table = "member"


class Thread(models.Model):
    __governed__ = Titled(opening="opening")
    title = models.CharField(max_length=50)
    community = models.CharField(max_length=20)
    opening = models.ForeignKey("Post", models.SET_NULL, null=True, related_name="+")
    last = models.ForeignKey("Post", models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "topic"


class Post(models.Model):
    __governed__ = Content(
        author="author", community="community", thread="thread", created="created", edited="edited", zone=UTC
    )
    thread = models.ForeignKey(Thread, models.CASCADE, null=True, related_name="posts")
    community = models.CharField(max_length=20)
    author = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="posts")
    body = models.TextField()
    created = models.DateTimeField()
    edited = models.DateTimeField(null=True)

    class Meta:
        db_table = "message"


class LoudPost(Post):
    class Meta:
        proxy = True


class Poll(Post):
    question = models.CharField(max_length=50)

    class Meta:
        db_table = "poll"


class Quote(models.Model):
    __governed__ = Quotes(quoting="post", quoted="quoted")
    post = models.ForeignKey(Post, models.CASCADE, related_name="quotes", db_constraint=False)
    quoted = models.ForeignKey(Post, models.CASCADE, related_name="quoted_in", db_constraint=False)

    class Meta:
        db_table = "quote"


class Bookmark(models.Model):
    __governed__ = HangsOn(post="post")
    post = models.ForeignKey(Post, models.CASCADE, related_name="bookmarks")

    class Meta:
        db_table = "bookmark"


class Note(models.Model):
    """What nobody governs."""

    text = models.CharField(max_length=50)

    class Meta:
        db_table = "note"
