"""The middleware itself: who may be served at all, and which of the forum's answers may go out."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from enum import Enum
from typing import TYPE_CHECKING, Final

from governance.pep.wsgi.response import Checked, refuse
from governance.pep.wsgi.viewer import Free, Sidecar, Viewer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LOG: Final = logging.getLogger("governance.pep")
VIEWER: Final = "hcp_governance.viewer"
"""Where the forum finds the `Viewer` of a request."""
_CONDITIONS: Final = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE")


class Mode(Enum):
    """What the middleware does; it is asked for at every request, so that a switch works at once."""

    ENFORCE = "enforce"
    OBSERVE = "observe"
    OFF = "off"


def _nothing(_environ: object) -> bool:
    return False


class GovernedPages:
    """Wraps a forum's WSGI application."""

    def __init__(
        self,
        application: "WSGIApplication",
        sidecar: Sidecar,
        viewer_of: Callable[["WSGIEnvironment"], str | None],
        *,
        mode: Callable[[], Mode] = lambda: Mode.ENFORCE,
        exempt: Callable[["WSGIEnvironment"], bool] = _nothing,
    ) -> None:
        """Ask `sidecar` about whoever `viewer_of` says is signed in.

        `exempt` says of a request that its answer shows no member's words: style sheets, signing in and out. Nobody is
        asked about it, and it has no `Viewer`.
        """
        self._application, self._sidecar, self._viewer_of = application, sidecar, viewer_of
        self._mode, self._exempt = mode, exempt
        self._free = Free()
        self._lock = threading.Lock()
        self._counted: Counter[str] = Counter()

    @property
    def counts(self) -> dict[str, int]:
        """How many pages were refused, or would have been: `unanswered`, `unasked`; and posts: `would_hide`."""
        with self._lock:
            return {name: self._counted[name] for name in ("unanswered", "unasked", "would_hide")}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request."""
        mode = self._mode()
        account = None if mode is Mode.OFF or self._exempt(environ) else self._viewer_of(environ)
        if account is None:
            return self._application(environ, start_response)
        viewer = environ[VIEWER] = self._viewer(account)
        observing = mode is Mode.OBSERVE
        if viewer.governed and not viewer.known:
            self._count("unanswered", "the sidecar did not say whether a viewer is governed")
            if not observing:
                return refuse(environ, start_response)
        if viewer.governed:
            # THREAT: "304 Not Modified" has the browser show the page again that it kept from before a no.
            for name in _CONDITIONS:
                environ.pop(name, None)
        return self._checked(environ, start_response, viewer, observing=observing)

    def _checked(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", viewer: Viewer, *, observing: bool
    ) -> Iterable[bytes]:
        def may_go(status: str) -> bool:
            if not viewer.governed or viewer.asked:
                return True
            if not status.startswith("2"):
                # No page that was forgotten; but an error often shows the rest of the forum beside it.
                return observing
            self._count("unasked", "a page was made for a governed viewer without asking about anything on it")
            return observing

        def ended() -> None:
            if viewer.would_hide:
                with self._lock:
                    self._counted["would_hide"] += viewer.would_hide

        checked = Checked(environ, start_response, may_go, ended, may_be_kept=not viewer.governed)
        return checked.run(self._application)

    def _viewer(self, account: str) -> Viewer:
        said = self._sidecar.is_governed(account)
        if said is not None:
            self._free.heard(account, governed=said)
        known = said is not None or account in self._free
        governed = said if said is not None else not known
        return Viewer(account, self._sidecar, governed=governed, known=known)

    def _count(self, what: str, told: str) -> None:
        with self._lock:
            self._counted[what] += 1
        # Without the address: it may name a member.
        _LOG.warning("%s", told)
