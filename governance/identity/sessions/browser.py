"""Flask's session, kept in our database: the cookie holds a random id, the table its digest."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from http import HTTPStatus
from typing import Any, Final, cast

import flask
import structlog
from flask import Flask, Request, Response, g, render_template
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from governance.db.extension import reading, transaction
from governance.db.failures import cause_of
from governance.decision.vocabulary import Instant
from governance.errors import GovernanceError
from governance.identity.sessions import service as sessions
from governance.identity.sessions.service import Found, SignedIn, SignedInStaff
from governance.ui.clock import now
from governance.ui.house import house

_SESSION_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_NEVER: Final = Instant(0)
_UNREAD: Final = "unread_session"
"""What kept a request from knowing what its browser's session holds; then it is nobody's."""
_STORAGE_FAILED: Final = (SQLAlchemyError, GovernanceError)
_log = structlog.get_logger()


class BrowserSession(dict[str, Any], SessionMixin):
    """What `flask.session` is here. Its id is always ours: one that a browser brings along is never adopted."""

    def __init__(self, session_id: str = "", found: Found | None = None) -> None:
        """Take a session as it was read, or begin one that is not stored yet."""
        self.before: Mapping[str, Any] = found.state if found else {}
        super().__init__(deepcopy(dict(self.before)))
        self.session_id = session_id
        self.is_stored = found is not None
        self.is_ended = False
        self.dispensable: set[str] = set()
        self.seen = found.seen if found else _NEVER
        self.signed_in: SignedIn | None = found.signed_in if found else None
        self.staff: SignedInStaff | None = found.staff if found else None

    def note(self, name: str, value: object) -> None:
        """Keep a value that nobody misses much: if it cannot be stored, the answer stays as it is."""
        self[name] = value
        self.dispensable.add(name)

    def drop(self, name: str) -> None:
        """Forget a value; if that cannot be stored, the answer stays as it is."""
        self.pop(name, None)
        self.dispensable.add(name)

    def ensure_id(self) -> str:
        """Return the id; a session without one gets it now and is stored with the answer."""
        if not self.session_id:
            self.session_id = sessions.new_session_id()
        return self.session_id

    def become(self, session_id: str, at: Instant) -> None:
        """Go on as another session that was stored just now; nothing is taken over."""
        self.clear()
        self.before, self.session_id, self.is_stored, self.seen = {}, session_id, True, at
        self.signed_in = self.staff = None

    def renewed(self, session_id: str, at: Instant) -> None:
        """Go on as the same session under a new id, which was stored just now."""
        self.before, self.session_id, self.seen = deepcopy(dict(self)), session_id, at

    def is_kept(self, at: Instant) -> None:
        """Note that all of it is stored now."""
        self.before, self.seen = deepcopy(dict(self)), at

    def end(self) -> None:
        """Forget this session in the browser as well."""
        self.clear()
        self.is_ended, self.signed_in, self.staff = True, None, None

    def changes(self) -> tuple[dict[str, Any], frozenset[str]]:
        """Return the values that this request set, deep inside too, and the names that it removed."""
        changed = {name: value for name, value in self.items() if name not in self.before or self.before[name] != value}
        return changed, frozenset(self.before.keys() - self.keys())


class DatabaseSessions(SessionInterface):
    """Opens and saves sessions; a request without a cookie costs nothing."""

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """Return the session of a request, or an empty one."""
        session_id = request.cookies.get(self.get_cookie_name(app), "")
        if not _SESSION_ID.fullmatch(session_id) or request.path.startswith(f"{app.static_url_path}/"):
            return BrowserSession()
        try:
            with reading() as session:
                found = sessions.find(session, _secret(session_id), now())
        except Exception as error:  # noqa: BLE001 - `refuse_unread` raises it where it is answered
            # Raised here, before there is a session, it leaves pages without one: not even an error's can be made.
            setattr(g, _UNREAD, error)
            return BrowserSession()
        return BrowserSession(session_id, found) if found else BrowserSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed and hand the browser its id."""
        if not isinstance(session, BrowserSession) or _UNREAD in g:
            return
        if session.accessed:
            response.vary.add("Cookie")
        try:
            self._save(app, session, response)
        except _STORAGE_FAILED as error:
            self._go_on_without(session, response, error)

    def get_cookie_name(self, app: Flask) -> str:
        """Return the cookie's name; over https the browser itself guards host, path and channel (RFC 6265bis)."""
        return "__Host-governance" if self.get_cookie_secure(app) else "governance"

    def _save(self, app: Flask, session: BrowserSession, response: Response) -> None:
        if session.is_ended or not self._stored(session):
            self._forget_cookie(app, response)
        elif session.session_id:
            self._set_cookie(app, session.session_id, response)

    def _go_on_without(self, session: BrowserSession, response: Response, error: Exception) -> None:
        # What the view did is committed. An answer that calls it failed would be untrue, and one that goes on
        # as if the session knew of it would be as well; a note of when it was in use may be missing.
        _log.error("session_not_saved", error=cause_of(error), endpoint=flask.request.endpoint)
        changed, removed = session.changes()
        if not session.is_stored or (changed.keys() | removed) - session.dispensable:
            response.status = str(HTTPStatus.INTERNAL_SERVER_ERROR.value)
            response.headers.pop("Location", None)
            response.content_type = "text/html; charset=utf-8"
            response.set_data(render_template("identity/session_not_saved.html"))

    def _stored(self, session: BrowserSession) -> bool:
        at = now()
        changed, removed = session.changes()
        if not session.is_stored:
            if session.session_id or changed:
                with transaction() as writing:
                    sessions.start(writing, _secret(session.ensure_id()), changed, now=at)
            return True
        if changed or removed or at - session.seen >= sessions.SEEN_EVERY:
            with transaction() as writing:
                return sessions.keep(writing, _secret(session.session_id), changed, removed, now=at)
        return True

    def _set_cookie(self, app: Flask, session_id: str, response: Response) -> None:
        response.set_cookie(self.get_cookie_name(app), session_id, **self._attributes(app))

    def _forget_cookie(self, app: Flask, response: Response) -> None:
        response.delete_cookie(self.get_cookie_name(app), **self._attributes(app))

    def _attributes(self, app: Flask) -> dict[str, Any]:
        return {"path": "/", "secure": self.get_cookie_secure(app), "httponly": True, "samesite": "Lax"}


def _secret(session_id: str) -> sessions.Secret:
    return sessions.Secret(session_id, house().keyring)


def browser_session() -> BrowserSession:
    """Return the session of this request, with what `flask.session` does not show."""
    proxy = cast("LocalProxy[object]", flask.session)
    session = proxy._get_current_object()  # noqa: SLF001 - werkzeug's documented way out of a proxy
    if not isinstance(session, BrowserSession):
        raise TypeError("the app has no session interface of ours; call init_identity")
    return session


def refuse_unread() -> None:
    """Raise what kept the session from being read; nothing may be done for whom nobody knows."""
    # Whoever looks at the session itself has the answer vary by its cookie: decisions do not.
    unread = g.get(_UNREAD)
    if unread is not None:
        raise unread


@contextmanager
def transaction_forgetting(name: str) -> Iterator[Session]:
    """Give a transaction at whose end the browser's session forgets a value: both are committed, or neither."""
    browser, at = browser_session(), now()
    with transaction() as session:
        yield session
        changed, removed = browser.changes()
        changed.pop(name, None)
        is_running = sessions.keep(session, _secret(browser.session_id), changed, removed | {name}, now=at)
    browser.pop(name, None)
    if is_running:
        browser.is_kept(at)


@contextmanager
def transaction_exchanging(name: str, into: str) -> Iterator[tuple[Session, dict[str, Any]]]:
    """Give a transaction with a value for the browser's session to fill, which takes the place of another one.

    What is done, what is forgotten and what is kept instead are committed together, or none of it.
    """
    browser, at = browser_session(), now()
    made: dict[str, Any] = {}
    with transaction() as session:
        yield session, made
        changed, removed = browser.changes()
        changed.pop(name, None)
        is_running = sessions.keep(
            session, _secret(browser.session_id), {**changed, into: made}, removed | {name}, now=at
        )
    browser.pop(name, None)
    browser[into] = made
    if is_running:
        browser.is_kept(at)
