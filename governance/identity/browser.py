"""Flask's session, kept in our database: the cookie holds a random id, the table its digest."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final, cast

import flask
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.local import LocalProxy

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.identity import sessions
from governance.identity.sessions import Found, SignedIn
from governance.ui.clock import now

_SESSION_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_NEVER: Final = Instant(0)


class BrowserSession(dict[str, Any], SessionMixin):
    """What `flask.session` is here. Its id is always ours: one that a browser brings along is never adopted."""

    def __init__(self, session_id: str = "", found: Found | None = None) -> None:
        """Take a session as it was read, or begin one that is not stored yet."""
        self.before: Mapping[str, Any] = found.state if found else {}
        super().__init__(deepcopy(dict(self.before)))
        self.session_id = session_id
        self.is_stored = found is not None
        self.is_ended = False
        self.seen = found.seen if found else _NEVER
        self.signed_in: SignedIn | None = found.signed_in if found else None

    def ensure_id(self) -> str:
        """Return the id; a session without one gets it now and is stored with the answer."""
        if not self.session_id:
            self.session_id = sessions.new_session_id()
        return self.session_id

    def become(self, session_id: str, at: Instant) -> None:
        """Go on as another session that was stored just now; nothing is taken over."""
        self.clear()
        self.before, self.session_id, self.is_stored, self.seen = {}, session_id, True, at
        self.signed_in = None

    def end(self) -> None:
        """Forget this session in the browser as well."""
        self.clear()
        self.is_ended, self.signed_in = True, None

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
        with reading() as session:
            found = sessions.find(session, session_id, now())
        return BrowserSession(session_id, found) if found else BrowserSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed and hand the browser its id."""
        if not isinstance(session, BrowserSession):
            return
        if session.accessed:
            response.vary.add("Cookie")
        if session.is_ended or not self._stored(session):
            self._forget_cookie(app, response)
        elif session.session_id:
            self._set_cookie(app, session.session_id, response)

    def get_cookie_name(self, app: Flask) -> str:
        """Return the cookie's name; over https the browser itself guards host, path and channel (RFC 6265bis)."""
        return "__Host-governance" if self.get_cookie_secure(app) else "governance"

    def _stored(self, session: BrowserSession) -> bool:
        at = now()
        changed, removed = session.changes()
        if not session.is_stored:
            if session.session_id or changed:
                with transaction() as writing:
                    sessions.start(writing, session.ensure_id(), changed, now=at)
            return True
        if changed or removed or at - session.seen >= sessions.SEEN_EVERY:
            with transaction() as writing:
                return sessions.keep(writing, session.session_id, changed, removed, now=at)
        return True

    def _set_cookie(self, app: Flask, session_id: str, response: Response) -> None:
        response.set_cookie(self.get_cookie_name(app), session_id, **self._attributes(app))

    def _forget_cookie(self, app: Flask, response: Response) -> None:
        response.delete_cookie(self.get_cookie_name(app), **self._attributes(app))

    def _attributes(self, app: Flask) -> dict[str, Any]:
        return {"path": "/", "secure": self.get_cookie_secure(app), "httponly": True, "samesite": "Lax"}


def browser_session() -> BrowserSession:
    """Return the session of this request, with what `flask.session` does not show."""
    proxy = cast("LocalProxy[object]", flask.session)
    session = proxy._get_current_object()  # noqa: SLF001 - werkzeug's documented way out of a proxy
    if not isinstance(session, BrowserSession):
        raise TypeError("the app has no session interface of ours; call init_identity")
    return session
