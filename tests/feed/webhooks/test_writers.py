"""A writer and the worker at one time, on both databases: no change falls between two hints."""

import json
from threading import Thread

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from governance.db.extension import db
from governance.effective.models import find_revision
from governance.effective.service import Register
from governance.feed.webhooks.delivering import take
from governance.feed.webhooks.models import WebhookPace
from governance.ledger.hints import Hint
from tests.conftest import session_of
from tests.feed.webhooks.conftest import Post

A_MOMENT = 0.3


@pytest.fixture
def post(app, keyring, both):
    """On both databases."""
    assert both
    yield Post(app, keyring)
    with app.app_context():
        db.engine.dispose()


def change(session, post, platform_id, name):
    """Something that a decision on this forum can feel; written, and not yet committed."""
    values = {"history": [(1, "peer_only", "mixed")]}
    Register(session, post.keyring, post.now).put("community", f"{platform_id}/{name}", "pdp", values)


def told_while_somebody_writes(app, post, platform_id, webhook):
    """Let a hint be filled while a change is written and not committed; return the last that is told, and what is true.

    On PostgreSQL by an engine that waits for no writer's turn (ADR 5): what keeps the two apart is the lock on the row.
    """
    with session_of(app) as session:
        change(session, post, platform_id, "one")
        session.commit()
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    writing = sessionmaker(engine).begin if engine.dialect.name == "postgresql" else post.writing

    def fill():
        with writing() as session:
            take(session, post.postman, webhook, post.row().id)

    worker = Thread(target=fill)
    with session_of(app) as session:
        change(session, post, platform_id, "two")
        worker.start()
        worker.join(A_MOMENT)
        session.commit()
    worker.join()
    engine.dispose()
    post.works()
    with post.looking() as session:
        newest = find_revision(session, platform_id)
    return max(json.loads(event.data)["revision"] for event in post.events()), newest


def test_a_change_that_is_not_committed_when_a_hint_is_filled_is_told_all_the_same(app, post, platform_id, door):
    webhook = post.sets_up(platform_id, door.url, {Hint.CHANGES})
    told, newest = told_while_somebody_writes(app, post, platform_id, webhook)
    assert told == newest > 1


@pytest.fixture
def unlocked(both, monkeypatch):
    """A row that nobody locks."""
    if both == "sqlite":
        pytest.skip("SQLite lets one write at a time, whatever the program locks")

    def plain(cls, session, webhook_id):
        return session.scalars(select(cls).where(cls.webhook_id == webhook_id)).one_or_none()

    monkeypatch.setattr(WebhookPace, "locked", classmethod(plain))


@pytest.mark.usefixtures("unlocked")
def test_control_without_the_lock_that_change_would_be_told_to_nobody(app, post, platform_id, door):
    webhook = post.sets_up(platform_id, door.url, {Hint.CHANGES})
    told, newest = told_while_somebody_writes(app, post, platform_id, webhook)
    assert told < newest
