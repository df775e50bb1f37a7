"""Fill an empty forum with its people and their talk."""

import secrets
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from governance.demo.forum.models import (
    Appointment,
    Base,
    Community,
    Member,
    Notification,
    Post,
    Quote,
    Thread,
    new_post_id,
)


def talk() -> dict[str, Any]:
    """Return the demo's people, communities and threads as they were written down."""
    return tomllib.loads(files("governance.demo.forum").joinpath("talk.toml").read_text(encoding="utf-8"))


def seed(engine: Engine, now: datetime) -> None:
    """Make the tables and fill them, unless somebody is a member already; `now` knows its zone."""
    Base.metadata.create_all(engine)
    written = talk()
    with Session(engine) as session, session.begin():
        if session.query(Member).first() is not None:
            return
        session.add_all(_member(said) for said in written["member"])
        for place, said in enumerate(written["community"]):
            _add_community(session, said, place)
        for said in written["thread"]:
            _add_thread(session, said, now)


def _member(said: Mapping[str, Any]) -> Member:
    return Member(**{"badge": None, "duty": None, **said}, sub=secrets.token_urlsafe(16))


def _add_community(session: Session, said: Mapping[str, Any], place: int) -> None:
    told = {name: value for name, value in said.items() if name != "moderators"}
    session.add(Community(**told, place=place))
    session.add_all(Appointment(community_id=said["id"], account=account) for account in said["moderators"])


def _add_thread(session: Session, said: Mapping[str, Any], now: datetime) -> None:
    place = {"community_id": said["community"]}
    # The names in the file are for its readers.
    ids = {post["id"]: new_post_id() for post in said["post"]}
    session.add(Thread(id=said["id"], title=said["title"], opening_id=ids[said["post"][0]["id"]], **place))
    here: list[str] = []
    for post in said["post"]:
        # Stored in UTC and without a zone, as SQLite would give it back anyway.
        created = (now - timedelta(hours=post["hours_ago"])).astimezone(UTC).replace(tzinfo=None)
        session.add(
            Post(
                id=ids[post["id"]],
                thread_id=said["id"],
                author_account=post["author"],
                body=post["text"].strip(),
                created=created,
                **place,
            )
        )
        session.add_all(Quote(post_id=ids[post["id"]], quoted_id=ids[quoted]) for quoted in post.get("quotes", ()))
        session.add_all(
            Notification(account=account, post_id=ids[post["id"]])
            for account in dict.fromkeys(here)
            if account != post["author"]
        )
        here.append(post["author"])
