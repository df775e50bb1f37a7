"""The forum, put together."""

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response
from sqlalchemy import create_engine

from governance.demo.forum import feeds, letters, moderation, news, openid, pages, people, telling
from governance.demo.forum.frame import unseen_news
from governance.demo.forum.house import EXTENSION, House, house
from governance.demo.forum.provider import add_provider
from governance.demo.forum.reading import since
from governance.demo.forum.seed import seed
from governance.demo.forum.settings import ForumSettings
from governance.pep import Client

_ANSWER_SECONDS: Final = 5.0
"""Two processes on one small machine: a page had better wait than be empty."""


def create_forum(settings: ForumSettings) -> Flask:
    """Return the forum with its tables made and filled; `settings.directory` must exist."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.cookie_secret,
        # A site elsewhere that makes its own name point here must not find a forum where one click signs in.
        TRUSTED_HOSTS=["127.0.0.1", "localhost"],
        MAX_CONTENT_LENGTH=64 * 1024,
        # Cookies do not tell ports apart: the service on this host has a session of its own.
        SESSION_COOKIE_NAME="forum_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    engine = create_engine(f"sqlite:///{settings.directory / 'forum.db'}")
    seed(engine, datetime.now(UTC))
    client = Client(settings.service_url, settings.kit_client_id, settings.kit_client_secret, _ANSWER_SECONDS)
    app.extensions[EXTENSION] = House(settings, engine, client)
    app.extensions[openid.KEY] = openid.signing_key(settings.directory / "forum.key.json")
    add_provider(app, settings, app.extensions[openid.KEY])
    for room in (pages, news, letters, moderation, feeds, people, telling, openid):
        app.register_blueprint(room.blueprint)
    app.add_url_rule("/healthz", view_func=lambda: {"status": "ok"})
    app.register_error_handler(404, lambda _error: (house().page("absent.html"), 404))
    app.after_request(_protect)
    app.context_processor(_shown_everywhere)
    return app


def _shown_everywhere() -> dict[str, Any]:
    who = people.signed_in()
    return {
        "viewer": None if who is None else who.member,
        "form_token": people.form_token,
        "looks_after_posts": moderation.looks_after_posts,
        "unseen_news": unseen_news,
        "feed_address": feeds.feed_address,
        "since": lambda created: since(created, datetime.now(UTC)),
    }


def _protect(response: Response) -> Response:
    redirect_uri = urlsplit(house().settings.oidc_redirect_uri)
    response.headers.update(
        {
            # The consent form ends at the service: browsers hold a redirect after a form to the same list.
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
            f"frame-ancestors 'none'; form-action 'self' {redirect_uri.scheme}://{redirect_uri.netloc}",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
    )
    response.headers.setdefault("Cache-Control", "no-store")
    return response
